"""Mailbox/changes (rfc8621#2.2)."""

from __future__ import annotations

import pytest

from pirab.core import clock
from pirab.store import actions as store
from pirab.store.types import Delivery, MailboxRole
from tests.compliance.jmap.door import Door
from tests.conftest import letter


def state(door: Door) -> str:
    return str(door.call("Mailbox/get", ids=[])["state"])


def test_nothing_changed_since_now(door: Door) -> None:
    now = state(door)
    assert door.call("Mailbox/changes", sinceState=now) == {
        "accountId": door.account_id,
        "oldState": now,
        "newState": now,
        "hasMoreChanges": False,
        "created": [],
        "updated": [],
        "destroyed": [],
        "updatedProperties": None,
    }


def test_each_kind_of_change_is_reported(door: Door) -> None:
    kept, gone = door.make_mailbox("kept"), door.make_mailbox("gone")
    before = state(door)
    made = door.make_mailbox("made")
    short_lived = door.make_mailbox("short-lived")
    door.call("Mailbox/set", update={kept: {"name": "renamed"}}, destroy=[gone, short_lived])
    changes = door.call("Mailbox/changes", sinceState=before)
    assert (changes["created"], changes["updated"], changes["destroyed"]) == ([made], [kept], [gone])
    assert changes["newState"] == state(door)
    assert changes["updatedProperties"] is None


def test_a_new_letter_moves_only_counters(door: Door) -> None:
    before = state(door)
    store.deliver(
        store.ensure_message(letter()), [Delivery(door.member.account_id, clock.now(), MailboxRole.INBOX)]
    )
    changes = door.call("Mailbox/changes", sinceState=before)
    assert changes["updated"] == [door.role("inbox")]
    assert changes["updatedProperties"] == ["totalEmails", "unreadEmails", "totalThreads", "unreadThreads"]


def test_changes_come_in_portions_that_add_up(door: Door) -> None:
    before = state(door)
    made = [door.make_mailbox(f"box {n}") for n in range(7)]
    seen: list[str] = []
    since, has_more = before, True
    while has_more:
        portion = door.call("Mailbox/changes", sinceState=since, maxChanges=3)
        assert len(portion["created"]) <= 3
        seen += portion["created"]
        since, has_more = portion["newState"], portion["hasMoreChanges"]
    assert (seen, since) == (made, state(door))


@pytest.mark.parametrize("since", ["", "x", "-1", "01", "1.0", "9" * 18, "9" * 200, "١"])
def test_a_state_that_never_was_cannot_be_calculated_from(door: Door, since: str) -> None:
    assert door.refusal("Mailbox/changes", sinceState=since)["type"] == "cannotCalculateChanges"


@pytest.mark.parametrize("limit", [0, -1, 1.5, "3", True])
def test_a_bad_limit_is_an_invalid_argument(door: Door, limit: object) -> None:
    error = door.refusal("Mailbox/changes", sinceState=state(door), maxChanges=limit)
    assert (error["type"], error["arguments"]) == ("invalidArguments", ["maxChanges"])
