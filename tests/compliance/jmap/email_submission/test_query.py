"""EmailSubmission/get, query, queryChanges and changes (rfc8621#7.1 to #7.4)."""

from __future__ import annotations

from typing import Any

import pytest

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
