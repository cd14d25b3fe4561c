"""The table of Thai searches: what each must find, and nothing else."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from pirab.core import db
from pirab.store import actions, queries
from pirab.store.search_text import search_filter
from pirab.store.tokens import TOKENIZER_VERSION
from pirab.store.types import Delivery, EmailQuery
from tests.conftest import Member
from tests.integration.search.thai_letters import ATTACHED, LETTERS

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)

COMPOUNDS = {
    "กระทรวงมหาดไทย": "interior spaced word_order?",
    "กรรมการ": "interior spaced",
    "คณะกรรมการ": "interior spaced",
    "ตรวจรับพัสดุ": "interior",
    "พัสดุ": "interior as_latin",
    "คณะรัฐมนตรี": "circular5",
    "มติคณะรัฐมนตรี": "circular5",
    "รัฐมนตรี": "circular5 foreign pdf",
    "ความปลอดภัย": "circular51",
    "งบประมาณรายจ่าย": "money",
    "ศูนย์ราชการ": "doctor",
    "สื่ออิเล็กทรอนิกส์": "hidden",
    "สาม": "",
    "กม": "",
    "เกม": "ability",
    "โรงเรียน": "",
    "ซวอนซวิลลา": "foreign",
    "เอกอัครราชทูต": "foreign",
}
DIGITS = {
    "นร ๐๕๐๖/ว ๕": "circular5 circular51",  # the last number may be unfinished
    "นร 0506/ว 5 มติ": "circular5",
    "นร0506/ว5 มติ": "circular5",
    "ที่ นร 0506 / ว ๕ เรื่อง": "circular5",
    '"นร 0506/ว 5"': "circular5",
    "ว 51": "circular51",
    "0506/ว51": "circular51",
    "0211.3/1234": "number",
    "มท ๐๒๑๑.๓/๑๒๓๔": "number",
    "กค 0405.2/ว119": "number",
    "2569": "circular5",
    "๒๕๖๙": "circular5",
    "1 มกราคม 2569": "circular5",
    "1234567.50": "money",
    "1,234,567": "money",
    "๑๒๓๔๕๖๗": "money",
}
NAMES = {
    "สมชาย": "somchai somsri?",
    "สมชาย ใจดี": "somchai",
    "นายสมชาย ใจดี": "somchai",
    "จาก:สมชาย": "somchai",
    "from:somchai": "somchai",
    "from:somchai.j@dol.go.test": "somchai",
    "จาก:rid.go.test": "somsri",
    "นางสาวสมศรี": "somsri",
    "สมศรีรักไทย": "somsri",
    "ถึง:วิชัย": "doctor",
    "ดร.วิชัย": "doctor",
    "พงษ์พานิช": "doctor",
    "ถึง:ประเสริฐ": "copier",
    "cc:ประเสริฐ": "copied",
    "สำเนา:ps@mof.go.test": "copier",
    "to:ps@mof.go.test": "copied",
    "bcc:ประเสริฐ": "",
}
SPACING = {
    "กระทรวง มหาดไทย": "interior spaced word_order",
    "กระทร วงมหาดไทย": "interior spaced word_order?",
    "คณะ กรรมการ": "interior spaced",
    "โรงพยาบาล": "spaced",
    "ประชุมทางไกล": "hidden",
    "ประ\u200bชุมทางไกล": "hidden",
    "น้ำ": "water",
    "นํ้า": "water",
    "แม่น้ำ": "water",
    "เเม่นำ้": "water",
    "ที่จังหวัด": "water",
    "จังหวััดชัยนาท": "water",
    '"กระทรวงมหาดไทย"': "interior",
    '"ปลัดกระทรวง มหาดไทย"': "spaced",
    '"มหาดไทยไม่ใช่กระทรวง"': "word_order",
    '"แต่งตั้งคณะกรรมการ"': "interior",
}
ENGLISH = {
    "MOU": "english",
    "undp": "english",
    "memorandum of under": "english",
    '"memorandum of"': "english",
    '"of memorandum"': "",
    "ฉบับที่2": "english",
    "ฉบับที่ ๒": "english",
    "vpn": "system",
    "ระบบ e-saraban": "system",
    "saraban.go.test/login": "system",
}
PREFIX = {
    "กระทรวงมหา": "interior spaced? word_order?",
    "ประชุมคณะกรร": "spaced",
    "อิเล็กทร": "system hidden",
    "เครื่องราชอิส": "iso11",
    "budg": "plan",
    "0506/ว7": "sheet",
}
FILES = {
    "แผนปฏิบัติราชการ": "plan report",
    "filename:แผนปฏิบัติราชการ": "plan",
    "ไฟล์:แผนปฏิบัติราชการ2570": "plan",
    "filename:budget": "plan",
    "ชื่อไฟล์:xlsx": "plan sheet",
    'filename:"รายงานการประชุม ครั้งที่ ๓"': "report",
    "มีไฟล์แนบ แผน": "plan report",
    "filename:ประชุม -แผน": "",
}
LEGACY = {
    "สหกรณ์ออมทรัพย์": "tis620",
    "เฉลี่ยคืน": "tis620",
    "ค่าเช่าบ้าน": "cp874",
    "หลักเกณฑ์": "cp874",
    "อิสริยาภรณ์": "iso11",
    "ช้างเผือก": "iso11",
    "ครุภัณฑ์คอมพิวเตอร์": "as_latin",
    "เรื่อง:ชำรุด": "as_latin",
    "ศาลปกครอง": "as_utf8",
    "ธนาคารออมสิน": "undeclared",
    "เรื่อง:บัญชีธนาคาร": "undeclared",
}
INSIDE = {
    "งานสารบรรณ": "pdf",
    "หนังสือภายนอก": "pdf",
    '"พ.ศ. 2526"': "pdf",
    "ธรรมาภิบาลข้อมูล": "slides",
    "digital transformation": "slides",
    "เก้าอี้": "sheet",
    "นร 0506/ว 77": "sheet",
    "body:ยุทธศาสตร์ชาติ -โครงการ": "slides",
}
TABLE = {**COMPOUNDS, **DIGITS, **NAMES, **SPACING, **ENGLISH, **PREFIX, **FILES, **LEGACY, **INSIDE}
"""Search text: names of the letters it finds. A name with ? may be found and counts as a false hit."""


@pytest.fixture
def filled(member: Member) -> tuple[int, dict[int, str]]:
    """An account with all letters, and their names by id."""
    names: dict[int, str] = {}
    for name, raw in LETTERS.items():
        message = actions.ensure_message(raw)
        [outcome] = actions.deliver(message, [Delivery(member.account_id, NOW)])
        assert outcome.email_id is not None
        names[outcome.email_id] = name
        if name in ATTACHED:
            actions.set_attachment_text(message.id, ATTACHED[name], "read")
    return member.account_id, names


def test_the_table(filled: tuple[int, dict[int, str]], capsys: pytest.CaptureFixture[str]) -> None:
    account, names = filled
    missed: list[str] = []
    wrong: list[str] = []
    tolerated = hits = 0
    for text, expected in TABLE.items():
        wanted = {name for name in expected.split() if not name.endswith("?")}
        allowed = {name.rstrip("?") for name in expected.split()}
        page = queries.query_emails(account, EmailQuery(search_filter(account, text, NOW), limit=100))
        found = {names[email_id] for email_id in page.ids}
        hits += len(found & wanted)
        tolerated += len(found & (allowed - wanted))
        missed += [f"{text} → {name}" for name in sorted(wanted - found)]
        wrong += [f"{text} → {name}" for name in sorted(found - allowed)]
    with capsys.disabled():
        true = hits + len(missed)
        print(f"\n{len(TABLE)} searches: {hits} of {true} true hits, {tolerated + len(wrong)} false hits")
    assert len(TABLE) >= 60
    assert missed == []
    assert wrong == []


def test_indexes_find_what_the_tokenizer_before_this_one_read(member: Member) -> None:
    """A new `TOKENIZER_VERSION` needs a migration that makes both indexes anew."""
    found = db.rows(
        "select indexdef from pg_indexes where indexname in ('store_email_search_old', 'store_message_search_old')"
    )
    assert len(found) == 2
    assert all(line.endswith(f"WHERE (version < {TOKENIZER_VERSION})") for (line,) in found)


def test_letters_read_by_an_older_tokenizer_are_read_again(filled: tuple[int, dict[int, str]]) -> None:
    account, names = filled
    db.execute(
        "update store_email_search set version = 1, tokens = ''::tsvector where account_id = %s", (account,)
    )
    query = EmailQuery(search_filter(account, "cc:ประเสริฐ OR เก้าอี้", NOW), limit=10)
    assert queries.query_emails(account, query).ids == []
    assert actions.renew_words(20) == 20
    assert actions.renew_words(100) == len(names) - 20
    assert actions.renew_words(100) == 0
    assert {names[email_id] for email_id in queries.query_emails(account, query).ids} == {"copied", "sheet"}
