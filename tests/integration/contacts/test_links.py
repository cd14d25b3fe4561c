"""Cards that follow officials: moves and new telephones come by themselves and are told."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pirab.contacts import books, cards, links, queries
from pirab.contacts.facts import PERSON
from pirab.contacts.types import CardDraft
from pirab.core.ids import IdKind, encode_id
from pirab.directory import actions as directory
from pirab.directory import hooks
from pirab.directory.models import Person, Profile
from pirab.directory.types import AgencyFacts
from tests.conftest import Member


def linked(member: Member, other: Member, **more: Any) -> int:
    books.ensure_default(member.account_id)
    book = queries.default_book(member.account_id) or 0
    content = cards.completed({PERSON: encode_id(IdKind.PERSON, other.person_id)} | more)
    row = cards.create_card(member.account_id, CardDraft(content, frozenset({book})))
    links.renew([other.person_id])
    return row.id


def content(member: Member, card_id: int) -> dict[str, Any]:
    return queries.card(member.account_id, card_id).content


def test_a_move_and_a_new_telephone_come_by_themselves(
    member: Member, make_member: Callable[..., Member]
) -> None:
    other = make_member()
    agency = Person.objects.get(pk=other.person_id).agency_id
    assert agency is not None
    own = {"phones": {"p": {"number": "081 000 0000"}}}
    key = linked(member, other, **own)
    card = content(member, key)
    assert card["emails"]["dir"]["address"] == other.email
    assert card["name"]["full"] == "สมชาย ใจดี"
    assert card["phones"] == own["phones"]
    assert links.notices(member.account_id) == []  # beginning to follow is no news
    unit = directory.create_agency(agency, AgencyFacts("กองคลัง"))
    directory.hold_post(other.person_id, directory.create_post(unit, "ผู้อำนวยการกองคลัง"))
    Profile.objects.update_or_create(person_id=other.person_id, defaults={"office_phone": "02 222 2222"})
    hooks.tell_entries([other.person_id])
    assert links.renew([other.person_id]) == 1
    card = content(member, key)
    assert card["titles"]["dir"]["name"] == "ผู้อำนวยการกองคลัง"
    assert card["organizations"]["dir"]["name"] == "กองคลัง"
    assert {each["number"] for each in card["phones"].values()} == {"081 000 0000", "02 222 2222"}
    [notice] = links.notices(member.account_id)
    assert {each.field for each in notice.changes} == {"post", "unit", "officePhone"}
    assert links.renew([other.person_id]) == 0
    links.mark_seen(member.account_id)
    assert links.notices(member.account_id)[0].is_seen


def test_a_name_somebody_wrote_stays(member: Member, make_member: Callable[..., Member]) -> None:
    other = make_member()
    key = linked(member, other, name={"full": "พี่ชาย"})
    assert content(member, key)["name"]["full"] == "พี่ชาย"


def test_who_is_listed_no_more_is_followed_no_more(
    member: Member, make_member: Callable[..., Member]
) -> None:
    other = make_member()
    key = linked(member, other)
    Profile.objects.update_or_create(person_id=other.person_id, defaults={"is_listed": False})
    hooks.tell_entries([other.person_id])
    assert links.renew([other.person_id]) == 1
    assert PERSON not in content(member, key)
    assert content(member, key)["emails"]["dir"]["address"] == other.email
    [notice] = links.notices(member.account_id)
    assert [each.field for each in notice.changes] == ["entry"]


def test_jobs_are_asked_for_only_where_somebody_follows(
    member: Member, make_member: Callable[..., Member]
) -> None:
    from pirab.core import db

    other, nobody = make_member(), make_member()
    linked(member, other)
    count = "select count(*) from procrastinate_jobs where task_name = %s"
    before = db.scalar(count, (cards.RENEW_TASK,))
    hooks.tell_entries([nobody.person_id])
    assert db.scalar(count, (cards.RENEW_TASK,)) == before
    hooks.tell_entries([other.person_id])
    agency = Person.objects.get(pk=other.person_id).agency_id
    assert agency is not None
    hooks.tell_unit(agency)
    assert db.scalar(count, (cards.RENEW_TASK,)) == before + 2
