"""The tree of agencies, who administers it, and what its people's entries say."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from pirab.core import clock
from pirab.directory import actions, hooks, queries
from pirab.directory.authority import authority_of, require_agency, require_operator
from pirab.directory.errors import (
    AgencyForbidden,
    AgencyInvalid,
    AgencyNotFound,
    EditedMeanwhile,
    EntryInvalid,
    EntryNotFound,
    PeriodInvalid,
)
from pirab.directory.types import (
    AdminRight,
    AgencyFacts,
    AgencyKind,
    DutyKind,
    HoldingKind,
    Limits,
    Principal,
    Role,
)
from tests.conftest import Member


@pytest.fixture
def tree(db: None) -> tuple[int, int, int]:
    """A ministry, its department, the department's division."""
    ministry = actions.create_agency(
        None, AgencyFacts("กระทรวงการคลัง", "Finance", AgencyKind.MINISTRY, document_code="กค")
    )
    department = actions.create_agency(
        ministry, AgencyFacts("กรมบัญชีกลาง", kind=AgencyKind.DEPARTMENT, document_code="กค 04")
    )
    division = actions.create_agency(department, AgencyFacts("กองคลัง", kind=AgencyKind.DIVISION))
    return ministry, department, division


@pytest.fixture
def told() -> Iterator[tuple[list[int], list[int]]]:
    """The people and units the directory spoke of."""
    people: list[int] = []
    units: list[int] = []
    tell_people, tell_unit = people.extend, units.append
    hooks.register_entry_listener(tell_people)
    hooks.register_unit_listener(tell_unit)
    yield people, units
    hooks.forget_entry_listener(tell_people)
    hooks.forget_unit_listener(tell_unit)


def _principal(member: Member) -> Principal:
    found = queries.principal(member.person_id)
    assert found is not None
    return found


def test_an_agency_knows_the_way_to_it(tree: tuple[int, int, int]) -> None:
    ministry, department, division = tree
    assert queries.agency(division).ancestry == (ministry, department, division)
    assert [agency.id for agency in queries.children(ministry)] == [department]


def test_a_moved_agency_takes_everything_below_it_along(
    tree: tuple[int, int, int], told: tuple[list[int], list[int]]
) -> None:
    ministry, department, division = tree
    other = actions.create_agency(None, AgencyFacts("กระทรวงมหาดไทย"))
    actions.move_agency(department, other)
    assert queries.agency(division).ancestry == (other, department, division)
    assert queries.children(ministry) == []
    actions.move_agency(department, None)
    assert queries.agency(division).ancestry == (department, division)
    assert told[1] == [department, department]


def test_no_agency_comes_to_stand_inside_itself(tree: tuple[int, int, int]) -> None:
    ministry, _, division = tree
    for place in (ministry, division):
        with pytest.raises(AgencyInvalid):
            actions.move_agency(ministry, place)
    assert queries.agency(division).ancestry == tree


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        (AgencyFacts(""), "name_th"),
        (AgencyFacts("  "), "name_th"),
        (AgencyFacts("ก" * 301), "name_th"),
        (AgencyFacts("กรม\nคลัง"), "name_th"),
        (AgencyFacts("กรม", "a\0b"), "name_en"),
        (AgencyFacts("กรม", document_code="AB"), "document_code"),
        (AgencyFacts("กรม", document_code="กค 0406; drop"), "document_code"),
    ],
)
def test_what_no_agency_can_be(tree: tuple[int, int, int], facts: AgencyFacts, field: str) -> None:
    with pytest.raises(AgencyInvalid, match=field):
        actions.create_agency(tree[0], facts)
    with pytest.raises(AgencyInvalid, match=field):
        actions.edit_agency(tree[0], facts, 1)


def test_two_administrators_editing_one_agency(tree: tuple[int, int, int]) -> None:
    facts = queries.agency(tree[1]).facts
    assert actions.edit_agency(tree[1], facts, 1) == 2
    with pytest.raises(EditedMeanwhile):
        actions.edit_agency(tree[1], facts, 1)


def test_an_agency_in_use_is_not_closed(tree: tuple[int, int, int]) -> None:
    person = actions.create_person("a@mof.go.test", "ก", agency_id=tree[2])
    with pytest.raises(AgencyForbidden):
        actions.close_agency(tree[1])
    actions.disable_person(person)
    actions.close_agency(tree[1])
    assert not queries.agency(tree[2]).is_active
    with pytest.raises(AgencyNotFound):
        actions.place_person(person, tree[2])


def test_limits_are_numbers_of_things(tree: tuple[int, int, int]) -> None:
    actions.set_limits(tree[0], Limits(100, 10**12, 3))
    assert queries.agency(tree[0]).limits == Limits(100, 10**12, 3)
    with pytest.raises(AgencyInvalid):
        actions.set_limits(tree[0], Limits(-1))
    with pytest.raises(AgencyNotFound):
        actions.set_limits(10**9, Limits())


