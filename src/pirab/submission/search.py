"""EmailSubmission/query and queryChanges: which submissions match, in which order, and how that has changed.

A filter becomes one SQL condition; only keys are fetched. A person's submissions number in the thousands, so the page
is cut by the door and the total is known for nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, LiteralString

import msgspec

from pirab.core import db
from pirab.store import queries as stored
from pirab.store.errors import TooManyChanges
from pirab.store.types import ObjectType
from pirab.submission.types import FilterGroup, SortKey, SortOrder, SubmissionFilter

Filter = SubmissionFilter | FilterGroup

DEFAULT_SORT: Final = (SortOrder(SortKey.SENT_AT, is_ascending=False),)

_COLUMNS: Final[dict[SortKey, tuple[LiteralString, LiteralString]]] = {
    # key: (ascending, descending)
    SortKey.EMAIL: ("email_id", "email_id desc"),
    SortKey.THREAD: ("thread_id", "thread_id desc"),
    SortKey.SENT_AT: ("send_at", "send_at desc"),
}


class SubmissionQuery(msgspec.Struct, frozen=True):
    """What is asked; an empty `sort` means the newest first."""

    filter: Filter | None = None
    sort: tuple[SortOrder, ...] = ()


class QueryDelta(msgspec.Struct, frozen=True):
    """How a result changed: keys to take out, keys to put in with their index now, and the total now."""

    new_state: int
    removed: list[int]
    added: list[tuple[int, int]]
    total: int


def matching(account_id: int, query: SubmissionQuery) -> list[int]:
    """The keys of all matching submissions in order; equal ones the newest first."""
    condition, values = _condition(query.filter)
    orders = [_COLUMNS[order.key][0 if order.is_ascending else 1] for order in query.sort or DEFAULT_SORT]
    order: LiteralString = ", ".join(orders)
    select: LiteralString = (
        "select id from submission_submission where account_id = %s and destroyed_at is null"
    )
    found = db.rows(select + " and " + condition + " order by " + order + ", id desc", (account_id, *values))
    return [submission_id for (submission_id,) in found]


def changes_of(
    account_id: int, query: SubmissionQuery, since: int, max_changes: int | None, up_to: int | None
) -> QueryDelta:
    """What to do to a cached result of state `since` (rfc8620#5.6).

    Everything that changed since then is taken out and put in again where it stands now. Raises
    `CannotCalculateChanges`, and `TooManyChanges` beyond `max_changes`.
    """
    touched, gone, new_state = _touched(account_id, since)
    now = matching(account_id, query)
    last = now.index(up_to) if up_to in now and not _may_move(query.filter) else len(now)
    added = [(key, index) for index, key in enumerate(now) if key in touched and index <= last]
    removed = sorted(touched | gone)
    if max_changes is not None and len(added) + len(removed) > max_changes:
        raise TooManyChanges()
    return QueryDelta(new_state, removed, added, len(now))


def _touched(account_id: int, since: int) -> tuple[set[int], set[int], int]:
    touched: set[int] = set()
    gone: set[int] = set()
    while True:
        changes = stored.changes(account_id, ObjectType.SUBMISSION, since, None)
        touched.update(changes.created, changes.updated)
        gone.update(changes.destroyed)
        since = changes.new_state
        if not changes.has_more:
            return touched - gone, gone, since


def _may_move(wanted: Filter | None) -> bool:
    """Whether a submission may enter or leave the result during its life: only `undoStatus` ever changes."""
    if isinstance(wanted, FilterGroup):
        return any(_may_move(part) for part in wanted.conditions)
    return wanted is not None and wanted.undo_status is not None


def _condition(wanted: Filter | None) -> tuple[LiteralString, list[Any]]:
    if wanted is None:
        return "true", []
    if isinstance(wanted, SubmissionFilter):
        return _leaf(wanted)
    parts = [_condition(part) for part in wanted.conditions]
    values = [value for _, each in parts for value in each]
    texts: list[LiteralString] = [text for text, _ in parts]
    if wanted.operator == "AND":
        return _joined(texts, " and ", "true"), values
    any_of = _joined(texts, " or ", "false")
    return (any_of if wanted.operator == "OR" else "not " + any_of), values


def _joined(texts: Sequence[LiteralString], word: LiteralString, empty: LiteralString) -> LiteralString:
    return "(" + word.join(texts) + ")" if texts else empty


def _leaf(wanted: SubmissionFilter) -> tuple[LiteralString, list[Any]]:
    texts: list[LiteralString] = []
    values: list[Any] = []
    for text, value in (
        ("identity_id = any(%s)", wanted.identity_ids),
        ("email_id = any(%s)", wanted.email_ids),
        ("thread_id = any(%s)", wanted.thread_ids),
        ("undo_status = %s", wanted.undo_status),
        ("send_at < %s", wanted.before),
        ("send_at >= %s", wanted.after),
    ):
        if value is not None:
            texts.append(text)
            values.append(list(value) if isinstance(value, tuple) else value)
    return _joined(texts, " and ", "true"), values
