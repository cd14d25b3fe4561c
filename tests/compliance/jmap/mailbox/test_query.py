"""Mailbox/query (rfc8621#2.3) and its paging (rfc8620#5.5)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.compliance.jmap.door import Door


def names(door: Door, **arguments: Any) -> list[str]:
    ids = door.call("Mailbox/query", **arguments)["ids"]
    by_id = {box["id"]: name for name, box in door.mailboxes().items()}
    return [by_id[box_id] for box_id in ids]


@pytest.fixture
def tree(door: Door) -> dict[str, str]:
    """โครงการ > (ก > ลึก, ข) and งาน beside the mailboxes every account has."""
    project = door.make_mailbox("โครงการ", sortOrder=20)
    ids = {"โครงการ": project, "งาน": door.make_mailbox("งาน", sortOrder=30, isSubscribed=False)}
    ids["ก"] = door.make_mailbox("ก", parentId=project, sortOrder=2)
    ids["ข"] = door.make_mailbox("ข", parentId=project, sortOrder=1)
    ids["ลึก"] = door.make_mailbox("ลึก", parentId=ids["ก"])
    return ids


@pytest.mark.parametrize("given", [None, {}])
def test_no_filter_finds_everything(door: Door, given: object) -> None:
    answer = door.call("Mailbox/query", filter=given, calculateTotal=True)
    assert (len(answer["ids"]), answer["total"], answer["position"]) == (6, 6, 0)
    assert answer["canCalculateChanges"] is True
    assert answer["queryState"]
    assert "total" not in door.call("Mailbox/query")


def test_conditions_select(door: Door, tree: dict[str, str]) -> None:
    assert names(door, filter={"parentId": tree["โครงการ"]}) == ["ข", "ก"]
    assert len(names(door, filter={"parentId": None})) == 8
    assert names(door, filter={"name": "RAF"}) == ["Drafts"]
    assert names(door, filter={"role": "trash"}) == ["Trash"]
    assert len(names(door, filter={"role": None})) == 5
    assert len(names(door, filter={"hasAnyRole": True})) == 6
    assert names(door, filter={"isSubscribed": False}) == ["งาน"]
    assert names(door, filter={"parentId": None, "hasAnyRole": False}) == ["โครงการ", "งาน"]
    assert names(door, filter={"parentId": "nonexistent"}) == []


def test_operators_combine(door: Door, tree: dict[str, str]) -> None:
    inbox, sent = {"role": "inbox"}, {"role": "sent"}
    assert names(door, filter={"operator": "OR", "conditions": [inbox, sent]}) == ["Inbox", "Sent"]
    assert names(door, filter={"operator": "AND", "conditions": [inbox, sent]}) == []
    not_either = {"operator": "NOT", "conditions": [inbox, sent]}
    assert len(names(door, filter=not_either)) == 9
    assert len(names(door, filter={"operator": "NOT", "conditions": [not_either]})) == 2
    assert len(names(door, filter={"operator": "AND", "conditions": []})) == 11
    assert names(door, filter={"operator": "OR", "conditions": []}) == []


def test_names_sort_as_a_thai_reader_expects(door: Door) -> None:
    for name in ["เกาะ", "ก่อน", "กอน", "ขา", "แก้ว", "กา", "zebra", "Apple"]:
        door.make_mailbox(name)
    found = names(door, filter={"hasAnyRole": False}, sort=[{"property": "name"}])
    assert found == ["Apple", "zebra", "กอน", "ก่อน", "กา", "เกาะ", "แก้ว", "ขา"]


def test_sort_keys_weigh_in_their_order(door: Door, tree: dict[str, str]) -> None:
    by_order = [{"property": "sortOrder"}, {"property": "name", "isAscending": False}]
    mine = {"hasAnyRole": False}
    assert names(door, filter=mine, sort=by_order) == ["ลึก", "ข", "ก", "โครงการ", "งาน"]
    backwards = [{"property": "sortOrder", "isAscending": False}]
    assert names(door, filter=mine, sort=backwards) == ["งาน", "โครงการ", "ก", "ข", "ลึก"]


def test_a_tree_keeps_families_together(door: Door, tree: dict[str, str]) -> None:
    arguments = {"filter": {"hasAnyRole": False}, "sort": [{"property": "sortOrder"}], "sortAsTree": True}
    assert names(door, **arguments) == ["โครงการ", "ข", "ก", "ลึก", "งาน"]


def test_a_filtered_tree_needs_every_ancestor(door: Door, tree: dict[str, str]) -> None:
    matching = {"operator": "NOT", "conditions": [{"name": "ก"}, {"hasAnyRole": True}]}
    assert names(door, filter=matching) == ["ข", "งาน"] or "ลึก" not in names(door, filter=matching)
    orphan = {"name": "ล"}
    assert names(door, filter=orphan) == ["ลึก"]
    assert names(door, filter=orphan, filterAsTree=True) == []


@pytest.mark.parametrize(
    ("arguments", "start", "end"),
    [
        ({"position": 2}, 2, 6),
        ({"position": 2, "limit": 3}, 2, 5),
        ({"position": -2}, 4, 6),
        ({"position": -100, "limit": 1}, 0, 1),
        ({"position": 100}, 100, 100),
        ({"limit": 0}, 0, 0),
        ({"anchor": 3}, 3, 6),
        ({"anchor": 3, "anchorOffset": -2, "limit": 2}, 1, 3),
        ({"anchor": 3, "anchorOffset": -100, "limit": 2}, 0, 2),
        ({"anchor": 3, "anchorOffset": 100}, 103, 103),
        ({"anchor": 3, "position": 5}, 3, 6),
    ],
)
def test_a_page_is_cut_where_asked(door: Door, arguments: dict[str, Any], start: int, end: int) -> None:
    everything = door.call("Mailbox/query")["ids"]
    if "anchor" in arguments:
        arguments = arguments | {"anchor": everything[arguments["anchor"]]}
    answer = door.call("Mailbox/query", **arguments)
    assert (answer["position"], answer["ids"]) == (start, everything[start:end])


@pytest.mark.parametrize("anchor", ["nonexistent", "m9zzzzz", "e1"])
def test_an_anchor_outside_the_results_is_not_found(door: Door, anchor: str) -> None:
    assert door.refusal("Mailbox/query", anchor=anchor)["type"] == "anchorNotFound"


@pytest.mark.parametrize(
    ("arguments", "kind"),
    [
        ({"filter": {"noSuch": 1}}, "unsupportedFilter"),
        ({"filter": {"name": 1}}, "invalidArguments"),
        ({"filter": {"hasAnyRole": None}}, "invalidArguments"),
        ({"filter": {"operator": "XOR", "conditions": []}}, "invalidArguments"),
        ({"filter": {"operator": "AND"}}, "invalidArguments"),
        ({"filter": {"operator": "AND", "conditions": [7]}}, "invalidArguments"),
        ({"filter": {"operator": "AND", "conditions": [], "name": "x"}}, "invalidArguments"),
        ({"filter": []}, "invalidArguments"),
        ({"sort": [{"property": "totalEmails"}]}, "unsupportedSort"),
        ({"sort": [{"property": "name", "collation": "i;klingon"}]}, "unsupportedSort"),
        ({"sort": [{}]}, "invalidArguments"),
        ({"sort": {"property": "name"}}, "invalidArguments"),
        ({"limit": -1}, "invalidArguments"),
        ({"limit": 2**60}, "invalidArguments"),
        ({"position": "0"}, "invalidArguments"),
        ({"sortAsTree": 1}, "invalidArguments"),
    ],
)
def test_what_cannot_be_asked_is_refused(door: Door, arguments: dict[str, Any], kind: str) -> None:
    assert door.refusal("Mailbox/query", **arguments)["type"] == kind