def test_administrators_run_what_lies_below_and_govern_what_lies_under_them(
    tree: tuple[int, int, int], member: Member, stranger: Member
) -> None:
    ministry, department, division = tree
    actions.appoint(member.person_id, department, DutyKind.ADMINISTRATOR)
    admin = _principal(member)
    for agency_id in (department, division):
        assert require_agency(admin, agency_id, AdminRight.MANAGE).id == agency_id
    assert require_agency(admin, division, AdminRight.GOVERN)
    with pytest.raises(AgencyForbidden):
        require_agency(admin, department, AdminRight.GOVERN)
    for agency_id in (ministry, 10**9):
        with pytest.raises(AgencyNotFound) as refusal:
            require_agency(admin, agency_id, AdminRight.SEE)
        assert type(refusal.value) is AgencyNotFound
    with pytest.raises(AgencyNotFound):
        require_agency(_principal(stranger), division, AdminRight.SEE)


def test_operators_run_the_service_and_a_duty_that_has_ended_is_none(
    tree: tuple[int, int, int], member: Member, stranger: Member
) -> None:
    actions.appoint(member.person_id, None, DutyKind.OPERATOR)
    assert require_operator(_principal(member)).is_operator
    assert require_agency(_principal(member), tree[0], AdminRight.GOVERN)
    yesterday = clock.now() - timedelta(days=1)
    duty = actions.appoint(stranger.person_id, tree[0], DutyKind.ADMINISTRATOR, expires_at=yesterday)
    assert not authority_of(_principal(stranger)).is_anybody
    assert actions.appoint(stranger.person_id, tree[0], DutyKind.ADMINISTRATOR) == duty
    assert authority_of(_principal(stranger)).administered == {tree[0]}
    actions.dismiss(duty)
    assert not authority_of(_principal(stranger)).is_anybody
    with pytest.raises(AgencyForbidden):
        require_operator(_principal(stranger))
    with pytest.raises(EntryInvalid):
        actions.appoint(member.person_id, tree[0], DutyKind.OPERATOR)


def test_a_duty_opens_no_mailbox(tree: tuple[int, int, int], member: Member, stranger: Member) -> None:
    actions.appoint(member.person_id, None, DutyKind.OPERATOR)
    assert stranger.account_id not in _principal(member).account_ids


def test_entries_are_said_in_turns(member: Member, told: tuple[list[int], list[int]]) -> None:
    assert queries.profile(member.person_id).version == 0
    assert actions.edit_profile(member.person_id, {"title": "ดร.", "mobile": "08 1234 5678"}, 0) == 1
    with pytest.raises(EditedMeanwhile):
        actions.edit_profile(member.person_id, {"title": "นาย"}, 0)
    actions.choose_hidden(member.person_id, ["mobile"], 1)
    actions.set_picture(member.person_id, b"\1" * 32, 2)
    actions.set_listed(member.person_id, 3, is_listed=False)
    profile = queries.profile(member.person_id)
    assert (profile.title, profile.hidden, profile.picture) == ("ดร.", ("mobile",), b"\1" * 32)
    assert not profile.is_listed
    assert told[0] == [member.person_id] * 4


@pytest.mark.parametrize(
    "changes", [{"login": "x"}, {"title": "x" * 1001}, {"about": "a\0"}, {"mobile": "1\n2"}]
)
def test_what_an_entry_cannot_say(member: Member, changes: dict[str, str]) -> None:
    with pytest.raises(EntryInvalid, match=next(iter(changes))):
        actions.edit_profile(member.person_id, changes, 0)
    with pytest.raises(EntryInvalid):
        actions.choose_hidden(member.person_id, ["office_phone"], 0)
    with pytest.raises(EntryNotFound):
        actions.edit_profile(10**9, {}, 0)


def test_posts_and_who_holds_them(
    tree: tuple[int, int, int], member: Member, told: tuple[list[int], list[int]]
) -> None:
    post = actions.create_post(tree[2], "ผู้อำนวยการกองคลัง", is_head=True)
    holding = actions.hold_post(member.person_id, post, HoldingKind.ACTING, until=date(2026, 12, 31))
    assert actions.hold_post(member.person_id, post, HoldingKind.ACTING) == holding
    assert [one.person_id for one in queries.holdings_of_posts([post])] == [member.person_id]
    assert queries.holdings_of_people([member.person_id])[0].until is None
    actions.edit_post(post, 1, title_th="ผอ.กองคลัง", title_en="", is_head=True, position=1)
    with pytest.raises(EditedMeanwhile):
        actions.edit_post(post, 1, title_th="ผอ.", title_en="", is_head=True, position=1)
    with pytest.raises(PeriodInvalid):
        actions.hold_post(member.person_id, post, since=date(2026, 2, 1), until=date(2026, 1, 1))
    actions.release_post(holding)
    actions.abolish_post(post)
    assert queries.posts_of([tree[2]]) == []
    with pytest.raises(EntryNotFound):
        actions.hold_post(member.person_id, post)
    assert told[0] == [member.person_id] * 4


def test_a_delegation_begins_and_ends_by_itself(member: Member, stranger: Member) -> None:
    now = clock.now()
    for since, until, holds in [
        (now - timedelta(1), now + timedelta(1), True),
        (now + timedelta(1), None, False),
        (None, now - timedelta(1), False),
    ]:
        actions.grant(member.person_id, stranger.account_id, Role.MEMBER, since=since, until=until)
        assert (stranger.account_id in _principal(member).roles) is holds
        assert (member.email in queries.logins_sending_as(stranger.email)) is holds
    with pytest.raises(PeriodInvalid):
        actions.grant(member.person_id, stranger.account_id, Role.MEMBER, since=now, until=now)
