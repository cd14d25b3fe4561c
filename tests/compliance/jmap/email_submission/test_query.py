"""EmailSubmission/get, query, queryChanges and changes (rfc8621#7.1 to #7.4)."""

from __future__ import annotations

import random
from typing import Any

import pytest

from pirab.core import db
from pirab.core.ids import IdKind, decode_id
from pirab.submission import records
from tests.compliance.jmap.submission_door import SubmissionDoor, envelope


def held(door: SubmissionDoor, seconds: int, email: str | None = None) -> dict[str, Any]:
    given = envelope(door.member.email, "a@example.test", HOLDFOR=str(seconds))
    return door.submit(email or door.write(), envelope=given)


def ids(door: SubmissionDoor, **arguments: Any) -> list[str]:
    found: list[str] = door.call("EmailSubmission/query", **arguments)["ids"]
    return found


def test_newest_first_unless_asked_otherwise(door: SubmissionDoor) -> None:
    late, early, middle = (held(door, seconds)["id"] for seconds in (900, 300, 600))
    assert ids(door) == [late, middle, early]
    assert ids(door, sort=[{"property": "sentAt"}]) == [early, middle, late]
    assert ids(door, sort=[{"property": "sendAt", "isAscending": False}]) == [late, middle, early]
    assert sorted(ids(door, sort=[{"property": "emailId"}, {"property": "threadId"}])) == sorted(
        [late, early, middle]
    )
    assert door.refusal("EmailSubmission/query", sort=[{"property": "colour"}])["type"] == "unsupportedSort"


def test_pages_anchors_and_totals(door: SubmissionDoor) -> None:
    all_ids = [held(door, 1000 - n)["id"] for n in range(5)]
    page = door.call("EmailSubmission/query", position=1, limit=2, calculateTotal=True)
    assert (page["ids"], page["position"], page["total"]) == (all_ids[1:3], 1, 5)
    assert ids(door, position=-2) == all_ids[3:]
    assert ids(door, anchor=all_ids[2], anchorOffset=-1, limit=2) == all_ids[1:3]
    assert ids(door, anchor=all_ids[0], anchorOffset=-9, limit=1) == all_ids[:1]
    assert ids(door, position=99) == []
    assert door.refusal("EmailSubmission/query", anchor="s1")["type"] == "anchorNotFound"


def test_filters(door: SubmissionDoor, stranger_door: SubmissionDoor) -> None:
    email = door.write()
    first, second = held(door, 100, email), held(door, 200)
    door.call("EmailSubmission/set", update={second["id"]: {"undoStatus": "canceled"}})
    whole = door.submission(first["id"])
    for wanted in (
        {"emailIds": [email]},
        {"threadIds": [whole["threadId"]]},
        {"undoStatus": "pending"},
        {"before": second["sendAt"]},
        {"operator": "NOT", "conditions": [{"undoStatus": "canceled"}]},
        {"operator": "OR", "conditions": [{"emailIds": [email]}, {"emailIds": []}]},
        {"operator": "AND", "conditions": [{"identityIds": [door.identity_id]}, {"undoStatus": "pending"}]},
    ):
        assert ids(door, filter=wanted) == [first["id"]], wanted
    assert ids(door, filter={"after": second["sendAt"]}) == [second["id"]]
    assert ids(door, filter={"emailIds": [], "undoStatus": "pending"}) == []
    assert ids(door, filter={"emailIds": ["nonsense", stranger_door.write()]}) == []
    assert len(ids(door, filter={})) == 2
    assert ids(stranger_door) == []


@pytest.mark.parametrize(
    ("wanted", "kind"),
    [
        ({"colour": "red"}, "unsupportedFilter"),
        ({"undoStatus": "gone"}, "invalidArguments"),
        ({"before": "yesterday"}, "invalidArguments"),
        ({"emailIds": "e1"}, "invalidArguments"),
        ({"operator": "XOR", "conditions": []}, "invalidArguments"),
        ({"operator": "OR", "conditions": [[]]}, "invalidArguments"),
        ({"operator": "OR", "conditions": [{}] * 200}, "unsupportedFilter"),
    ],
)
def test_filters_that_are_none(door: SubmissionDoor, wanted: dict[str, Any], kind: str) -> None:
    assert door.refusal("EmailSubmission/query", filter=wanted)["type"] == kind


def test_a_filter_nested_without_end(door: SubmissionDoor) -> None:
    wanted: dict[str, Any] = {}
    for _ in range(40):
        wanted = {"operator": "NOT", "conditions": [wanted]}
    assert door.refusal("EmailSubmission/query", filter=wanted)["type"] == "unsupportedFilter"


