"""Limits handed down: whose they are, what counts, and that nobody slips through together."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from pirab.directory import actions, limits
from pirab.directory.errors import LimitAboveParent, LimitReached
from pirab.directory.limits import Resource
from pirab.directory.types import AccountKind, AgencyFacts, Limits

GB = 10**9


class Tree:
    """A ministry, two departments, and a division of the first one."""

    def __init__(self) -> None:
        self.ministry = actions.create_agency(None, AgencyFacts("กระทรวง"))
        self.first = actions.create_agency(self.ministry, AgencyFacts("กรมหนึ่ง"))
        self.second = actions.create_agency(self.ministry, AgencyFacts("กรมสอง"))
        self.division = actions.create_agency(self.first, AgencyFacts("กอง"))
        self.made = 0

    def person(self, agency_id: int) -> int:
        self.made += 1
        return actions.create_person(f"p{self.made}@x.go.test", "คน", agency_id=agency_id)


@pytest.fixture
def tree(db: None) -> Tree:
    return Tree()


def test_a_limit_holds_for_all_below_and_the_refusal_names_it(tree: Tree) -> None:
    actions.set_limits(tree.ministry, Limits(most_people=2))
    tree.person(tree.division)
    tree.person(tree.second)
    with pytest.raises(LimitReached) as refused:
        tree.person(tree.division)
    assert (refused.value.agency_id, refused.value.most, refused.value.used) == (tree.ministry, 2, 3)
    assert "กระทรวง" in refused.value.message
    assert limits.used_by(tree.ministry, Resource.PEOPLE) == 2


def test_the_nearest_to_the_root_is_named_first(tree: Tree) -> None:
    actions.set_limits(tree.first, Limits(most_people=0))
    with pytest.raises(LimitReached) as refused:
        tree.person(tree.division)
    assert refused.value.agency_id == tree.first
    tree.person(tree.second)


def test_disabled_people_leave_room_and_need_it_to_come_back(tree: Tree) -> None:
    actions.set_limits(tree.first, Limits(most_people=1))
    one = tree.person(tree.first)
    actions.disable_person(one)
    other = tree.person(tree.division)
    with pytest.raises(LimitReached):
        actions.enable_person(one)
    actions.disable_person(other)
    actions.enable_person(one)
    actions.enable_person(one)


def test_a_move_within_a_full_agency_is_none_of_its_business(tree: Tree) -> None:
    actions.set_limits(tree.ministry, Limits(most_people=1))
    actions.set_limits(tree.second, Limits(most_people=0))
    one = tree.person(tree.first)
    actions.place_person(one, tree.division)
    with pytest.raises(LimitReached) as refused:
        actions.place_person(one, tree.second)
    assert refused.value.agency_id == tree.second


def test_storage_is_what_accounts_are_promised(tree: Tree) -> None:
    actions.set_agency_quota(tree.first, 3 * GB)
    one = actions.open_account("x", AccountKind.PERSONAL, None, tree.division)
    actions.open_account("y", AccountKind.SHARED, 2 * GB, tree.division)
    assert limits.used_by(tree.ministry, Resource.STORAGE) == 5 * GB
    actions.set_limits(tree.ministry, Limits(most_storage_bytes=6 * GB))
    with pytest.raises(LimitReached):
        actions.open_account("z", AccountKind.PERSONAL, None, tree.second)
    with pytest.raises(LimitReached):
        actions.set_quota(one, 5 * GB)
    with pytest.raises(LimitReached):
        actions.set_agency_quota(tree.first, 5 * GB)
    assert limits.used_by(tree.ministry, Resource.STORAGE) == 5 * GB
    actions.set_quota(one, 4 * GB)
    actions.set_limits(tree.ministry, Limits(most_storage_bytes=1))
    actions.set_quota(one, 3 * GB)  # less than before always fits


def test_domains_are_counted(tree: Tree) -> None:
    actions.set_limits(tree.first, Limits(most_domains=1))
    actions.ensure_domain("one.go.test", tree.division)
    actions.ensure_domain("one.go.test", tree.division)
    with pytest.raises(LimitReached):
        actions.ensure_domain("two.go.test", tree.first)


def test_a_moved_agency_needs_room_where_it_comes_to(tree: Tree) -> None:
    tree.person(tree.division)
    actions.set_limits(tree.second, Limits(most_people=0))
    with pytest.raises(LimitReached) as refused:
        actions.move_agency(tree.first, tree.second)
    assert refused.value.agency_id == tree.second
    actions.set_limits(tree.ministry, Limits(most_people=0))
    actions.move_agency(tree.division, tree.ministry)  # stays below the same limit: nothing is added


def test_a_limit_is_at_most_what_the_one_above_has_left(tree: Tree) -> None:
    actions.set_limits(tree.ministry, Limits(most_people=10))
    for _ in range(4):
        tree.person(tree.second)
    tree.person(tree.division)
    with pytest.raises(LimitAboveParent) as refused:
        actions.set_limits(tree.division, Limits(most_people=7))
    assert (refused.value.agency_id, refused.value.left) == (tree.ministry, 6)
    actions.set_limits(tree.division, Limits(most_people=6))
    actions.set_limits(tree.first, Limits())


def test_usage_shows_what_is_left_under_every_limit(tree: Tree) -> None:
    actions.set_limits(tree.ministry, Limits(most_people=3))
    actions.set_limits(tree.division, Limits(most_people=3))
    tree.person(tree.second)
    tree.person(tree.division)
    people, storage, domains = limits.usage_of(tree.division)
    assert (people.used, people.most, people.left) == (1, 3, 1)
    assert (storage.used, storage.most, storage.left) == (0, None, None)
    assert (domains.used, domains.left) == (0, None)


@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_as_many_come_in_as_there_is_room() -> None:
    tree = Tree()
    actions.set_limits(tree.ministry, Limits(most_people=5))
    actions.set_limits(tree.first, Limits(most_people=4))
    places = [tree.division, tree.first, tree.second, tree.ministry] * 3
    outcomes = _together([lambda place=place: tree.person(place) for place in places])  # type: ignore[misc]
    assert sum(isinstance(outcome, int) for outcome in outcomes) == 5
    assert all(isinstance(outcome, int | LimitReached) for outcome in outcomes), outcomes
    assert limits.used_by(tree.ministry, Resource.PEOPLE) == 5
    assert limits.used_by(tree.first, Resource.PEOPLE) <= 4


@pytest.mark.django_db(transaction=True)
def test_nobody_comes_in_while_the_tree_is_moved() -> None:
    tree = Tree()
    actions.set_limits(tree.second, Limits(most_people=1))
    acts: list[Callable[[], object]] = [lambda: actions.move_agency(tree.division, tree.second)]
    acts += [lambda: tree.person(tree.division)] * 5
    outcomes = _together(acts)
    assert all(isinstance(outcome, int | LimitReached | None) for outcome in outcomes), outcomes
    has_moved = not isinstance(outcomes[0], Exception)
    used = limits.used_by(tree.division, Resource.PEOPLE)
    assert used <= 1 if has_moved else used > 1


def _together(acts: list[Callable[[], object]]) -> list[object]:
    """What each act returned or raised, all begun at one moment on connections of their own."""
    barrier = Barrier(len(acts))

    def run(act: Callable[[], object]) -> object:
        barrier.wait()
        try:
            return act()
        except Exception as error:  # noqa: BLE001 - the caller looks at it
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))
