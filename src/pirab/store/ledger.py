"""The change log being written: one account, one transaction.

Every mutation works inside `open_ledger(account_id)`: the account row is locked first, so mutations of one account
run one after the other; each changed object takes the next modseq; counters and usage are sums of deltas; at the end
one statement writes the log, the account and the notification.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Final

import msgspec

from pirab.core import db
from pirab.store.errors import AccountUnknown, StateMismatch
from pirab.store.types import ChangeKind, ObjectType

CHANNEL: Final = "pirab_state"
"""NOTIFY channel; the payload is `{"a": account id, "s": {type name: new state}}`."""

TYPE_CODES: Final[dict[ObjectType, int]] = {
    ObjectType.EMAIL: 1,
    ObjectType.MAILBOX: 2,
    ObjectType.THREAD: 3,
    ObjectType.SUBMISSION: 4,
    ObjectType.IDENTITY: 5,
    ObjectType.DELIVERY: 6,
    ObjectType.VACATION: 7,
    ObjectType.SIEVE: 8,
    ObjectType.ADDRESS_BOOK: 9,
    ObjectType.CONTACT_CARD: 10,
}
"""`store_change.object_type`; a code, once given, is never reused."""

STATE_COLUMNS: Final[dict[ObjectType, str]] = {
    ObjectType.EMAIL: "email_state",
    ObjectType.MAILBOX: "mailbox_state",
    ObjectType.THREAD: "thread_state",
    ObjectType.SUBMISSION: "submission_state",
    ObjectType.IDENTITY: "identity_state",
    ObjectType.DELIVERY: "delivery_state",
    ObjectType.VACATION: "vacation_state",
    ObjectType.SIEVE: "sieve_state",
    ObjectType.ADDRESS_BOOK: "book_state",
    ObjectType.CONTACT_CARD: "card_state",
}
"""Where `store_account` keeps the state of each type."""


class MailboxCounts(msgspec.Struct):
    """The four counters of a mailbox, or a change of them."""

    total_emails: int = 0
    unread_emails: int = 0
    total_threads: int = 0
    unread_threads: int = 0

    def minus(self, other: MailboxCounts) -> MailboxCounts:
        return MailboxCounts(
            self.total_emails - other.total_emails,
            self.unread_emails - other.unread_emails,
            self.total_threads - other.total_threads,
            self.unread_threads - other.unread_threads,
        )

    def is_zero(self) -> bool:
        return not (self.total_emails or self.unread_emails or self.total_threads or self.unread_threads)


class _Entry(msgspec.Struct, frozen=True):
    """One row of the log; thread and mailbox are those of an email that came."""

    modseq: int
    object_type: ObjectType
    kind: ChangeKind
    object_id: int
    thread_id: int | None = None
    mailbox_id: int | None = None

    @property
    def moved(self) -> frozenset[ObjectType]:
        """The types whose state moved."""
        return _ARRIVING if self.thread_id is not None else frozenset((self.object_type,))


_ARRIVING: Final = frozenset((ObjectType.EMAIL, ObjectType.THREAD, ObjectType.MAILBOX))


class Ledger:
    """What one mutation does to an account's history. Made by `open_ledger`."""

    def __init__(self, account_id: int, modseq: int, states: Mapping[ObjectType, int], room: int) -> None:
        self.account_id = account_id
        self.room_bytes = room
        self.has_viewers = False
        self._modseq = modseq
        self._states = dict(states)
        self._changes: list[_Entry] = []
        self._touched: dict[ObjectType, int] = {}
        self._used_bytes = 0
        self._emails = 0
        self._mailboxes: dict[int, MailboxCounts] = {}

    def record(self, object_type: ObjectType, object_id: int, kind: ChangeKind) -> int:
        """Log a change; returns the modseq it got."""
        self._modseq += 1
        self._changes.append(_Entry(self._modseq, object_type, kind, object_id))
        return self._modseq

    def record_arrival(self, email_id: int, thread_id: int, kind: ChangeKind, mailbox_id: int) -> int:
        """Log that an email came into a mailbox, moved its counters, and began or joined a thread.

        `kind` is ARRIVED or JOINED; returns the modseq that all three types got. The caller moves the counters.
        """
        self._modseq += 1
        self._changes.append(_Entry(self._modseq, ObjectType.EMAIL, kind, email_id, thread_id, mailbox_id))
        return self._modseq

    def record_all(self, object_type: ObjectType, object_ids: Iterable[int], kind: ChangeKind) -> list[int]:
        """Log the same change of several objects; returns their modseqs in order."""
        return [self.record(object_type, object_id, kind) for object_id in object_ids]

    def touch(self, object_type: ObjectType) -> None:
        """Move the state of a type that keeps no log of its own to the newest change of this ledger."""
        self._touched[object_type] = self._modseq

    def add_usage(self, size: int, emails: int) -> None:
        """Count `size` octets and `emails` letters more (or fewer, when negative)."""
        self._used_bytes += size
        self._emails += emails
        self.room_bytes -= size

    def add_counts(self, mailbox_id: int, delta: MailboxCounts) -> None:
        """Move a mailbox's counters and log that they moved."""
        if not delta.is_zero():
            self._mailboxes[mailbox_id] = delta
            self.record(ObjectType.MAILBOX, mailbox_id, ChangeKind.COUNTS)

    def state(self, object_type: ObjectType) -> int:
        """The type's state as of now, changes of this ledger included."""
        found = self._touched.get(object_type, self._states[object_type])
        for change in reversed(self._changes):
            if object_type in change.moved:
                return change.modseq
        return found

    def save(self) -> None:
        """Write everything in one statement. Nothing is written when nothing was logged."""
        if not self._changes:
            return
        moved = set(self._touched).union(*(change.moved for change in self._changes))
        states = {object_type: self.state(object_type) for object_type in ObjectType}
        payload = {"a": self.account_id, "s": {kind.value: states[kind] for kind in sorted(moved)}}
        mailboxes = list(self._mailboxes.items())
        db.execute(
            _SAVE,
            {
                "account": self.account_id,
                "modseq": self._modseq,
                "bytes": self._used_bytes,
                "emails": self._emails,
                "modseqs": db.array(change.modseq for change in self._changes),
                "types": db.array(TYPE_CODES[change.object_type] for change in self._changes),
                "kinds": db.array(change.kind for change in self._changes),
                "objects": db.array(change.object_id for change in self._changes),
                "threads": db.array(change.thread_id for change in self._changes),
                "places": db.array(change.mailbox_id for change in self._changes),
                "boxes": db.array(box for box, _ in mailboxes),
                "total_emails": db.array(delta.total_emails for _, delta in mailboxes),
                "unread_emails": db.array(delta.unread_emails for _, delta in mailboxes),
                "total_threads": db.array(delta.total_threads for _, delta in mailboxes),
                "unread_threads": db.array(delta.unread_threads for _, delta in mailboxes),
                "channel": CHANNEL,
                "payload": msgspec.json.encode(payload).decode(),
                **{STATE_COLUMNS[kind]: state for kind, state in states.items()},
            },
        )


