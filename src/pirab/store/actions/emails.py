"""Changing and destroying emails."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Final

import msgspec

from pirab.core import clock, db
from pirab.store.errors import EmailNotFound, InvalidMailboxes, MailboxNotFound, StoreError
from pirab.store.keywords import (
    PERSONAL,
    PERSONAL_BITS,
    READ_BITS,
    check_keywords,
    pack_keywords,
    personal_bits,
    with_personal_bits,
)
from pirab.store.ledger import Ledger, open_ledger
from pirab.store.queries.emails import email_rows
from pirab.store.removed import keep_removed
from pirab.store.tallies import keeping_counters
from pirab.store.types import ChangeKind, EmailPatch, EmailRow, ObjectType, Removal, UpdateOutcome
from pirab.store.viewing import become_viewer, forget_emails, write_personal_flags


class _Change(msgspec.Struct):
    """An email and what it becomes."""

    row: EmailRow
    keywords: frozenset[str]
    mailboxes: frozenset[int]
    common: int | None = None
    """For a viewer: the bits of the personal keywords in the account's own flags, which they leave as they are."""

    @property
    def stored_keywords(self) -> frozenset[str]:
        return self.keywords if self.common is None else with_personal_bits(self.keywords, self.common)

    @property
    def is_personal(self) -> bool:
        """Whether the viewer's own keywords change."""
        return self.common is not None and bool((self.keywords ^ self.row.keywords) & PERSONAL)

    @property
    def moves(self) -> bool:
        return self.mailboxes != frozenset(self.row.mailbox_ids)

    @property
    def counts_change(self) -> bool:
        before, after = pack_keywords(self.row.keywords)[0], pack_keywords(self.keywords)[0]
        return self.moves or bool((before ^ after) & READ_BITS)

    @property
    def is_needed(self) -> bool:
        return self.moves or self.keywords != self.row.keywords


def update_emails(
    account_id: int, patches: Mapping[int, EmailPatch], *, viewer: int | None = None
) -> UpdateOutcome:
    """Apply keyword and mailbox changes; what cannot be done is in `errors`, the rest is done (rfc8620#5.3).

    `viewer` is the person whose own `$seen` and `$flagged` are set; None: those of the account itself.
    """
    with open_ledger(account_id) as ledger:
        old_state = ledger.state(ObjectType.EMAIL)
        done, errors = update_in_ledger(ledger, patches, viewer)
        return UpdateOutcome(done, errors, old_state, ledger.state(ObjectType.EMAIL))


def update_in_ledger(
    ledger: Ledger, patches: Mapping[int, EmailPatch], viewer: int | None = None
) -> tuple[frozenset[int], dict[int, Exception]]:
    """The same inside an open ledger: the emails that are now as asked, and the errors of the others."""
    rows = {row.id: row for row in email_rows(ledger.account_id, list(patches), viewer=viewer)}
    known = {
        box for (box,) in db.rows("select id from store_mailbox where account_id = %s", (ledger.account_id,))
    }
    changes: list[_Change] = []
    errors: dict[int, Exception] = {}
    for email_id, patch in patches.items():
        try:
            changes.append(_changed(rows.get(email_id), patch, known))
        except StoreError as error:
            errors[email_id] = error
    _write_changes(ledger, [change for change in changes if change.is_needed], viewer)
    return frozenset(change.row.id for change in changes), errors


def _changed(row: EmailRow | None, patch: EmailPatch, known: Collection[int]) -> _Change:
    if row is None:
        raise EmailNotFound()
    keywords = row.keywords if patch.set_keywords is None else check_keywords(patch.set_keywords)
    keywords = (keywords | patch.add_keywords) - patch.remove_keywords
    if patch.add_keywords or patch.set_keywords is not None:
        keywords = check_keywords(keywords)
    mailboxes = frozenset(row.mailbox_ids) if patch.set_mailboxes is None else patch.set_mailboxes
    mailboxes = (mailboxes | patch.add_mailboxes) - patch.remove_mailboxes
    if not mailboxes:
        raise InvalidMailboxes(properties=("mailboxIds",))
    if not mailboxes <= frozenset(row.mailbox_ids) | set(known):
        raise MailboxNotFound(properties=("mailboxIds",))
    return _Change(row, keywords, mailboxes)


