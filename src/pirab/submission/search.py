"""EmailSubmission/query and queryChanges: which submissions match, in which order, and how that has changed.

A filter becomes one SQL condition; only the keys of the page asked for are fetched, from the end they are nearer to.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from operator import itemgetter
from typing import Any, Final, LiteralString

import msgspec

from pirab.core import db
from pirab.store import queries as stored
from pirab.store.errors import AnchorNotFound, TooManyChanges
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


class Wanted(msgspec.Struct, frozen=True):
    """Which page (rfc8620#5.5): an anchor goes before a position, a negative position counts from the end."""

    position: int
    limit: int
    anchor: int | None = None
    anchor_offset: int = 0
    calculate_total: bool = False


class Page(msgspec.Struct, frozen=True):
    """Keys in order, the index of the first one, and how many there are in all where that was asked."""

    keys: list[int]
    position: int
    total: int | None


class QueryDelta(msgspec.Struct, frozen=True):
    """How a result changed: keys to take out, keys to put in with their index now, and the total now if asked."""

    new_state: int
    removed: list[int]
    added: list[tuple[int, int]]
    total: int | None


def page_of(account_id: int, query: SubmissionQuery, wanted: Wanted) -> Page:
    """One page of the submissions that match, equal ones the newest first. Raises `AnchorNotFound`."""
    results = _Results(account_id, query)
    is_from_end = wanted.anchor is None and wanted.position < 0
    total = results.total() if wanted.calculate_total or is_from_end else None
    if wanted.anchor is not None:
        place = results.places([wanted.anchor]).get(wanted.anchor)
        if place is None:
            raise AnchorNotFound()
        start = max(0, place + wanted.anchor_offset)
    else:
        start = wanted.position if wanted.position >= 0 else max(0, (total or 0) + wanted.position)
    return Page(results.slice(start, wanted.limit, total), start, total)


def changes_of(
    account_id: int,
    query: SubmissionQuery,
    since: int,
    max_changes: int | None,
    up_to: int | None,
    *,
    calculate_total: bool,
) -> QueryDelta:
    """What to do to a cached result of state `since` (rfc8620#5.6).

    Where the filter looks at `undoStatus`, everything that changed is taken out and put in again where it stands now;
    nothing else about a submission moves it. Raises `CannotCalculateChanges`, and `TooManyChanges` beyond
    `max_changes`.
    """
    created, updated, gone, new_state = _changed(account_id, since)
    may_move = _may_move(query.filter)
    removed = sorted(gone | updated if may_move else gone)
    results = _Results(account_id, query)
    moved = created | updated if may_move else created
    looked_for = moved if up_to is None or may_move else moved | {up_to}
    places = results.places(looked_for) if moved else {}
    last = None if up_to is None or may_move else places.get(up_to)
    added = sorted(
        ((key, place) for key, place in places.items() if key in moved and (last is None or place <= last)),
        key=itemgetter(1),
    )
    if max_changes is not None and len(added) + len(removed) > max_changes:
        raise TooManyChanges()
    return QueryDelta(new_state, removed, added, results.total() if calculate_total else None)


class _Results:
    """The results of one query, to be looked at in parts."""

    def __init__(self, account_id: int, query: SubmissionQuery) -> None:
        condition, values = _condition(query.filter)
        self._values = (account_id, *values)
        self._rows: LiteralString = (
            "from submission_submission where account_id = %s and destroyed_at is null and " + condition
        )
        sort = query.sort or DEFAULT_SORT
        forwards = [_COLUMNS[order.key][0 if order.is_ascending else 1] for order in sort]
        backwards = [_COLUMNS[order.key][1 if order.is_ascending else 0] for order in sort]
        self._forwards: LiteralString = ", ".join(forwards) + ", id desc"
        self._backwards: LiteralString = ", ".join(backwards) + ", id"

    def total(self) -> int:
        """How many there are."""
        found: int = db.scalar("select count(*) " + self._rows, self._values)
        return found

    def slice(self, start: int, limit: int, total: int | None) -> list[int]:
        """At most `limit` keys from index `start` on."""
        count = limit if total is None else min(limit, total - start)
        if count <= 0:
            return []
        behind = None if total is None else total - start - count
        if behind is not None and behind < start:
            return self._some(self._backwards, count, behind)[::-1]
        return self._some(self._forwards, count, start)

    def _some(self, order: LiteralString, limit: int, offset: int) -> list[int]:
        sql: LiteralString = "select id " + self._rows + " order by " + order + " limit %s offset %s"
        return [key for (key,) in db.rows(sql, (*self._values, limit, offset))]

    def places(self, keys: Collection[int]) -> dict[int, int]:
        """Of these keys those that are results, each with its index."""
        numbered: LiteralString = (
            "select id, row_number() over (order by " + self._forwards + ") - 1 as place "
        )
        sql: LiteralString = (
            "select id, place from (" + numbered + self._rows + ") numbered where id = any(%s::bigint[])"  # noqa: S608 - literals
        )
        return dict(db.rows(sql, (*self._values, list(keys))))


def _changed(account_id: int, since: int) -> tuple[set[int], set[int], set[int], int]:
    """What was created, changed and destroyed since a state, and the state now."""
    changes = stored.changes(account_id, ObjectType.SUBMISSION, since, None)
    return set(changes.created), set(changes.updated), set(changes.destroyed), changes.new_state


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