def test_query_changes_bring_a_cached_result_up_to_date(door: SubmissionDoor) -> None:
    wanted = {"undoStatus": "pending"}
    stays, goes, dies = (held(door, seconds)["id"] for seconds in (300, 200, 100))
    before = door.call("EmailSubmission/query", filter=wanted)
    cached = before["ids"]
    new = held(door, 250)["id"]
    door.call("EmailSubmission/set", update={goes: {"undoStatus": "canceled"}}, destroy=[dies])
    delta = door.call(
        "EmailSubmission/queryChanges",
        filter=wanted,
        sinceQueryState=before["queryState"],
        calculateTotal=True,
    )
    kept = [each for each in cached if each not in delta["removed"]]
    for item in delta["added"]:
        kept.insert(item["index"], item["id"])
    assert kept == ids(door, filter=wanted) == [stays, new]
    assert (delta["oldQueryState"], delta["total"]) == (before["queryState"], 2)
    refusal = door.refusal("EmailSubmission/queryChanges", sinceQueryState=before["queryState"], maxChanges=1)
    assert refusal["type"] == "tooManyChanges"
    refusal = door.refusal("EmailSubmission/queryChanges", sinceQueryState="99999999")
    assert refusal["type"] == "cannotCalculateChanges"


def updated(cached: list[str], delta: dict[str, Any]) -> list[str]:
    """A cached result brought up to date as rfc8620#5.6 says."""
    kept = [each for each in cached if each not in delta["removed"]]
    for item in delta["added"]:
        kept.insert(item["index"], item["id"])
    return kept


def test_every_page_is_a_slice_of_the_whole(door: SubmissionDoor) -> None:
    for seconds in (300, 100, 300, 200, 100, 500, 400):
        held(door, seconds)
    sorts: list[list[dict[str, Any]]] = [
        [],
        [{"property": "sentAt"}],
        [{"property": "emailId", "isAscending": False}],
    ]
    for sort in sorts:
        whole = ids(door, sort=sort)
        assert len(whole) == 7
        for position in (0, 1, 5, 6, 7, 99, 2**53 - 1, -1, -2, -7, -8, -(2**53) + 1):
            for limit in (0, 1, 3, 50):
                page = door.call(
                    "EmailSubmission/query", sort=sort, position=position, limit=limit, calculateTotal=True
                )
                start = position if position >= 0 else max(0, 7 + position)
                found = (page["ids"], page["position"], page["total"])
                assert found == (whole[start : start + limit], start, 7), (sort, position, limit)


def test_query_changes_agree_with_asking_again(door: SubmissionDoor) -> None:
    chance = random.Random(11)
    filters: list[dict[str, Any] | None] = [
        None,
        {"undoStatus": "pending"},
        {"operator": "NOT", "conditions": [{"undoStatus": "canceled"}]},
        {"after": "2020-01-01T00:00:00Z"},
    ]
    sorts = [[{"property": "sentAt", "isAscending": ascending}] for ascending in (True, False)]
    asked = [{"filter": wanted, "sort": sort} for wanted in filters for sort in sorts]
    alive = [held(door, chance.randint(100, 900))["id"] for _ in range(4)]
    before = [door.call("EmailSubmission/query", **each) for each in asked]
    for _ in range(5):
        for act in chance.choices(["make", "cancel", "destroy"], k=3):
            if act == "make" or len(alive) < 2:
                alive.append(held(door, chance.randint(100, 900))["id"])
            elif act == "cancel":
                door.call("EmailSubmission/set", update={chance.choice(alive): {"undoStatus": "canceled"}})
            else:
                door.call("EmailSubmission/set", destroy=[alive.pop(chance.randrange(len(alive)))])
        for number, query in enumerate(asked):
            since = before[number]["queryState"]
            delta = door.call("EmailSubmission/queryChanges", **query, sinceQueryState=since)
            now = door.call("EmailSubmission/query", **query)
            assert updated(before[number]["ids"], delta) == now["ids"], query
            assert delta["newQueryState"] == now["queryState"]
            before[number] = now


