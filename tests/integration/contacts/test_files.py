"""Contacts in and out: vCard and CSV, good and hostile."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
import vobject
from django.test import Client

from pirab.contacts import books, cards, importing, queries
from pirab.contacts.errors import FileUnreadable, TooManyRows
from pirab.contacts.types import CardDraft
from pirab.core.ids import IdKind, encode_id
from tests.conftest import Member

OUTLOOK = "First Name,Last Name,Company,E-mail Address,Mobile Phone,Notes\r\n"
THAI = "คำนำหน้า,ชื่อ,นามสกุล,ตำแหน่ง,หน่วยงาน,อีเมล,โทรศัพท์\r\n"


class Files:
    """The files of one account over HTTP."""

    def __init__(self, member: Member) -> None:
        self.path = f"/api/v1/accounts/{encode_id(IdKind.ACCOUNT, member.account_id)}"
        self.headers = {"Authorization": f"Bearer {member.token}"}
        self.client = Client()

    def bring(self, octets: bytes, status: int = 201) -> dict[str, Any]:
        answer = self.client.post(
            f"{self.path}/contact-imports?name=x.csv", octets, content_type="text/csv", headers=self.headers
        )
        assert answer.status_code == status, answer.content
        found: dict[str, Any] = answer.json()
        return found

    def take(self, name: str) -> bytes:
        answer = self.client.get(f"{self.path}/{name}", headers=self.headers)
        assert answer.status_code == 200
        assert answer["X-Content-Type-Options"] == "nosniff"
        return answer.content


@pytest.fixture
def files(member: Member) -> Files:
    return Files(member)


def kept(member: Member) -> list[dict[str, Any]]:
    return [
        row.content for row in queries.cards(member.account_id, queries.matching(member.account_id, None, []))
    ]


@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "tis-620", "utf-16"])
def test_a_thai_table_in_any_charset(files: Files, member: Member, charset: str) -> None:
    text = THAI + "นาย,สมชาย,ใจดี,ผู้อำนวยการ,กองคลัง,somchai@nowhere.example,02 222 2222\r\n"
    made = files.bring(text.encode(charset))
    assert (made["made"], made["errors"]) == (1, [])
    [card] = kept(member)
    assert card["name"]["full"] == "สมชาย ใจดี"
    assert card["titles"]["t1"]["name"] == "ผู้อำนวยการ"
    assert card["organizations"]["o1"]["name"] == "กองคลัง"
    assert card["phones"]["p1"]["number"] == "02 222 2222"


def test_rows_that_are_wrong_are_told_in_thai_and_the_others_kept(files: Files, member: Member) -> None:
    rows = ["ก,ข,,not an address,,", "ค,ง,,ok@nowhere.example,,", ",,,,,โน้ต", "จ,ฉ,,OK@nowhere.example,,"]
    made = files.bring((OUTLOOK + "\r\n".join(rows)).encode())
    assert (made["made"], made["passedOver"]) == (1, 1)
    assert [(each["row"], each["code"], each["th"]) for each in made["errors"]] == [
        (2, "badAddress", "ที่อยู่อีเมลไม่ถูกต้อง"),
        (4, "empty", "ไม่มีชื่อและที่อยู่อีเมล"),
    ]
    again = files.bring((OUTLOOK + rows[1]).encode())
    assert (again["made"], again["passedOver"]) == (0, 1)


def test_an_import_can_be_undone_but_for_what_was_changed(files: Files, member: Member) -> None:
    made = files.bring((OUTLOOK + "ก,ข,,a@nowhere.example,,\r\nค,ง,,b@nowhere.example,,\r\n").encode())
    row = queries.cards(member.account_id, queries.matching(member.account_id, None, []))[0]
    cards.update_card(
        member.account_id, row.id, CardDraft(row.content | {"language": "th"}, frozenset(row.book_ids))
    )
    answer = files.client.delete(f"{files.path}/contact-imports/{made['id']}", headers=files.headers)
    assert answer.json() == {"removed": 1}
    assert len(kept(member)) == 1
    listed = files.client.get(f"{files.path}/contact-imports", headers=files.headers).json()["items"]
    assert listed[0]["undoneAt"] is not None
    assert files.client.delete(f"{files.path}/contact-imports/x", headers=files.headers).status_code == 404


GOOGLE_VCARD = """BEGIN:VCARD\r
VERSION:3.0\r
FN:สมหญิง รักไทย\r
N:รักไทย;สมหญิง;;นาง;\r
item1.EMAIL;TYPE=INTERNET;TYPE=WORK:somying@nowhere.example\r
TEL;TYPE=CELL:+66 81 234 5678\r
ORG:กรมการปกครอง;กองคลัง\r
TITLE:ผู้อำนวยการ\\, กองคลัง\r
NOTE:บรรทัดหนึ่ง\\nบรรทัดสอง ที่ยาวมาก\r
  และต่อมาอีก\r
