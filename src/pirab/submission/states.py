"""What may happen to a recipient, and what its state means to the sender. Pure: no clock, no database.

Reports arrive late, twice and out of order. A recipient whose end is known (stored, delivered, failed, canceled)
never changes again; `relayed` is an end only as far as we can see, so a later word about it still counts.
"""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum
from typing import Final

from pirab.submission.types import Delivered, RecipientState


class Event(StrEnum):
    """What happened: the first five are our own doing, the rest is what reports say (rfc3464#2.3.3)."""

    STORED = "stored"
    HANDED_OVER = "handed_over"
    DEFERRED = "deferred"
    REFUSED = "refused"
    CANCELED = "canceled"
    REPORTED_DELIVERED = "delivered"
    REPORTED_RELAYED = "relayed"
    REPORTED_EXPANDED = "expanded"
    REPORTED_DELAYED = "delayed"
    REPORTED_FAILED = "failed"


_OWN: Final = {
    Event.STORED: RecipientState.STORED,
    Event.HANDED_OVER: RecipientState.HANDED_OVER,
    Event.DEFERRED: RecipientState.PENDING,
    Event.REFUSED: RecipientState.FAILED,
    Event.CANCELED: RecipientState.CANCELED,
}
_REPORTED: Final = {
    Event.REPORTED_DELIVERED: RecipientState.DELIVERED,
    Event.REPORTED_RELAYED: RecipientState.RELAYED,
    Event.REPORTED_EXPANDED: RecipientState.RELAYED,
    Event.REPORTED_DELAYED: RecipientState.DELAYED,
    Event.REPORTED_FAILED: RecipientState.FAILED,
}
_REPORTABLE: Final = frozenset({RecipientState.HANDED_OVER, RecipientState.DELAYED, RecipientState.RELAYED})
_DELIVERED: Final = {
    RecipientState.PENDING: Delivered.QUEUED,
    RecipientState.STORED: Delivered.YES,
    RecipientState.HANDED_OVER: Delivered.QUEUED,
    RecipientState.DELAYED: Delivered.QUEUED,
    RecipientState.RELAYED: Delivered.UNKNOWN,
    RecipientState.DELIVERED: Delivered.YES,
    RecipientState.FAILED: Delivered.NO,
    RecipientState.CANCELED: Delivered.NO,
}


def next_state(state: RecipientState, event: Event) -> RecipientState | None:
    """The state after `event`, or None where the event says nothing new about a recipient in `state`."""
    if event in _OWN:
        return _OWN[event] if state is RecipientState.PENDING else None
    if state is RecipientState.PENDING:
        # The worker died between the hand-over and its own note of it; the report is the better witness.
        return _REPORTED[event]
    if state not in _REPORTABLE:
        return None
    if state is RecipientState.RELAYED and event in (Event.REPORTED_DELAYED, Event.REPORTED_EXPANDED):
        return None
    return _REPORTED[event]


def delivered(state: RecipientState) -> Delivered:
    """What `deliveryStatus` says of a recipient in `state` (rfc8621#7)."""
    return _DELIVERED[state]


def is_open(state: RecipientState) -> bool:
    """Whether the pipeline still has work with a recipient in `state`."""
    return state is RecipientState.PENDING


def has_failure(states: Collection[RecipientState]) -> bool:
    """Whether at least one recipient was not reached."""
    return RecipientState.FAILED in states
