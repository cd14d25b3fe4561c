"""Whom a group's address stands for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from pirab.core import clock
from pirab.directory import actions, queries
from pirab.directory.errors import AddressTaken, DomainUnknown, EditedMeanwhile, GroupInvalid, GroupNotFound
from pirab.directory.types import AgencyFacts, GroupFacts, GroupKind, MemberKind, PostingPolicy, Principal
from tests.conftest import Member

PEOPLE = GroupFacts(GroupKind.PEOPLE, "กลุ่มทดสอบ")


@pytest.fixture
def unit(member: Member) -> int:
    """A division whose domain is `member`'s."""
    return actions.create_agency(queries.person(member.person_id).agency_id, AgencyFacts("กองคลัง"))


@pytest.fixture
def group(unit: int) -> int:
    return actions.create_group(unit, "team@moi.go.test", PEOPLE)


def test_people_posts_groups_and_addresses_each_once(
    unit: int, group: int, member: Member, make_member: Callable[..., Member]
) -> None:
    second, third, fourth = make_member(), make_member(), make_member()
    inner = actions.create_group(unit, "inner@moi.go.test", PEOPLE)
    post = actions.create_post(unit, "ผู้อำนวยการ")
    today = clock.now().date()
    actions.hold_post(second.person_id, post, since=today, until=today)
    actions.hold_post(third.person_id, post, until=today - timedelta(1))
    wanted: list[tuple[MemberKind, int | str]] = [
        (MemberKind.PERSON, member.person_id),
        (MemberKind.POST, post),
        (MemberKind.GROUP, inner),
        (MemberKind.ADDRESS, fourth.email.upper()),
        (MemberKind.ADDRESS, "outside@example.test"),
    ]
    for kind, one in wanted:
        actions.add_member(group, kind, one)
    actions.add_member(inner, MemberKind.PERSON, member.person_id)
    actions.add_member(inner, MemberKind.PERSON, third.person_id, receives=False)
    found = queries.audience(group)
    assert found.account_ids == {member.account_id, second.account_id, fourth.account_id}
    assert found.outside == {"outside@example.test"}
    assert queries.groups_at(["Team+x@moi.go.test", "nobody@moi.go.test"])["Team+x@moi.go.test"].id == group
    assert [one.kind for one in queries.members(group, 0, 10)] == list(
        map(MemberKind, ("person", "post", "group", "address", "address"))
    )
    actions.close_group(inner)
    actions.disable_person(member.person_id)
    assert member.account_id not in queries.audience(group).account_ids


def test_a_unit_stands_for_everybody_in_it_and_below(unit: int, make_member: Callable[..., Member]) -> None:
    below = actions.create_agency(unit, AgencyFacts("ฝ่าย"))
    first, second, _elsewhere = make_member(), make_member(), make_member()
    actions.place_person(first.person_id, unit)
    actions.place_person(second.person_id, below)
    group = actions.create_group(
        unit, "all@moi.go.test", GroupFacts(GroupKind.UNIT, "ทุกคนในกองคลัง", unit_id=unit)
    )
    assert queries.audience(group).account_ids == {first.account_id, second.account_id}


def test_no_group_stands_inside_itself(unit: int, group: int) -> None:
    middle = actions.create_group(unit, "middle@moi.go.test", PEOPLE)
    last = actions.create_group(unit, "last@moi.go.test", PEOPLE)
    actions.add_member(group, MemberKind.GROUP, middle)
    actions.add_member(middle, MemberKind.GROUP, last)
    for inner in (group, middle, last):
        with pytest.raises(GroupInvalid):
            actions.add_member(last, MemberKind.GROUP, inner)


def test_managers(unit: int, group: int, member: Member, stranger: Member) -> None:
    actions.add_member(group, MemberKind.PERSON, member.person_id, receives=False, manages=True)
    assert queries.managers(group).account_ids == {member.account_id}
    assert queries.is_manager(group, member.person_id)
    assert not queries.is_manager(group, stranger.person_id)
    assert queries.audience(group).account_ids == frozenset()
    key = queries.members(group, 0, 1)[0].id
    actions.remove_member(group, key)
    actions.remove_member(group, key)
    assert not queries.is_manager(group, member.person_id)


def test_addresses_of_groups_and_accounts_share_one_name_space(unit: int, group: int, member: Member) -> None:
    with pytest.raises(AddressTaken):
        actions.create_group(unit, member.email, PEOPLE)
    with pytest.raises(AddressTaken):
        actions.add_address(member.account_id, "team@moi.go.test")
    with pytest.raises(AddressTaken):
        actions.create_group(unit, "team@moi.go.test", PEOPLE)
    with pytest.raises(DomainUnknown):
        actions.create_group(unit, "team@example.test", PEOPLE)
    assert queries.resolve_recipient("team@moi.go.test") is None
    assert not queries.may_send_as(_principal(member), "team@moi.go.test")


def test_what_no_group_can_be(unit: int, group: int, member: Member) -> None:
    for facts in (
        GroupFacts(GroupKind.PEOPLE, ""),
        GroupFacts(GroupKind.PEOPLE, "ก\0"),
        GroupFacts(GroupKind.UNIT, "ก"),
        GroupFacts(GroupKind.PEOPLE, "ก", unit_id=unit),
        GroupFacts(GroupKind.UNIT, "ก", unit_id=10**9),
    ):
        with pytest.raises(GroupInvalid):
            actions.create_group(unit, "new@moi.go.test", facts)
    wrong: list[tuple[MemberKind, int | str]] = [
        (MemberKind.PERSON, 10**9),
        (MemberKind.PERSON, "a@b.test"),
        (MemberKind.ADDRESS, 5),
        (MemberKind.ADDRESS, "no address"),
    ]
    for kind, one in wrong:
        with pytest.raises(GroupInvalid):
            actions.add_member(group, kind, one)
    with pytest.raises(GroupNotFound):
        actions.add_member(10**9, MemberKind.PERSON, member.person_id)
    assert actions.edit_group(group, GroupFacts(GroupKind.PEOPLE, "ใหม่", posting=PostingPolicy.OPEN), 1) == 2
    with pytest.raises(EditedMeanwhile):
        actions.edit_group(group, PEOPLE, 1)
    with pytest.raises(GroupInvalid):
        actions.edit_group(group, GroupFacts(GroupKind.POST, "ก"), 2)


def _principal(member: Member) -> Principal:
    found = queries.principal(member.person_id)
    assert found is not None
    return found
