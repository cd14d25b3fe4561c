"""What a recipient field offers, and whom an account remembers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from pirab.contacts import books, cards, correspondents, queries
from pirab.contacts.types import CardDraft
from pirab.core import clock
from pirab.core.ids import IdKind, encode_id
from pirab.directory import actions as directory
from pirab.directory.models import Person
from pirab.directory.types import AgencyFacts, GroupFacts, GroupKind
from tests.conftest import Member


def offers(member: Member, text: str, **more: Any) -> list[dict[str, Any]]:
    answer = Client().get(
        "/api/v1/completions", {"q": text} | more, headers={"Authorization": f"Bearer {member.token}"}
    )
    assert answer.status_code == 200, answer.content
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


def keep(member: Member, name: str, email: str = "", **card: Any) -> int:
    books.ensure_default(member.account_id)
    book = queries.default_book(member.account_id)
    assert book is not None
    content: dict[str, Any] = {"name": {"full": name}} | card
    if email:
        content["emails"] = {"e": {"address": email}}
    row = cards.create_card(member.account_id, CardDraft(cards.completed(content), frozenset({book})))
    return row.id


def names(found: list[dict[str, Any]]) -> list[str]:
    return [each["name"] for each in found]


def test_cards_are_found_by_any_part_of_name_and_address(member: Member) -> None:
    keep(member, "วิลาวัณย์ ทองประเสริฐ", "wila@nowhere.example")
    for typed in ("วิลา", "ทองประ", "wila@", "WILA", "nowhere.ex", "วิลาวัณย์ ทอง"):
        assert names(offers(member, typed)) == ["วิลาวัณย์ ทองประเสริฐ"], typed
    for typed in ("วิลาวรรณ ทองประเสริด", "วิราวัณย์"):  # misspelt
        assert names(offers(member, typed)) == ["วิลาวัณย์ ทองประเสริฐ"], typed
    for typed in ("", " ", "!!", "ซซซซซซซ", "%", "_", "\\"):
        assert offers(member, typed) == [], typed


def test_what_was_written_to_comes_first_and_each_address_once(member: Member) -> None:
    keep(member, "สมศรี ก", "somsri1@nowhere.example")
    keep(member, "สมศรี ข", "somsri2@nowhere.example")
    correspondents.count(
        member.account_id, {"Somsri2@nowhere.example": "", "somsri3@nowhere.example": "สมศรี ค"}
    )
    found = offers(member, "สมศรี")
    assert [each["email"][:7] for each in found] == ["somsri2", "somsri3", "somsri1"]
    assert [each["kind"] for each in found] == ["contact", "correspondent", "contact"]


def test_lately_and_often_weighs_more(member: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now - 10 * correspondents.HALF_LIFE)
    for _ in range(20):
        correspondents.count(member.account_id, {"old@nowhere.example": "x"})
    monkeypatch.setattr(clock, "now", lambda: now)
    correspondents.count(member.account_id, {"new@nowhere.example": "y"})
    found = correspondents.correspondents_of(member.account_id, 10)
    assert [each.address for each in found] == ["new@nowhere.example", "old@nowhere.example"]
    assert found[0].weight == pytest.approx(1)
    assert found[1].weight == pytest.approx(20 / 1024)
    assert found[1].letters == 20


def test_an_official_shows_post_and_unit_wherever_found(
    member: Member, make_member: Callable[..., Member]
) -> None:
    agency = Person.objects.get(pk=member.person_id).agency_id
    assert agency is not None
    unit = directory.create_agency(agency, AgencyFacts("กองคลัง", "Finance Division"))
    boss = make_member("kanlaya")
    Person.objects.filter(pk=boss.person_id).update(name_th="กัลยาณี ศรีสวัสดิ์", name_en="Kanlayani Srisawat")
    post = directory.create_post(unit, "ผู้อำนวยการกองคลัง", title_en="Director")
    directory.hold_post(boss.person_id, post)
    correspondents.count(member.account_id, {boss.email: "พี่กัล"})
    [found] = offers(member, "กัลยาณี")
    assert (found["email"], found["postTh"], found["unitTh"]) == (boss.email, "ผู้อำนวยการกองคลัง", "กองคลัง")
    assert found["personId"] == encode_id(IdKind.PERSON, boss.person_id)
    assert correspondents.weights_of(member.person_id) == {boss.person_id: pytest.approx(1)}


def test_groups_of_ones_own_and_of_the_directory(member: Member) -> None:
    key = keep(member, "มานะ", "mana@nowhere.example")
    uid = queries.card(member.account_id, key).content["uid"]
    keep(
        member,
        "ทีมฟุตบอล",
        kind="group",
        members={uid: True, "mailto:b@nowhere.example": True, "urn:x:nobody": True},
    )
    agency = Person.objects.get(pk=member.person_id).agency_id
    assert agency is not None
    directory.create_group(agency, "football@moi.go.test", GroupFacts(GroupKind.PEOPLE, "ชมรมฟุตบอล"))
    found = {each["kind"]: each for each in offers(member, "ฟุตบอล")}
    assert found["list"]["members"] == [
        {"name": "มานะ", "email": "mana@nowhere.example"},
        {"name": "", "email": "b@nowhere.example"},
    ]
    assert found["group"]["email"] == "football@moi.go.test"


def test_nobody_elses_contacts(member: Member, stranger: Member) -> None:
    keep(member, "ความลับ", "secret@nowhere.example")
    correspondents.count(member.account_id, {"hidden@nowhere.example": "ซ่อน"})
    assert offers(stranger, "ความลับ") == offers(stranger, "ซ่อน") == offers(stranger, "nowhere.example") == []
    assert Client().get("/api/v1/completions?q=x").status_code == 401


def test_remembering_can_be_cleared_and_switched_off(member: Member) -> None:
    path = f"/api/v1/accounts/{encode_id(IdKind.ACCOUNT, member.account_id)}/correspondents"
    headers = {"Authorization": f"Bearer {member.token}"}
    client = Client()

    def known() -> list[str]:
        return [each["email"] for each in client.get(path, headers=headers).json()["items"]]

    correspondents.count(member.account_id, {"a@b.example": "", "c@d.example": ""})
    client.post(
        f"{path}/forget", {"emails": ["A@b.example", "no"]}, content_type="application/json", headers=headers
    )
    assert known() == ["c@d.example"]
    assert client.delete(path, headers=headers).status_code == 204
    assert known() == []
    correspondents.count(member.account_id, {"a@b.example": ""})
    client.patch(path, {"remembers": False}, content_type="application/json", headers=headers)
    correspondents.count(member.account_id, {"a@b.example": ""})
    assert client.get(path, headers=headers).json() == {"remembers": False, "items": []}
    client.patch(path, {"remembers": True}, content_type="application/json", headers=headers)
    correspondents.count(member.account_id, {f"x{number}@b.example": "" for number in range(51)})
    assert known() == []  # a circular teaches nothing
    correspondents.count(
        member.account_id, {"not an address": "", "<script>@x.example": "<script>", "ok@b.example": "y" * 999}
    )
    assert "ok@b.example" in known()


@pytest.mark.parametrize("limit", [0, 21, "x"])
def test_bad_limits(member: Member, limit: Any) -> None:
    answer = Client().get(
        "/api/v1/completions", {"q": "x", "limit": limit}, headers={"Authorization": f"Bearer {member.token}"}
    )
    assert answer.status_code == 422