def _write_changes(ledger: Ledger, changes: list[_Change], viewer: int | None) -> None:
    if not changes:
        return
    counted = {change.row.id: change.row.thread_id for change in changes if change.counts_change}
    if viewer is not None:
        _keep_common(ledger, changes)
        if any(change.is_personal for change in changes):
            become_viewer(ledger, viewer)
    with keeping_counters(ledger, counted):
        _write_rows(ledger, changes)
        if viewer is not None:
            own = {change.row.id: personal_bits(change.keywords) for change in changes if change.is_personal}
            write_personal_flags(ledger, viewer, own)


def _keep_common(ledger: Ledger, changes: list[_Change]) -> None:
    """Read what the account's own flags say of the personal keywords: a viewer does not touch them."""
    common = dict(
        db.rows(
            "select id, flags & %s from store_email where account_id = %s and id = any(%s::bigint[])",
            (PERSONAL_BITS, ledger.account_id, [change.row.id for change in changes]),
        )
    )
    for change in changes:
        change.common = common[change.row.id]


def _write_rows(ledger: Ledger, changes: list[_Change]) -> None:
    modseqs = ledger.record_all(ObjectType.EMAIL, (change.row.id for change in changes), ChangeKind.UPDATED)
    packed = [pack_keywords(change.stored_keywords) for change in changes]
    db.execute(
        _UPDATE,
        {
            "account": ledger.account_id,
            "ids": [change.row.id for change in changes],
            "modseqs": modseqs,
            "flags": [flags for flags, _ in packed],
            # one array of arrays would have to be rectangular: each set travels as one string of its own
            "keywords": [" ".join(others) if others else None for _, others in packed],
        },
    )
    moved = [change for change in changes if change.moves]
    if moved:
        _move(ledger.account_id, moved)


_UPDATE: Final = """
    update store_email e set modseq = c.modseq, flags = c.flags, keywords = string_to_array(c.keywords, ' ')
      from unnest(%(ids)s::bigint[], %(modseqs)s::bigint[], %(flags)s::smallint[], %(keywords)s::text[])
           as c(id, modseq, flags, keywords)
     where e.account_id = %(account)s and e.id = c.id
"""

_LEAVE: Final = """
    delete from store_email_mailbox m
     using unnest(%(emails)s::bigint[], %(boxes)s::bigint[]) as gone(email_id, mailbox_id)
     where m.account_id = %(account)s and m.email_id = gone.email_id and m.mailbox_id = gone.mailbox_id
"""

_ENTER: Final = """
    with coming as (
        select c.*, row_number() over (partition by c.mailbox_id order by c.received_at, c.email_id) as place
          from unnest(%(emails)s::bigint[], %(boxes)s::bigint[], %(threads)s::bigint[], %(times)s::timestamptz[])
               as c(email_id, mailbox_id, thread_id, received_at)
    ), numbered as (
        update store_mailbox b set uid_next = b.uid_next + n.many
          from (select mailbox_id, count(*) as many from coming group by mailbox_id) n
         where b.account_id = %(account)s and b.id = n.mailbox_id
        returning b.id, b.uid_next - n.many - 1 as base
    )
    insert into store_email_mailbox (account_id, mailbox_id, email_id, thread_id, received_at, uid)
    select %(account)s, coming.mailbox_id, coming.email_id, coming.thread_id, coming.received_at,
           numbered.base + coming.place
      from coming join numbered on numbered.id = coming.mailbox_id
"""


