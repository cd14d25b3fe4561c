"""Finding mail over REST: the grammar of the search box, page by page, and only where the caller may read."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from pirab.core.ids import IdKind, encode_id
from pirab.directory import actions as directory
from pirab.directory.types import Role
from pirab.personnel.provisioning import open_shared_account
from pirab.store import actions as store
from pirab.store import queries
from pirab.store.types import MailboxRole
from tests.conftest import Member, letter

BORN = datetime(2026, 11, 1, 2, 3, 4, 567_891, tzinfo=UTC)
_offices = itertools.count(1)


class Desk:
    """A person who searches."""

    def __init__(self, member: Member) -> None:
        self.headers = {"Authorization": f"Bearer {member.token}"}
        self.account = member.account_id

    def ask(self, **wanted: Any) -> Any:
        return Client().get("/api/v1/search", wanted, headers=self.headers)

    def find(self, q: str, **wanted: Any) -> dict[str, Any]:
        response = self.ask(q=q, **wanted)
        assert response.status_code == 200, response.content
        found: dict[str, Any] = response.json()
        return found

    def subjects(self, q: str, **wanted: Any) -> list[str]:
        return [each["subject"] for each in self.find(q, **wanted)["results"]]


def put(
    account: int,
    subject: str,
    body: str = "สวัสดีครับ",
    *,
    role: MailboxRole = MailboxRole.INBOX,
    at: datetime = BORN,
    keywords: tuple[str, ...] = (),
    **fields: str,
) -> int:
    box = queries.mailbox_with_role(account, role)
    assert box is not None
    message = store.ensure_message(letter(subject, body, **fields))  # type: ignore[arg-type]
    return store.create_email(account, message, {box.id}, keywords, at).id


@pytest.fixture
def desk(member: Member) -> Desk:
    return Desk(member)


def test_a_letter_is_found_with_its_snippet(desk: Desk) -> None:
    key = put(
        desk.account, "หนังสือราชการ", "ขอเชิญประชุมคณะกรรมการงบประมาณ", sender="นางสาวสุดา <suda@mof.go.test>"
    )
    put(desk.account, "เรื่องอื่น")
    page = desk.find("งบประมาณ จาก:สุดา")
    (found,) = page["results"]
    assert found["id"] == encode_id(IdKind.EMAIL, key)
    assert found["from"] == [{"name": "นางสาวสุดา", "email": "suda@mof.go.test"}]
    assert found["receivedAt"] == "2026-11-01T02:03:04.567Z"
    assert "<mark>งบประมาณ</mark>" in found["snippet"]["preview"]
    assert found["snippet"]["subject"] is None
    assert found["snippet"]["hits"] == [
        {"field": "from", "text": "นางสาว<mark>สุดา</mark> &lt;suda@mof.go.test&gt;"}
    ]
    assert page["account"] == encode_id(IdKind.ACCOUNT, desk.account)
    assert page["next"] is None


def test_thai_travels_as_it_is_written(desk: Desk) -> None:
    put(desk.account, "งบประมาณ")
    response = desk.ask(q="งบประมาณ")
    assert "<mark>งบประมาณ</mark>".encode() in response.content
    assert response["Content-Type"] == "application/json; charset=utf-8"


def test_the_grammar_is_the_one_of_the_search_box(desk: Desk) -> None:
    put(desk.account, "หนึ่ง", "งบประมาณ", keywords=("$seen",))
    put(desk.account, "สอง", "งบประมาณ", at=BORN + timedelta(days=5))
    put(desk.account, "สาม", "งบประมาณ", role=MailboxRole.TRASH)
    assert desk.subjects("งบประมาณ") == ["สอง", "หนึ่ง"]
    assert desk.subjects("งบประมาณ in:trash") == ["สาม"]
    assert desk.subjects("งบประมาณ ยังไม่อ่าน") == ["สอง"]
    assert desk.subjects("งบประมาณ ก่อน:๓/๑๑/๒๕๖๙") == ["หนึ่ง"]
    assert desk.subjects("งบประมาณ -สอง") == ["หนึ่ง"]
    assert desk.subjects("") == ["สอง", "หนึ่ง"]


@pytest.mark.parametrize("q", ["งบประมาณ", "งบประมาณ in:inbox", "in:inbox", ""])
def test_pages_hold_everything_once_while_mail_comes_and_goes(desk: Desk, q: str) -> None:
    # Several in one moment: the id decides.
    keys = [
        put(desk.account, f"ฉบับที่ {n}", "งบประมาณ", at=BORN + timedelta(microseconds=n // 3)) for n in range(8)
    ]
    first = desk.find(q, limit=3)
    put(desk.account, "ใหม่", "งบประมาณ", at=BORN + timedelta(days=1))
    store.destroy_emails(desk.account, [keys[5], keys[0]])  # the last one of the page, and one still to come
    seen, cursor = first["results"], first["next"]
    while cursor is not None:
        page = desk.find(q, limit=3, cursor=cursor)
        seen, cursor = seen + page["results"], page["next"]
    assert [each["id"] for each in seen] == [encode_id(IdKind.EMAIL, key) for key in reversed(keys[1:])]


def test_a_full_last_page_has_no_next(desk: Desk) -> None:
    for number in range(4):
        put(desk.account, f"ฉบับที่ {number}")
    first = desk.find("", limit=2)
    second = desk.find("", limit=2, cursor=first["next"])
    assert (len(second["results"]), second["next"]) == (2, None)


def test_nobody_searches_somebody_elses_account(
    desk: Desk, stranger: Member, make_member: Callable[..., Member]
) -> None:
    put(desk.account, "งบประมาณ")
    theirs = encode_id(IdKind.ACCOUNT, desk.account)
    cursor = desk.find("", limit=1)["next"]
    for other in (stranger, make_member()):
        assert Desk(other).find("งบประมาณ")["results"] == []
        for account in (theirs, "a1", "a", "A1", "e1", "a" * 200, "ก"):
            refused = Desk(other).ask(q="งบประมาณ", account=account)
            assert (refused.status_code, refused.json()["detail"]) == (404, "No such account.")
    assert cursor is None
    # A cursor of another account opens nothing: it says where to go on, not whose mail.
    forged = f"99999999999999999.{encode_id(IdKind.EMAIL, 2**62)}"
    assert Desk(stranger).find("", cursor=forged)["results"] == []


def test_who_is_not_signed_in_is_asked_to(db: None) -> None:
    response = Client().get("/api/v1/search", {"q": "x"})
    assert response.status_code == 401
    assert response["Content-Type"] == "application/problem+json"
    assert "Bearer" in response["WWW-Authenticate"]


def test_a_reader_of_an_office_finds_with_their_own_marks(
    member: Member, stranger: Member, make_member: Callable[..., Member]
) -> None:
    office = open_shared_account(f"find{next(_offices)}@moi.go.test", "สารบรรณ", quota_bytes=10**9)
    directory.grant(member.person_id, office, Role.READER)
    name = encode_id(IdKind.ACCOUNT, office)
    put(office, "หนังสือเวียน")
    assert Desk(member).subjects("หนังสือเวียน is:unread", account=name) == ["หนังสือเวียน"]
    assert Desk(member).subjects("หนังสือเวียน is:read", account=name) == []
    assert Desk(make_member()).ask(q="", account=name).status_code == 404
    assert Desk(stranger).ask(q="", account=name).status_code == 404


@pytest.mark.parametrize(
    "wanted",
    [
        {},
        {"q": "x" * 10_001},
        {"q": "x", "limit": 0},
        {"q": "x", "limit": 101},
        {"q": "x", "limit": "many"},
        {"q": "x", "limit": "9" * 5000},
        {"q": "x", "cursor": ""},
        {"q": "x", "cursor": "0"},
        {"q": "x", "cursor": "0.e0"},
        {"q": "x", "cursor": "0.m1"},
        {"q": "x", "cursor": "999999999999999999.e1"},
        {"q": "x", "cursor": "-999999999999999999.e1"},
        {"q": "x", "cursor": "๑.e1"},
        {"q": "x", "cursor": "1.e1\n"},
        {"q": "x", "cursor": "1.e" + "z" * 13},
        {"q": "x", "cursor": "1" * 10_000},
    ],
)
def test_what_does_not_fit_is_told_and_not_repeated(desk: Desk, wanted: dict[str, Any]) -> None:
    response = desk.ask(**wanted)
    assert (response.status_code, response["Content-Type"]) == (422, "application/problem+json")
    assert len(response.content) < 500


@pytest.mark.parametrize(
    "q",
    [
        "\x00", "a\x00b", "'; drop table store_email; --", "%s %(account)s", ":*", "!a & | <->", "((((" * 500,
        "-" * 5000, '"', 'subject:"', "in:../../etc/passwd", "from:" * 2000, "before:99/99/9999", "larger:" + "9" * 400,
        "\\", "<script>alert(1)</script>", "\u202e\ufeff\u200b", "ก" * 10_000, "a OR " * 2000, "\ufffe\U0010ffff",
    ],
)  # fmt: skip
def test_any_text_is_a_search(desk: Desk, q: str) -> None:
    put(desk.account, "<script>alert(1)</script>", "<script>alert(1)</script>")
    for found in desk.find(q)["results"]:
        assert "<script" not in (found["snippet"]["subject"] or "") + (found["snippet"]["preview"] or "")


def test_octets_that_are_no_text_are_a_search_too(desk: Desk) -> None:
    response = Client().get("/api/v1/search?q=%ff%fe%00%ed%a0%80&limit=1", headers=desk.headers)
    assert response.status_code == 200


def test_it_is_described(db: None) -> None:
    operation = Client().get("/api/v1/openapi.json").json()["paths"]["/api/v1/search"]["get"]
    assert [each["name"] for each in operation["parameters"]] == ["q", "account", "cursor", "limit"]
    assert operation["summary"] in Client().get("/api/v1/docs").content.decode()


def test_it_only_reads(desk: Desk) -> None:
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        assert Client().generic(method, "/api/v1/search?q=x", headers=desk.headers).status_code == 405
