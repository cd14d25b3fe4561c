"""Email/queryChanges and Email/changes: a cached list brought up to date equals a fresh one (rfc8620#5.2, #5.6)."""

from __future__ import annotations

import random
from typing import Any

import pytest

from tests.compliance.jmap.email.session import JmapSession
from tests.conftest import letter


def _query(jmap: JmapSession, **arguments: Any) -> tuple[list[str], str]:
    result = jmap.call("Email/query", **arguments)
    return result["ids"], result["queryState"]


def _brought_up_to_date(cached: list[str], delta: dict[str, Any]) -> list[str]:
    """The splice of rfc8620#5.6."""
    kept = [each for each in cached if each not in set(delta["removed"])]
    for added in sorted(delta["added"], key=lambda each: each["index"]):
        kept.insert(added["index"], added["id"])
    return kept


def test_nothing_changed(jmap: JmapSession) -> None:
    jmap.import_(letter())
    _, state = _query(jmap)
    delta = jmap.call("Email/queryChanges", sinceQueryState=state, calculateTotal=True)
    assert delta["oldQueryState"] == delta["newQueryState"] == state
    assert (delta["removed"], delta["added"], delta["total"]) == ([], [], 1)


@pytest.mark.parametrize(
    "arguments",
    [
        {},
        {"collapseThreads": True},
        {"filter": {"notKeyword": "$seen"}, "collapseThreads": True},
        {"filter": {"hasKeyword": "$flagged"}, "sort": [{"property": "subject"}, {"property": "receivedAt"}]},
    ],
)
def test_any_mixture_of_changes_can_be_followed(jmap: JmapSession, arguments: dict[str, Any]) -> None:
    random.seed(5)
    ids = [jmap.import_(letter(f"subject {n % 3}", message_id=f"<{n}@x>"))["id"] for n in range(6)]
    cached, state = _query(jmap, **arguments)
    if not jmap.call("Email/query", **arguments)["canCalculateChanges"]:
        pytest.skip("the server says it cannot calculate changes of this query")
    for step in range(8):
        ids.append(jmap.import_(letter(f"Re: subject {step % 3}", references=f"<{step % 6}@x>"))["id"])
        changed = random.sample(ids, 3)
        keyword = random.choice(["$seen", "$flagged"])
        jmap.call("Email/set", update={each: {f"keywords/{keyword}": True} for each in changed})
        gone = ids.pop(random.randrange(len(ids)))
        jmap.call("Email/set", destroy=[gone])
        delta = jmap.call("Email/queryChanges", sinceQueryState=state, **arguments)
        fresh, _ = _query(jmap, **arguments)
        assert _brought_up_to_date(cached, delta) == fresh
        cached, state = fresh, delta["newQueryState"]


def test_a_state_that_never_was(jmap: JmapSession) -> None:
    for state in ("nonsense", "", "999999", "-1", "0" * 255):
        error = jmap.error("Email/queryChanges", sinceQueryState=state)
        assert error["type"] == "cannotCalculateChanges", state
    assert jmap.error("Email/queryChanges")["type"] == "invalidArguments"
    _, state = _query(jmap)
    error = jmap.error("Email/queryChanges", sinceQueryState=state, filter={"nosuch": 1})
    assert error["type"] == "unsupportedFilter"


def test_too_many_changes_are_said(jmap: JmapSession) -> None:
    _, state = _query(jmap)
    for _ in range(4):
        jmap.import_(letter())
    error = jmap.error("Email/queryChanges", sinceQueryState=state, maxChanges=2)
    assert error["type"] == "tooManyChanges"
    assert jmap.error("Email/queryChanges", sinceQueryState=state, maxChanges=0)["type"] == "invalidArguments"


def test_changes_in_pieces_add_up(jmap: JmapSession) -> None:
    state = jmap.call("Email/get", ids=[])["state"]
    ids = {jmap.import_(letter())["id"] for _ in range(5)}
    seen: set[str] = set()
    for _ in range(10):
        changes = jmap.call("Email/changes", sinceState=state, maxChanges=2)
        assert len(changes["created"] + changes["updated"] + changes["destroyed"]) <= 2
        assert changes["oldState"] == state
        seen |= set(changes["created"])
        state = changes["newState"]
        if not changes["hasMoreChanges"]:
            break
    assert seen == ids
    assert state == jmap.call("Email/get", ids=[])["state"]


def test_each_kind_of_change_is_told(jmap: JmapSession) -> None:
    kept, gone = jmap.import_(letter())["id"], jmap.import_(letter())["id"]
    state = jmap.call("Email/get", ids=[])["state"]
    brief = jmap.import_(letter())["id"]
    jmap.call("Email/set", update={kept: {"keywords/$seen": True}}, destroy=[gone, brief])
    changes = jmap.call("Email/changes", sinceState=state)
    assert (changes["created"], changes["updated"], changes["destroyed"]) == ([], [kept], [gone])


def test_changes_since_no_state_of_ours(jmap: JmapSession) -> None:
    for state in ("nonsense", "", "999999", "01", "٣", "-1"):
        assert jmap.error("Email/changes", sinceState=state)["type"] == "cannotCalculateChanges", state
    for arguments in (
        {},
        {"sinceState": 1},
        {"sinceState": "0", "maxChanges": 0},
        {"sinceState": "0", "x": 1},
    ):
        assert jmap.error("Email/changes", **arguments)["type"] == "invalidArguments"