def _move(account_id: int, changes: list[_Change]) -> None:
    leaving: list[tuple[int, int]] = []
    entering: list[tuple[int, int, int, datetime]] = []
    for change in changes:
        row, present = change.row, frozenset(change.row.mailbox_ids)
        leaving += [(row.id, box) for box in present - change.mailboxes]
        entering += [(row.id, box, row.thread_id, row.received_at) for box in change.mailboxes - present]
    if leaving:
        db.execute(
            _LEAVE,
            {
                "account": account_id,
                "emails": [email for email, _ in leaving],
                "boxes": [box for _, box in leaving],
            },
        )
    if entering:
        emails, boxes, threads, times = (list(column) for column in zip(*entering, strict=True))
        db.execute(
            _ENTER,
            {"account": account_id, "emails": emails, "boxes": boxes, "threads": threads, "times": times},
        )


def destroy_emails(
    account_id: int, email_ids: Collection[int], removal: Removal = Removal.RECOVERABLE
) -> UpdateOutcome:
    """Destroy emails (rfc8621#4.6); unknown ids are in `errors`. What is recoverable can be restored for 30 days."""
    with open_ledger(account_id) as ledger:
        old_state = ledger.state(ObjectType.EMAIL)
        rows = email_rows(account_id, list(email_ids))
        remove_rows(ledger, rows, removal)
        done = frozenset(row.id for row in rows)
        errors: dict[int, Exception] = {email_id: EmailNotFound() for email_id in set(email_ids) - done}
        return UpdateOutcome(done, errors, old_state, ledger.state(ObjectType.EMAIL))


def remove_rows(ledger: Ledger, rows: Collection[EmailRow], removal: Removal = Removal.RECOVERABLE) -> None:
    """Delete these emails inside an open ledger, with everything that counts or mentions them."""
    if not rows:
        return
    if removal is Removal.RECOVERABLE:
        keep_removed(ledger, [row.id for row in rows], {row.message_id for row in rows})
    threads = {row.thread_id for row in rows}
    with keeping_counters(ledger, {row.id: row.thread_id for row in rows}):
        _delete_rows(ledger, rows)
    _record_threads(ledger, threads)
    if removal is not Removal.RECOVERABLE:  # else it stays what each person said, see `viewing.carry_marks`
        forget_emails(ledger, [row.id for row in rows])


def _delete_rows(ledger: Ledger, rows: Collection[EmailRow]) -> None:
    ledger.record_all(ObjectType.EMAIL, (row.id for row in rows), ChangeKind.DESTROYED)
    db.execute(
        _REMOVE,
        {
            "account": ledger.account_id,
            "ids": [row.id for row in rows],
            "messages": list({row.message_id for row in rows}),
            "now": clock.now(),
        },
    )
    ledger.add_usage(-sum(row.size for row in rows), -len(rows))


def _record_threads(ledger: Ledger, threads: Collection[int]) -> None:
    """Log what became of threads that have lost emails."""
    found = db.rows(
        """
        select t.id from unnest(%(threads)s::bigint[]) as t(id)
         cross join lateral (select from store_email where account_id = %(account)s and thread_id = t.id limit 1) e
        """,
        {"account": ledger.account_id, "threads": list(threads)},
    )
    left = {thread_id for (thread_id,) in found}
    for thread_id in sorted(threads):
        kind = ChangeKind.UPDATED if thread_id in left else ChangeKind.DESTROYED
        ledger.record(ObjectType.THREAD, thread_id, kind)


_REMOVE: Final = """
    with gone as (
        delete from store_email where account_id = %(account)s and id = any(%(ids)s::bigint[])
    ), left_mailboxes as (
        delete from store_email_mailbox where account_id = %(account)s and email_id = any(%(ids)s::bigint[])
    ), forgotten as (
        delete from store_email_search where account_id = %(account)s and email_id = any(%(ids)s::bigint[])
    )
    insert into store_orphan (message_id, since)
    select id, %(now)s from unnest(%(messages)s::bigint[]) as id order by id
    on conflict (message_id) do update set since = excluded.since
"""
