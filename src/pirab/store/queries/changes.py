"""What has changed since a state (rfc8620#5.2)."""

from __future__ import annotations

from typing import Final

from pirab.core import db
from pirab.store.errors import AccountUnknown, CannotCalculateChanges
from pirab.store.ledger import STATE_COLUMNS, TYPE_CODES
from pirab.store.types import AccountStates, ChangeKind, ChangeSet, ObjectType


def states(account_id: int) -> AccountStates:
    """The account's present states; raises `AccountUnknown`."""
    found = db.row(_STATES, (account_id,))
    if found is None:
        raise AccountUnknown(str(account_id))
    return AccountStates(dict(zip(STATE_COLUMNS, found, strict=True)))


_STATES: Final = f"select {', '.join(STATE_COLUMNS.values())} from store_account where account_id = %s"  # noqa: S608

_STATE: Final = {
    object_type: f"select {column}, modseq, oldest_modseq from store_account where account_id = %s"  # noqa: S608
    for object_type, column in STATE_COLUMNS.items()
}

_OWN: Final = """
    select modseq, case when kind >= 5 then 1 else kind end as kind, object_id from store_change
     where account_id = %(account)s and object_type = %(type)s and modseq > %(since)s
"""

# What came tells of its thread (begun or joined) and of the counters of its mailbox too, see `ChangeKind`.
_ARRIVED: Final = """
    select modseq, {kind}, {object_id} from store_change
     where account_id = %(account)s and object_type = 1 and modseq > %(since)s and kind >= 5
"""

_LOG: Final = dict.fromkeys(ObjectType, f"{_OWN} order by modseq") | {
    ObjectType.THREAD: (
        f"{_OWN} union all {_ARRIVED.format(kind='kind - 4', object_id='thread_id')} order by modseq"
    ),
    ObjectType.MAILBOX: f"{_OWN} union all {_ARRIVED.format(kind=4, object_id='mailbox_id')} order by modseq",
}


def changes(
    account_id: int, object_type: ObjectType, since: int, max_changes: int | None = None
) -> ChangeSet:
    """Objects created, updated and destroyed after state `since`, at most `max_changes` of them.

    An object made and destroyed in between is not mentioned. Raises `CannotCalculateChanges` for a state that never
    was, or one older than the log.
    """
    params = {"account": account_id, "type": TYPE_CODES[object_type], "since": since}
    found = db.row(_STATE[object_type], (account_id,))
    if found is None:
        raise AccountUnknown(str(account_id))
    current, modseq, oldest = found
    if since > modseq or since < oldest or since < 0:
        raise CannotCalculateChanges()
    fates: dict[int, tuple[ChangeKind, ChangeKind]] = {}
    new_state, has_more = since, False
    for modseq, kind, object_id in db.rows(_LOG[object_type], params):
        if object_id not in fates and max_changes is not None and len(fates) >= max_changes:
            has_more = True
            break
        first, last = fates.get(object_id, (ChangeKind(kind), ChangeKind(kind)))
        fates[object_id] = (first, _later(last, ChangeKind(kind)))
        new_state = modseq
    if not has_more:
        new_state = max(current, since)
    return _change_set(since, new_state, has_more, fates)


def _later(before: ChangeKind, now: ChangeKind) -> ChangeKind:
    """A real update outweighs a later movement of counters."""
    if now is ChangeKind.COUNTS and before is not ChangeKind.COUNTS:
        return ChangeKind.UPDATED
    return now


def _change_set(
    since: int, new_state: int, has_more: bool, fates: dict[int, tuple[ChangeKind, ChangeKind]]
) -> ChangeSet:
    created: list[int] = []
    updated: list[int] = []
    destroyed: list[int] = []
    counts_only = True
    for object_id, (first, last) in fates.items():
        if last is ChangeKind.DESTROYED:
            if first is not ChangeKind.CREATED:
                destroyed.append(object_id)
        elif first is ChangeKind.CREATED:
            created.append(object_id)
        else:
            updated.append(object_id)
            counts_only = counts_only and first is ChangeKind.COUNTS and last is ChangeKind.COUNTS
    return ChangeSet(since, new_state, has_more, created, updated, destroyed, bool(updated) and counts_only)