def test_what_moves_nothing_is_no_query_change(door: SubmissionDoor) -> None:
    """rfc8620#5.6: only `undoStatus` ever changes, and only a filter on it can tell."""
    first = held(door, 300)["id"]
    since = door.call("EmailSubmission/query")["queryState"]
    door.call("EmailSubmission/set", update={first: {"undoStatus": "canceled"}})
    new = held(door, 400)["id"]
    gone = held(door, 500)["id"]
    door.call("EmailSubmission/set", destroy=[gone])
    delta = door.call(
        "EmailSubmission/queryChanges", sinceQueryState=since, maxChanges=1, calculateTotal=True
    )
    assert (delta["removed"], delta["added"], delta["total"]) == ([], [{"id": new, "index": 0}], 2)
    up_to_new = door.call("EmailSubmission/queryChanges", sinceQueryState=since, upToId=new)
    assert up_to_new["added"] == [{"id": new, "index": 0}]
    late = held(door, 100)["id"]  # behind the last one known
    for last, added in ((first, [new]), (late, [new, late]), (gone, [new, late]), ("nonsense", [new, late])):
        delta = door.call("EmailSubmission/queryChanges", sinceQueryState=since, upToId=last)
        assert [item["id"] for item in delta["added"]] == added, last


def test_an_unknown_collation_is_refused(door: SubmissionDoor) -> None:
    for collation, is_known in (("i;octet", True), ("i;nonsense", False)):
        sort = [{"property": "sentAt", "collation": collation}]
        if is_known:
            assert ids(door, sort=sort) == []
        else:
            assert door.refusal("EmailSubmission/query", sort=sort)["type"] == "unsupportedSort"


def test_changes_come_in_pieces_that_add_up(door: SubmissionDoor) -> None:
    before = door.call("EmailSubmission/get", ids=[])["state"]
    made = [held(door, 100)["id"] for _ in range(3)]
    door.call("EmailSubmission/set", update={made[0]: {"undoStatus": "canceled"}}, destroy=[made[1]])
    seen: dict[str, set[str]] = {"created": set(), "updated": set(), "destroyed": set()}
    state, pieces = before, 0
    while True:
        changes = door.call("EmailSubmission/changes", sinceState=state, maxChanges=1)
        assert sum(len(changes[kind]) for kind in seen) <= 1
        for kind, known in seen.items():
            known.update(changes[kind])
        state, pieces = changes["newState"], pieces + 1
        if not changes["hasMoreChanges"]:
            break
    assert pieces >= 3
    assert seen["created"] - seen["destroyed"] == {made[0], made[2]}
    assert state == door.call("EmailSubmission/get", ids=[])["state"]
    for given in (0, -1, "1"):
        refusal = door.refusal("EmailSubmission/changes", sinceState=before, maxChanges=given)
        assert refusal["type"] == "invalidArguments"


def test_news_of_a_destroyed_submission_are_not_told(door: SubmissionDoor) -> None:
    """rfc8621#7.5: its delivery goes on, but for clients it is gone."""
    gone = held(door, 100)["id"]
    before = door.call("EmailSubmission/get", ids=[])["state"]
    door.call("EmailSubmission/set", destroy=[gone])
    with db.transaction():
        records.log_updated(door.member.account_id, decode_id(IdKind.SUBMISSION, gone))
    changes = door.call("EmailSubmission/changes", sinceState=before)
    assert (changes["created"], changes["updated"], changes["destroyed"]) == ([], [], [gone])


def test_changes_tell_what_happened(door: SubmissionDoor) -> None:
    old, gone = held(door, 100)["id"], held(door, 100)["id"]
    before = door.call("EmailSubmission/get", ids=[])["state"]
    made = held(door, 100)["id"]
    door.call("EmailSubmission/set", update={old: {"undoStatus": "canceled"}}, destroy=[gone])
    changes = door.call("EmailSubmission/changes", sinceState=before)
    assert (changes["created"], changes["updated"], changes["destroyed"]) == ([made], [old], [gone])
    assert changes["hasMoreChanges"] is False
    assert door.call("EmailSubmission/changes", sinceState=changes["newState"])["created"] == []


def test_get_by_properties_and_all(door: SubmissionDoor) -> None:
    first, second = held(door, 100)["id"], held(door, 200)["id"]
    answer = door.call("EmailSubmission/get", ids=None, properties=["undoStatus"])
    assert answer["list"] == [
        {"id": second, "undoStatus": "pending"},
        {"id": first, "undoStatus": "pending"},
    ]
    assert door.refusal("EmailSubmission/get", ids=[], properties=["colour"])["type"] == "invalidArguments"


def test_somebody_elses_account_is_not_found(door: SubmissionDoor, stranger_door: SubmissionDoor) -> None:
    for name, arguments in (
        ("EmailSubmission/get", {"ids": None}),
        ("EmailSubmission/query", {}),
        ("EmailSubmission/changes", {"sinceState": "0"}),
        ("EmailSubmission/queryChanges", {"sinceQueryState": "0"}),
        ("EmailSubmission/set", {}),
    ):
        refusal = door.refusal(name, accountId=stranger_door.account_id, **arguments)
        assert refusal["type"] == "accountNotFound"
