"""Quota/get, changes, query and queryChanges (rfc9425)."""

from __future__ import annotations

from typing import Any

import pytest

from pirab.core import clock
from pirab.core.ids import IdKind, encode_id
from pirab.directory import actions as directory
from pirab.directory.types import Role
from pirab.jmap.capabilities import CORE, QUOTA
from pirab.store import actions as store
from pirab.store.types import Delivery
from tests.compliance.jmap.door import Door
from tests.conftest import letter

USING = [CORE, QUOTA]
METHODS = ("Quota/get", "Quota/changes", "Quota/query", "Quota/queryChanges")
NEEDED: dict[str, dict[str, Any]] = {
    "Quota/changes": {"sinceState": "0-0"},
    "Quota/queryChanges": {"sinceQueryState": "0-0"},
}


def get(door: Door, **arguments: Any) -> dict[str, Any]:
    return door.call("Quota/get", using=USING, **arguments)


def put_letter(door: Door) -> int:
    raw = letter()
    store.deliver(store.ensure_message(raw), [Delivery(door.member.account_id, clock.now())])
    return len(raw)


def test_an_account_has_one_quota_of_octets(door: Door) -> None:
    size = put_letter(door)
    [quota] = get(door)["list"]
    assert quota == {
        "id": encode_id(IdKind.QUOTA, door.member.account_id),
        "resourceType": "octets",
        "used": size,
        "hardLimit": 10**9,
        "warnLimit": 8 * 10**8,
        "softLimit": 95 * 10**7,
        "scope": "account",
        "name": "Mail",
        "types": ["Email"],
        "description": quota["description"],
    }
    assert get(door, ids=[quota["id"]], properties=["used"])["list"] == [{"id": quota["id"], "used": size}]
    assert get(door, ids=["q0", "nothing"])["notFound"] == ["q0", "nothing"]
    assert door.refusal("Quota/get", using=USING, properties=["colour"])["type"] == "invalidArguments"


def test_changes_tell_used_from_limit(door: Door) -> None:
    first = get(door)["state"]
    same = door.call("Quota/changes", using=USING, sinceState=first)
    assert (same["updated"], same["newState"], same["updatedProperties"]) == ([], first, None)
    put_letter(door)
    moved = door.call("Quota/changes", using=USING, sinceState=first)
    assert moved["updated"] == [encode_id(IdKind.QUOTA, door.member.account_id)]
    assert (moved["updatedProperties"], moved["hasMoreChanges"]) == (["used"], False)
    store.set_quota(door.member.account_id, 5 * 10**8)
    widened = door.call("Quota/changes", using=USING, sinceState=moved["newState"])
    assert (len(widened["updated"]), widened["updatedProperties"]) == (1, None)
    assert widened["newState"] == get(door)["state"]


@pytest.mark.parametrize("state", ["", "7", "a-b", "-1-5", "01-5", "1-2-3", "๑-๒", "1" * 40 + "-1"])
def test_a_state_that_never_was(door: Door, state: str) -> None:
    assert door.refusal("Quota/changes", using=USING, sinceState=state)["type"] == "cannotCalculateChanges"
    refusal = door.refusal("Quota/queryChanges", using=USING, sinceQueryState=state)
    assert refusal["type"] == "cannotCalculateChanges"


@pytest.mark.parametrize(
    ("condition", "matches"),
    [
        (None, True),
        ({}, True),
        ({"name": "mai"}, True),
        ({"name": "calendar"}, False),
        ({"scope": "account", "resourceType": "octets", "type": "Email"}, True),
        ({"scope": "domain"}, False),
        ({"resourceType": "count"}, False),
        ({"type": "Calendar"}, False),
        ({"operator": "NOT", "conditions": [{"scope": "domain"}]}, True),
        ({"operator": "AND", "conditions": [{"scope": "domain"}, {}]}, False),
        ({"operator": "OR", "conditions": [{"scope": "domain"}, {"type": "Email"}]}, True),
    ],
)
def test_query(door: Door, condition: dict[str, Any] | None, matches: bool) -> None:
    found = door.call("Quota/query", using=USING, filter=condition, calculateTotal=True)
    expected = [encode_id(IdKind.QUOTA, door.member.account_id)] if matches else []
    assert (found["ids"], found["total"]) == (expected, len(expected))
    put_letter(door)
    later = door.call(
        "Quota/queryChanges",
        using=USING,
        filter=condition,
        sinceQueryState=found["queryState"],
        calculateTotal=True,
    )
    assert (later["removed"], later["added"], later["total"]) == ([], [], len(expected))
    assert later["newQueryState"] != found["queryState"]


@pytest.mark.parametrize(
    ("arguments", "kind"),
    [
        ({"filter": {"colour": "red"}}, "unsupportedFilter"),
        ({"filter": {"name": 7}}, "invalidArguments"),
        ({"filter": {"operator": "XOR", "conditions": []}}, "invalidArguments"),
        ({"filter": {"operator": "AND", "conditions": "x"}}, "invalidArguments"),
        ({"sort": [{"property": "hardLimit"}]}, "unsupportedSort"),
        ({"anchor": "q0"}, "anchorNotFound"),
        ({"limit": -1}, "invalidArguments"),
    ],
)
def test_bad_queries(door: Door, arguments: dict[str, Any], kind: str) -> None:
    assert door.refusal("Quota/query", using=USING, **arguments)["type"] == kind


@pytest.mark.parametrize("name", METHODS)
def test_somebody_elses_is_not_found(door: Door, stranger_door: Door, name: str) -> None:
    refusal = stranger_door.refusal(name, using=USING, accountId=door.account_id, **NEEDED.get(name, {}))
    assert refusal["type"] == "accountNotFound"


def test_a_reader_sees_how_full_it_is_and_nobody_without_the_capability(
    door: Door, stranger_door: Door
) -> None:
    directory.grant(stranger_door.member.person_id, door.member.account_id, Role.READER)
    assert len(get(stranger_door, accountId=door.account_id)["list"]) == 1
    assert door.refusal("Quota/get")["type"] == "unknownMethod"


def test_nobody_asks_without_signing_in(door: Door) -> None:
    door.headers = {}
    door.problem({"using": USING, "methodCalls": [["Quota/get", {"accountId": door.account_id}, "c"]]}, 401)
