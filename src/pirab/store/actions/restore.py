"""Destroyed mail comes back, or goes for good."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

import msgspec

from pirab.core import clock, db
from pirab.store.actions.deliver import create_email
from pirab.store.actions.mailboxes import create_mailbox
from pirab.store.errors import MessageGone, RemovedEmailNotFound
from pirab.store.ledger import open_ledger
from pirab.store.queries.mailboxes import mailboxes
from pirab.store.queries.messages import message_with_id
from pirab.store.queries.removed import removed_emails
from pirab.store.removed import RECOVERABLE_FOR, carry_marks
from pirab.store.types import EmailRow, MailboxDraft, MailboxRole, MailboxRow, RemovedEmail
from pirab.store.viewing import forget_emails

RECOVERED: Final = "กู้คืน · Recovered"
"""The mailbox for what was in mailboxes that are gone; made when it is needed."""

BATCH: Final = 1_000


class Restored(msgspec.Struct, frozen=True):
    """An email that is back under a new id, and its message's digest."""

    row: EmailRow
    digest: bytes


def restore_email(account_id: int, removed_id: int) -> Restored:
    """File removed mail again: where it was, in the inbox when that was the trash alone, in `RECOVERED` when its
    mailboxes are gone. It gets a new id, for the old one has been told to be destroyed. In a shared account everybody
    has the mark and the star on it that they had.

    Raises `RemovedEmailNotFound`, `OverQuota`, and `AlreadyExists` when the account has the same message again.
    """
    with db.transaction():
        with open_ledger(account_id):  # nobody else restores or erases it meanwhile
            found = removed_emails(account_id, [removed_id])
        if not found:
            raise RemovedEmailNotFound(str(removed_id))
        message = message_with_id(found[0].message_id)
        if message is None:
            raise MessageGone(str(found[0].message_id))
        row = create_email(
            account_id, message, _places(account_id, found[0]), found[0].keywords, found[0].received_at
        )
        with open_ledger(account_id) as ledger:
            carry_marks(ledger, removed_id, row)
        _forget(account_id, [removed_id])
    return Restored(row, message.digest)


def _places(account_id: int, removed: RemovedEmail) -> frozenset[int]:
    present = mailboxes(account_id)
    trash = {box.id for box in present if box.role is MailboxRole.TRASH}
    known = {box.id for box in present} & set(removed.mailbox_ids)
    if known - trash:
        return frozenset(known - trash)
    if known:
        return frozenset({next(box.id for box in present if box.role is MailboxRole.INBOX)})
    return frozenset({_recovered(account_id, present)})


def _recovered(account_id: int, present: Collection[MailboxRow]) -> int:
    for box in present:
        if box.name == RECOVERED and box.parent_id is None:
            return box.id
    return create_mailbox(account_id, MailboxDraft(RECOVERED))


def erase_removed(account_id: int, removed_ids: Collection[int]) -> frozenset[int]:
    """Let removed mail go now; returns the ids that were there."""
    with db.transaction(), open_ledger(account_id) as ledger:
        present = {each.id for each in removed_emails(account_id, removed_ids)}
        gone = _forget(account_id, present)
        forget_emails(ledger, present)
        _tell_collector(gone)
    return frozenset(present)


def purge_removed() -> int:
    """Let go of mail that was removed longer ago than it can be had back, and of the oldest where an account has more
    removed mail than it may hold mail; returns how many."""
    now, total = clock.now(), 0
    while True:
        with db.transaction():
            gone = db.rows(_OLD, (now - RECOVERABLE_FOR, BATCH))
            _tell_collector([row[0] for row in gone])
        total += len(gone)
        if len(gone) < BATCH:
            break
    with db.transaction():
        gone = db.rows(_TOO_MUCH, ())
        _tell_collector([row[0] for row in gone])
    return total + len(gone)


def _forget(account_id: int, removed_ids: Collection[int]) -> list[int]:
    found = db.rows(
        """
        delete from store_removed_email where account_id = %s and id = any(%s::bigint[]) returning message_id
        """,
        (account_id, list(removed_ids)),
    )
    return [message_id for (message_id,) in found]


def _tell_collector(message_ids: Collection[int]) -> None:
    db.execute(
        """
        insert into store_orphan (message_id, since)
        select id, %s from unnest(%s::bigint[]) as id order by id
        on conflict (message_id) do update set since = excluded.since
        """,
        (clock.now(), sorted(set(message_ids))),
    )


# What people said of it goes along.
_OLD: Final = """
    with gone as (
        delete from store_removed_email where (account_id, id) in
            (select account_id, id from store_removed_email where removed_at <= %s limit %s for update skip locked)
        returning account_id, id, message_id
    ), marks as (
        delete from store_viewer_email o using gone where o.account_id = gone.account_id and o.email_id = gone.id
    )
    select message_id from gone
"""

_TOO_MUCH: Final = """
    with gone as (
        delete from store_removed_email r using (
            select s.account_id, s.id from (
                select account_id, id,
                       sum(size) over (partition by account_id order by removed_at desc, id desc) as together
                  from store_removed_email) s
              join store_account a on a.account_id = s.account_id and s.together > a.quota_bytes) x
         where r.account_id = x.account_id and r.id = x.id
        returning r.account_id, r.id, r.message_id
    ), marks as (
        delete from store_viewer_email o using gone where o.account_id = gone.account_id and o.email_id = gone.id
    )
    select message_id from gone
"""
