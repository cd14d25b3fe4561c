"""`searchText`: what people type, as a condition of Email/query (https://pirab.go.th/jmap/search)."""

from __future__ import annotations

from email.message import EmailMessage
from email.policy import SMTP
from typing import Any

import pytest

from tests.compliance.jmap.email.session import JmapSession
from tests.conftest import letter

SEARCH = "https://pirab.go.th/jmap/search"


@pytest.fixture
def searching(jmap: JmapSession) -> JmapSession:
    jmap.using.append(SEARCH)
    return jmap


def found(session: JmapSession, text: str, **condition: Any) -> list[str]:
    ids: list[str] = session.call("Email/query", filter={"searchText": text, **condition})["ids"]
    return ids


def with_file(name: str) -> bytes:
    message = EmailMessage(policy=SMTP)
    message["From"], message["To"], message["Subject"] = "ก <a@example.test>", "b@example.test", "ส่งเอกสาร"
    message.set_content("ตามแนบ")
    message.add_attachment(b"x" * 3_000, "application", "octet-stream", filename=name)
    return message.as_bytes()


def test_operators_choose(searching: JmapSession) -> None:
    july = "2026-07-01T05:00:00Z"
    budget = searching.import_(
        letter("งบประมาณ ๒๕๖๙", "รายละเอียด", sender="สมชาย ใจดี <somchai@moi.go.test>"), receivedAt=july
    )["id"]
    sheet = searching.import_(with_file("แผนงาน.xlsx"), keywords={"$seen": True, "$flagged": True})["id"]
    gone = searching.import_(letter("งบประมาณเก่า"), "trash")["id"]
    expected = {
        "งบประมาณ": [budget],
        "in:ถังขยะ งบประมาณ": [gone],
        "จาก:สมชาย": [budget],
        "จาก:moi.go.test": [budget],
        "from:(สมหญิง OR สมชาย)": [budget],
        "เรื่อง:2569": [budget],
        "มีไฟล์แนบ": [sheet],
        "filename:แผนงาน": [sheet],
        "ยังไม่อ่าน": [budget],
        "is:read": [sheet],
        "ติดดาว": [sheet],
        "-ติดดาว": [budget],
        "วันที่:๑ ก.ค. ๖๙": [budget],
        "before:2/7/2569": [budget],
        "หลัง:2/7/2569": [sheet],
        "larger:2k": [sheet],
        "label:ไม่มีป้ายนี้": [],
        "in:ไม่มีแฟ้มนี้": [],
        "ใน:inbox -เอกสาร": [budget],
    }
    assert {text: found(searching, text) for text in expected} == expected
    assert set(found(searching, "in:anywhere งบประมาณ")) == {budget, gone}
    assert found(searching, "งบประมาณ", hasKeyword="$seen") == []


def test_a_mailbox_is_found_by_name_and_path(searching: JmapSession) -> None:
    made = searching.call(
        "Mailbox/set",
        create={"a": {"name": "งาน สำคัญ"}, "b": {"name": "ด่วน", "parentId": "#a"}},
    )["created"]
    letter_id = searching.import_(letter("ก"), mailboxIds={made["b"]["id"]: True})["id"]
    assert found(searching, 'in:"งาน สำคัญ/ด่วน"') == [letter_id]
    assert found(searching, "label:ด่วน") == [letter_id]
    assert found(searching, 'in:"งาน สำคัญ"') == []


def test_results_that_the_clock_moves_can_not_be_compared(searching: JmapSession) -> None:
    for text, comparable in [
        ("งบ", True),
        ("in:trash before:1/7/2569", True),
        ("newer_than:7d", False),
        ("in:ก", False),
    ]:
        condition = {"operator": "AND", "conditions": [{"searchText": text}, {"hasKeyword": "$seen"}]}
        page = searching.call("Email/query", filter=condition)
        assert page["canCalculateChanges"] is comparable, text
        name, _ = searching.respond(
            "Email/queryChanges", filter=condition, sinceQueryState=page["queryState"]
        )
        assert name == ("Email/queryChanges" if comparable else "error"), text


@pytest.mark.parametrize(
    "text", ["(" * 9_999, '"' * 10_000, "-a " * 3_333, "a OR " * 2_000, "%s' \\ & | ! :*", "\0"]
)
def test_hostile_texts_find_nothing_or_something(searching: JmapSession, text: str) -> None:
    searching.import_(letter("งบ"))
    assert isinstance(found(searching, text), list)


def test_wrong_types_and_absent_capability(searching: JmapSession) -> None:
    assert searching.error("Email/query", filter={"searchText": 1})["type"] == "invalidArguments"
    too_long = {"searchText": "ก" * 10_001}
    assert searching.error("Email/query", filter=too_long)["type"] == "unsupportedFilter"
    searching.using.remove(SEARCH)
    assert searching.error("Email/query", filter={"searchText": "ก"})["type"] == "unsupportedFilter"


def test_explains(searching: JmapSession, stranger_jmap: JmapSession) -> None:
    told = searching.call("SearchText/explain", text="จาก:สมชาย -ด่วน in:ไม่มี in:ถังขยะ before:x")["pieces"]
    assert [(piece["kind"], piece["status"], piece["negated"]) for piece in told] == [
        ("จาก", "understood", False),
        ("text", "understood", True),
        ("in", "notFound", False),
        ("in", "understood", False),
        ("before", "unknown", False),
    ]
    assert told[0]["explanationTh"] == "ผู้ส่ง: สมชาย"
    stranger_jmap.using.append(SEARCH)
    stranger_jmap.account = searching.account
    assert stranger_jmap.error("SearchText/explain", text="ก")["type"] == "accountNotFound"
    assert stranger_jmap.error("Email/query", filter={"searchText": "ก"})["type"] == "accountNotFound"


def test_snippets_mark_what_was_typed(searching: JmapSession) -> None:
    email_id = searching.import_(letter("งบประมาณ ๒๕๖๙", "แผนการใช้จ่าย"))["id"]
    [snippet] = searching.call(
        "SearchSnippet/get", filter={"searchText": "เรื่อง:2569 ใช้จ่าย"}, emailIds=[email_id]
    )["list"]
    assert snippet["subject"] == "งบประมาณ <mark>๒๕๖๙</mark>"
    assert "<mark>ใช้จ่าย</mark>" in snippet["preview"]
