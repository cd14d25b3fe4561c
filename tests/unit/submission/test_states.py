"""The life of one recipient."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pirab.submission.schedule import LONGEST_WAIT, is_expired, next_attempt
from pirab.submission.states import Event, delivered, next_state
from pirab.submission.types import Delivered, RecipientState

ENDS = {RecipientState.STORED, RecipientState.DELIVERED, RecipientState.FAILED, RecipientState.CANCELED}
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


def life(*events: Event) -> RecipientState:
    state = RecipientState.PENDING
    for event in events:
        state = next_state(state, event) or state
    return state


@given(st.lists(st.sampled_from(Event), max_size=30))
def test_an_end_is_an_end_whatever_comes_later(events: list[Event]) -> None:
    state = RecipientState.PENDING
    for event in events:
        after = next_state(state, event)
        if state in ENDS:
            assert after is None
        state = after or state
    assert delivered(state) in Delivered


@given(st.lists(st.sampled_from(Event), max_size=20), st.sampled_from(Event))
def test_the_same_word_twice_says_nothing_new(events: list[Event], event: Event) -> None:
    once = life(*events, event)
    assert life(*events, event, event) == once


@pytest.mark.parametrize(
    ("events", "state", "shown"),
    [
        ((), RecipientState.PENDING, Delivered.QUEUED),
        ((Event.STORED,), RecipientState.STORED, Delivered.YES),
        ((Event.DEFERRED, Event.STORED), RecipientState.STORED, Delivered.YES),
        ((Event.HANDED_OVER,), RecipientState.HANDED_OVER, Delivered.QUEUED),
        ((Event.HANDED_OVER, Event.REPORTED_DELAYED), RecipientState.DELAYED, Delivered.QUEUED),
        (
            (Event.HANDED_OVER, Event.REPORTED_DELAYED, Event.REPORTED_RELAYED),
            RecipientState.RELAYED,
            Delivered.UNKNOWN,
        ),
        (
            (Event.HANDED_OVER, Event.REPORTED_RELAYED, Event.REPORTED_FAILED),
            RecipientState.FAILED,
            Delivered.NO,
        ),
        (
            (Event.HANDED_OVER, Event.REPORTED_RELAYED, Event.REPORTED_DELAYED),
            RecipientState.RELAYED,
            Delivered.UNKNOWN,
        ),
        ((Event.HANDED_OVER, Event.REPORTED_EXPANDED), RecipientState.RELAYED, Delivered.UNKNOWN),
        ((Event.REFUSED, Event.REPORTED_DELIVERED), RecipientState.FAILED, Delivered.NO),
        ((Event.CANCELED, Event.HANDED_OVER), RecipientState.CANCELED, Delivered.NO),
        # The worker died after Postfix had said 250: the report arrives before our own note.
        ((Event.REPORTED_RELAYED, Event.HANDED_OVER), RecipientState.RELAYED, Delivered.UNKNOWN),
    ],
)
def test_lives(events: tuple[Event, ...], state: RecipientState, shown: Delivered) -> None:
    assert life(*events) is state
    assert delivered(state) is shown


def test_waits_grow_and_end() -> None:
    waits = [(next_attempt(n, NOW) - NOW).total_seconds() for n in range(50)]
    assert waits == sorted(waits)
    assert waits[0] <= 5
    assert waits[-1] == LONGEST_WAIT


def test_expiry_counts_from_the_release() -> None:
    assert not is_expired(NOW, NOW + timedelta(seconds=9), 10)
    assert is_expired(NOW, NOW + timedelta(seconds=10), 10)
    assert not is_expired(NOW + timedelta(days=30), NOW, 10)