_LOCK: Final = f"""
    select modseq, quota_bytes - used_bytes, has_viewers, {", ".join(STATE_COLUMNS.values())}
      from store_account where account_id = %s for update
"""  # noqa: S608 - names of our own

_SAVE: Final = f"""
    with counted as (
        update store_mailbox b
           set total_emails = b.total_emails + d.te, unread_emails = b.unread_emails + d.ue,
               total_threads = b.total_threads + d.tt, unread_threads = b.unread_threads + d.ut
          from unnest(%(boxes)s::bigint[], %(total_emails)s::int[], %(unread_emails)s::int[],
                      %(total_threads)s::int[], %(unread_threads)s::int[]) as d(id, te, ue, tt, ut)
         where b.account_id = %(account)s and b.id = d.id
    ), logged as (
        insert into store_change (account_id, modseq, object_type, kind, object_id, thread_id, mailbox_id)
        select %(account)s, c.* from unnest(%(modseqs)s::bigint[], %(types)s::smallint[], %(kinds)s::smallint[],
                                            %(objects)s::bigint[], %(threads)s::bigint[], %(places)s::bigint[]) as c
    ), stated as (
        update store_account
           set modseq = %(modseq)s, {", ".join(f"{name} = %({name})s" for name in STATE_COLUMNS.values())},
               used_bytes = used_bytes + %(bytes)s, email_count = email_count + %(emails)s
         where account_id = %(account)s
    )
    select pg_notify(%(channel)s, %(payload)s)
"""  # noqa: S608 - names of our own


@contextmanager
def open_ledger(account_id: int) -> Iterator[Ledger]:
    """Lock the account, hand out its ledger, write it when the block ends well. Raises `AccountUnknown`.

    Several accounts in one transaction must be opened in ascending order of their ids, or two transactions could
    wait for each other.
    """
    with db.transaction():
        ledger = _locked(account_id)
        yield ledger
        ledger.save()


@contextmanager
def join_ledger(account_id: int) -> Iterator[Ledger]:
    """The same inside the caller's transaction, which an error in the block spoils as a whole: two round trips cheaper.

    `AccountUnknown` is raised before anything is written and spoils nothing.
    """
    ledger = _locked(account_id)
    with db.joined_transaction():
        yield ledger
        ledger.save()


def _locked(account_id: int) -> Ledger:
    found = db.row(_LOCK, (account_id,))
    if found is None:
        raise AccountUnknown(str(account_id))
    modseq, room, has_viewers, *states = found
    ledger = Ledger(account_id, modseq, dict(zip(STATE_COLUMNS, states, strict=True)), room)
    ledger.has_viewers = has_viewers
    return ledger


def check_state(ledger: Ledger, object_type: ObjectType, expected: int | None) -> None:
    """Raise `StateMismatch` unless the type is still in the `expected` state (None: no expectation; rfc8620#5.3)."""
    if expected is not None and ledger.state(object_type) != expected:
        raise StateMismatch()
