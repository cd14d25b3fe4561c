"""Mailbox/queryChanges (rfc8621#2.4): applied to the old results it must give the new ones (rfc8620#5.6)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.compliance.jmap.door import Door

QUERIES: list[dict[str, Any]] = [
    {},
    {"sort": [{"property": "name"}]},
    {"filter": {"hasAnyRole": False}, "sort": [{"property": "sortOrder"}, {"property": "name"}]},
    {"filter": {"name": "a"}, "sort": [{"property": "name", "isAscending": False}]},
    {"sort": [{"property": "name"}], "sortAsTree": True},
    {"filter": {"isSubscribed": True}, "sort": [{"property": "name"}], "filterAsTree": True},
]


def splice(ids: list[str], delta: dict[str, Any]) -> list[str]:
    """What a client does with the answer."""
    kept = [box_id for box_id in ids if box_id not in set(delta["removed"])]
    for item in delta["added"]:
        kept.insert(item["index"], item["id"])
    return kept


def change_everything(door: Door) -> None:
    top = door.make_mailbox("amber")
    below = door.make_mailbox("bark", parentId=top)
    gone = door.make_mailbox("cat")
    door.make_mailbox("deep", parentId=below)
    door.call(
        "Mailbox/set",
        update={top: {"name": "zinc", "sortOrder": 3}, below: {"isSubscribed": False}},
        destroy=[gone],
    )


@pytest.mark.parametrize("query", QUERIES)
def test_the_delta_leads_from_the_old_results_to_the_new(door: Door, query: dict[str, Any]) -> None:
    door.make_mailbox("a first one")
    door.make_mailbox("below", parentId=door.make_mailbox("parent"))
    before = door.call("Mailbox/query", **query)
    change_everything(door)
    door.call("Mailbox/set", update={door.mailboxes()["parent"]["id"]: {"name": "yard"}})
    delta = door.call(
        "Mailbox/queryChanges", sinceQueryState=before["queryState"], calculateTotal=True, **query
    )
    after = door.call("Mailbox/query", **query)
    assert splice(before["ids"], delta) == after["ids"]
    assert (delta["newQueryState"], delta["total"]) == (after["queryState"], len(after["ids"]))
    assert delta["oldQueryState"] == before["queryState"]


def test_nothing_changed_since_now(door: Door) -> None:
    now = door.call("Mailbox/query")["queryState"]
    delta = door.call("Mailbox/queryChanges", sinceQueryState=now)
    assert (delta["removed"], delta["added"], "total" in delta) == ([], [], False)


def test_more_changes_than_wanted_are_refused(door: Door) -> None:
    before = door.call("Mailbox/query")["queryState"]
    change_everything(door)
    error = door.refusal("Mailbox/queryChanges", sinceQueryState=before, maxChanges=2)
    assert error["type"] == "tooManyChanges"


@pytest.mark.parametrize("since", ["x", "99999999", "-1"])
def test_a_state_that_never_was_is_refused(door: Door, since: str) -> None:
    assert door.refusal("Mailbox/queryChanges", sinceQueryState=since)["type"] == "cannotCalculateChanges"
