"""Any sequence of imports, sets and destroys: states, changes, lists and counters agree with a simple model."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tests.compliance.jmap.email.session import JmapSession
from tests.conftest import Member, letter

ROLES = ("inbox", "archive", "trash")
KEYWORDS = ("$seen", "$flagged", "$draft", "งาน-is-not-allowed", "custom")
LISTS: tuple[dict[str, Any], ...] = (
    {"collapseThreads": False},
    {"collapseThreads": True},
    {"filter": {"notKeyword": "$seen"}, "collapseThreads": True},
    {"filter": {"someInThreadHaveKeyword": "$flagged"}, "collapseThreads": False},
)


class _Account(RuleBasedStateMachine):
    """One account; `emails` is what it should hold, `cached` what a client remembers of each list."""

    def __init__(self, jmap: JmapSession) -> None:
        super().__init__()
        self.jmap = jmap
        self.boxes = jmap.mailboxes
        self.emails: dict[str, tuple[set[str], set[str]]] = {}
        self.count = 0
        self.state = jmap.call("Email/get", ids=[])["state"]
        self.known: dict[str, tuple[set[str], set[str]]] = {}
        self.cached = [self._list(each) for each in LISTS]

    def _list(self, arguments: dict[str, Any]) -> tuple[list[str], str]:
        result = self.jmap.call("Email/query", **arguments)
        return result["ids"], result["queryState"]

    def _pick(self, place: int) -> str:
        return sorted(self.emails)[place % len(self.emails)]

    @rule(
        answers=st.integers(0, 3), roles=st.sets(st.sampled_from(ROLES), min_size=1), minute=st.integers(0, 9)
    )
    def take_in(self, answers: int, roles: set[str], minute: int) -> None:
        self.count += 1
        raw = letter(
            "Re: one", message_id=f"<{self.count}@x>", references=f"<{answers}@x>" if answers else ""
        )
        boxes = {self.boxes[role] for role in roles}
        created = self.jmap.import_(
            raw, mailboxIds=dict.fromkeys(boxes, True), receivedAt=f"2026-11-24T00:0{minute}:00Z"
        )
        self.emails[created["id"]] = (set(), boxes)

    @precondition(lambda self: self.emails)
    @rule(place=st.integers(0, 99), keyword=st.sampled_from(KEYWORDS), value=st.sampled_from([True, None]))
    def flag(self, place: int, keyword: str, value: bool | None) -> None:
        email_id = self._pick(place)
        result = self.jmap.call("Email/set", update={email_id: {f"keywords/{keyword}": value}})
        if value and not keyword.isascii():
            assert result["notUpdated"][email_id]["type"] == "invalidProperties"
        elif value:
            self.emails[email_id][0].add(keyword)
        else:
            self.emails[email_id][0].discard(keyword)

    @precondition(lambda self: self.emails)
    @rule(place=st.integers(0, 99), role=st.sampled_from(ROLES), value=st.sampled_from([True, None]))
    def move(self, place: int, role: str, value: bool | None) -> None:
        email_id, box = self._pick(place), self.boxes[role]
        after = self.emails[email_id][1] | {box} if value else self.emails[email_id][1] - {box}
        result = self.jmap.call("Email/set", update={email_id: {f"mailboxIds/{box}": value}})
        assert (result["updated"] is None) == (not after)
        if after:
            self.emails[email_id] = (self.emails[email_id][0], after)

    @precondition(lambda self: self.emails)
    @rule(place=st.integers(0, 99))
    def destroy(self, place: int) -> None:
        email_id = self._pick(place)
        assert self.jmap.call("Email/set", destroy=[email_id, "e1"])["destroyed"] == [email_id]
        del self.emails[email_id]

    @invariant()
    def emails_are_as_the_model_says(self) -> None:
        properties = ["keywords", "mailboxIds"]
        found = self.jmap.call("Email/get", ids=None, properties=properties)["list"]
        assert {each["id"]: (set(each["keywords"]), set(each["mailboxIds"])) for each in found} == self.emails

    @invariant()
    def counters_are_as_the_model_says(self) -> None:
        for box in self.jmap.call("Mailbox/get", ids=[self.boxes[role] for role in ROLES])["list"]:
            held = [keywords for keywords, boxes in self.emails.values() if box["id"] in boxes]
            assert box["totalEmails"] == len(held)
            assert box["unreadEmails"] == sum(not keywords & {"$seen", "$draft"} for keywords in held)

    @rule()
    def catch_up(self) -> None:
        """Email/changes and Email/queryChanges since the last time bring a client to where a fresh fetch is."""
        changes = self.jmap.call("Email/changes", sinceState=self.state)
        assert set(changes["created"]) == self.emails.keys() - self.known.keys()
        assert set(changes["destroyed"]) == self.known.keys() - self.emails.keys()
        moved = {
            each for each in self.known.keys() & self.emails.keys() if self.known[each] != self.emails[each]
        }
        assert moved <= set(changes["updated"])
        self.state = changes["newState"]
        self.known = {key: (set(keywords), set(boxes)) for key, (keywords, boxes) in self.emails.items()}
        for place, arguments in enumerate(LISTS):
            ids, state = self.cached[place]
            delta = self.jmap.call("Email/queryChanges", sinceQueryState=state, **arguments)
            ids = [each for each in ids if each not in set(delta["removed"])]
            for added in sorted(delta["added"], key=lambda each: each["index"]):
                ids.insert(added["index"], added["id"])
            fresh = self._list(arguments)
            assert ids == fresh[0], arguments
            self.cached[place] = fresh


def test_any_sequence_agrees_with_the_model(make_member: Callable[..., Member]) -> None:
    class FreshAccount(_Account):
        def __init__(self) -> None:
            super().__init__(JmapSession(make_member()))

    run_state_machine_as_test(
        FreshAccount,
        settings=settings(
            max_examples=12, stateful_step_count=15, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