BDAY:1980-02-29\r
PHOTO;ENCODING=b:AAAA\r
END:VCARD\r
"""


def test_a_vcard_goes_in_and_an_independent_reader_takes_what_comes_out(files: Files, member: Member) -> None:
    quoted = (
        "BEGIN:VCARD\r\nVERSION:2.1\r\nN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:"
        "=E0=B8=81;=E0=B8=\r\n=82;;;\r\nEMAIL;INTERNET:qp@nowhere.example\r\nEND:VCARD\r\n"
    )
    made = files.bring((GOOGLE_VCARD + quoted).encode())
    assert (made["made"], made["errors"]) == (2, [])
    first, second = sorted(kept(member), key=lambda card: -len(str(card)))
    assert first["emails"]["e1"] == {"address": "somying@nowhere.example", "contexts": {"work": True}}
    assert first["phones"]["p1"]["features"] == {"mobile": True}
    assert first["notes"]["n1"]["note"] == "บรรทัดหนึ่ง\nบรรทัดสอง ที่ยาวมาก และต่อมาอีก"
    assert first["organizations"]["o1"] == {"name": "กรมการปกครอง", "units": [{"name": "กองคลัง"}]}
    assert [part["value"] for part in second["name"]["components"]] == ["ข", "ก"]
    for version in ("3.0", "4.0"):
        octets = files.take(f"contacts.vcf?version={version}")
        assert all(len(line) <= 75 for line in octets.split(b"\r\n"))
        read = list(vobject.readComponents(octets.decode()))
        by_mail = {card.email.value: card for card in read}
        card = by_mail["somying@nowhere.example"]
        assert card.fn.value == "สมหญิง รักไทย"
        assert card.n.value.family == "รักไทย"
        assert card.title.value == "ผู้อำนวยการ, กองคลัง"
        assert card.org.value == ["กรมการปกครอง", "กองคลัง"]
        assert card.note.value == first["notes"]["n1"]["note"]


def test_no_cell_is_a_formula_and_what_goes_out_comes_back(
    files: Files, member: Member, stranger: Member
) -> None:
    books.ensure_default(member.account_id)
    book = frozenset({queries.default_book(member.account_id) or 0})
    evil = {"name": {"full": '=HYPERLINK("http://x")'}, "notes": {"n": {"note": "+1+cmd|' /C calc'!A0"}}}
    content = cards.completed(evil | {"emails": {"e": {"address": "evil@nowhere.example"}}})
    cards.create_card(member.account_id, CardDraft(content, book))
    for style in ("google", "outlook"):
        octets = files.take(f"contacts.csv?style={style}")
        _, row = csv.reader(io.StringIO(octets.decode("utf-8-sig")))
        assert not [cell for cell in row if cell.startswith(("=", "+", "-", "@"))]
        assert "'=HYPERLINK" in octets.decode()
    made = Files(stranger).bring(octets)
    assert made["made"] == 1
    [card] = kept(stranger)
    assert card["name"]["full"] == '=HYPERLINK("http://x")'
    assert card["emails"]["e1"]["address"] == "evil@nowhere.example"


@pytest.mark.parametrize(
    "octets",
    [
        b"",
        b"\0" * 1000,
        b"\xff" * 1000,
        b"BEGIN:VCARD",
        b"BEGIN:VCARD\r\n" * 5_000,
        b"BEGIN:VCARD\r\nEND:VCARD\r\n" * 10,
        b"BEGIN:VCARD\r\nNOTE:" + b"x" * 2_000_000 + b"\r\nEND:VCARD\r\n",
        b"BEGIN:VCARD\r\n" + b"A:b\r\n" * 100_000 + b"END:VCARD\r\n",
        b"PK\x03\x04" + bytes(range(256)) * 10,
        b'First Name,E-mail Address\r\n"' + b"x" * 300_000,
        b"colour,shape\r\nred,round\r\n",
        b"," * 100_000,
        b"<html><script>alert(1)</script></html>",
    ],
    ids=range(13),
)
def test_what_holds_no_contacts_is_refused(files: Files, member: Member, octets: bytes) -> None:
    files.bring(octets, 422)
    assert kept(member) == []
    assert files.client.get(f"{files.path}/contact-imports", headers=files.headers).json()["items"] == []


def test_too_many_rows_are_refused_as_a_whole(member: Member) -> None:
    rows = "".join(f"a,b,,x{number}@nowhere.example,,\r\n" for number in range(100_000))
    with pytest.raises(TooManyRows):
        importing.import_file(member.account_id, "x", (OUTLOOK + rows).encode())
    with pytest.raises(FileUnreadable):
        importing.import_file(member.account_id, "x", b"x")


def test_markup_in_names_stays_text(files: Files, member: Member) -> None:
    files.bring((OUTLOOK + "<img src=x onerror=alert(1)>,,,x@nowhere.example,,\r\n").encode())
    [card] = kept(member)
    assert card["name"]["full"] == "<img src=x onerror=alert(1)>"


def test_nobody_elses_contacts(files: Files, stranger: Member) -> None:
    theirs = Files(stranger)
    theirs.path = files.path
    for name in ("contacts.vcf", "contacts.csv", "contact-imports"):
        assert theirs.client.get(f"{theirs.path}/{name}", headers=theirs.headers).status_code == 404
    theirs.bring(b"x", 404)
