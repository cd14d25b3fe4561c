"""Putting one message into one account: the thread it belongs to, its rows, its place in the history.

Inside the account's ledger, so nobody else changes the account meanwhile. Shared by delivery and by Email/set,
import and copy.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

import msgspec

from pirab.core import db
from pirab.store.errors import MessageGone
from pirab.store.keywords import READ_BITS, pack_keywords
from pirab.store.ledger import Ledger, MailboxCounts
from pirab.store.tallies import is_long, keeping_tallies
from pirab.store.tokens import TOKENIZER_VERSION
from pirab.store.types import ChangeKind, EmailRow, MailboxRole, MessageRef, ObjectType

RECENT_MENTIONS: Final = 1_000
"""How many messages that mention a common message-id are looked at when nobody in the account carries it."""


class Filed(msgspec.Struct, frozen=True):
    """Where a message goes: all mailboxes belong to the ledger's account."""

    mailbox_ids: Sequence[int]
    keywords: frozenset[str]
    received_at: datetime


class NewIds(msgspec.Struct, frozen=True):
    """What an email that comes will be called, and its thread; None for the thread it would join: it begins one."""

    email_id: int
    new_thread_id: int
    found_thread_id: int | None


def file_message(
    ledger: Ledger, message: MessageRef, tokens: str, filed: Filed, ids: NewIds | None = None
) -> EmailRow:
    """Insert the email and everything that counts or mentions it. The account must not hold the message yet.

    `ids` saves a question when the caller has asked for them (`look`).
    """
    ids = ids or look(ledger.account_id, message, MailboxRole.INBOX).ids
    email_id, thread_is_new = ids.email_id, ids.found_thread_id is None
    thread_id = ids.found_thread_id or ids.new_thread_id
    flags, others = pack_keywords(filed.keywords)
    is_unread = not flags & READ_BITS
    present = None if thread_is_new else _presence(ledger.account_id, thread_id)
    counts = {box: _counts(is_unread, box, present) for box in filed.mailbox_ids}
    first, *others_too = filed.mailbox_ids
    kind = ChangeKind.ARRIVED if thread_is_new else ChangeKind.JOINED
    modseq = ledger.record_arrival(email_id, thread_id, kind, first)
    ledger.record_all(ObjectType.MAILBOX, others_too, ChangeKind.COUNTS)
    ledger.add_usage(message.size, 1)
    # Only a thread that somebody has read already moves how viewers differ: an answer makes it unread for them too. The
    # mailbox's own counters move in the statement itself.
    is_tallied = present is not None and (ledger.has_viewers or present.is_long)
    with keeping_tallies(ledger, {email_id: thread_id} if is_tallied else {}):
        inserted = db.execute(
            _INSERT,
            {
                "account": ledger.account_id,
                "email": email_id,
                "message": message.id,
                "thread": thread_id,
                "received": filed.received_at,
                "modseq": modseq,
                "size": message.size,
                "flags": flags,
                "attachment": message.has_attachment,
                "keywords": others,
                "mailboxes": db.array(counts),
                "unread": int(is_unread),
                "threads": db.array(each.total_threads for each in counts.values()),
                "unread_threads": db.array(each.unread_threads for each in counts.values()),
                "version": TOKENIZER_VERSION,
                "tokens": tokens,
            },
        )
    if not inserted:
        raise MessageGone(str(message.id))
    return EmailRow(
        email_id,
        message.id,
        thread_id,
        filed.received_at,
        message.size,
        filed.keywords,
        tuple(filed.mailbox_ids),
    )


class _Presence(msgspec.Struct):
    """How much of a thread lies in each mailbox: emails and unread ones; whether that count is kept, or is to be."""

    boxes: dict[int, tuple[int, int]]
    is_long: bool


def _counts(is_unread: bool, mailbox_id: int, present: _Presence | None) -> MailboxCounts:
    """What one more email does to a mailbox that has the thread, or an unread part of it, already."""
    has_thread, has_unread = (0, 0) if present is None else present.boxes.get(mailbox_id, (0, 0))
    return MailboxCounts(1, int(is_unread), int(not has_thread), int(is_unread and not has_unread))


_INSERT: Final = """
    with held as (
        -- the collector deletes a message nobody holds; this lock lets one of us win
        select id from store_message where id = %(message)s for key share
    ), email as (
        insert into store_email (account_id, id, message_id, thread_id, received_at, modseq, size, flags,
                                 has_attachment, keywords)
        select %(account)s, %(email)s, held.id, %(thread)s, %(received)s, %(modseq)s, %(size)s, %(flags)s,
               %(attachment)s, %(keywords)s::text[] from held
    ), numbered as (
        update store_mailbox b
           set uid_next = b.uid_next + 1, total_emails = b.total_emails + 1,
               unread_emails = b.unread_emails + %(unread)s, total_threads = b.total_threads + d.threads,
               unread_threads = b.unread_threads + d.unread_threads
          from unnest(%(mailboxes)s::bigint[], %(threads)s::int[], %(unread_threads)s::int[])
               as d(id, threads, unread_threads)
         where b.account_id = %(account)s and b.id = d.id returning b.id, b.uid_next - 1 as uid
    ), member as (
        insert into store_email_mailbox (account_id, mailbox_id, email_id, thread_id, received_at, uid)
        select %(account)s, numbered.id, %(email)s, %(thread)s, %(received)s, numbered.uid from numbered
    )
    insert into store_email_search (account_id, email_id, version, tokens)
    select %(account)s, %(email)s, %(version)s, %(tokens)s::tsvector from held
"""


class Look(msgspec.Struct, frozen=True):
    """What is to be known before a message is filed: the email the account has of it already, the mailbox of the role
    (or the inbox), and how the new email would be called."""

    existing: int | None
    mailbox_id: int
    ids: NewIds


def look(account_id: int, message: MessageRef, role: MailboxRole) -> Look:
    """Ask for all of that at once, inside the account's ledger.

    The thread (rfc8621#3) is the newest one of the account with a message-id in common and the same base subject.
    """
    existing, mailbox_id, *ids = db.rows(
        _LOOK,
        {
            "account": account_id,
            "message": message.id,
            "role": role,
            "refs": db.array([*message.own_refs, *message.mentioned_refs]),
            "key": message.thread_key,
            "most": RECENT_MENTIONS,
        },
    )[0]
    return Look(existing, mailbox_id, NewIds(*ids))


# The inbox serves where a person has taken the role away from every mailbox; the inbox itself always keeps its role.
# Of the thread, first the messages that carry one of the ids themselves: there are few of them, even when thousands
# answer. The second question is asked only when the first finds nothing.
_LOOK: Final = """
    select (select id from store_email where message_id = %(message)s and account_id = %(account)s),
           (select id from store_mailbox where account_id = %(account)s and role in (%(role)s, 'inbox')
             order by role = 'inbox' limit 1),
           store_new_id(), store_new_id(), coalesce(
        (select e.thread_id
           from store_message_ref r
           join store_message g on g.id = r.message_id
           join store_email e on e.message_id = r.message_id and e.account_id = %(account)s
          where r.ref = any(%(refs)s::bigint[]) and r.is_own
            and (g.thread_key = %(key)s or g.thread_key is null or %(key)s::bigint is null)
          order by e.received_at desc limit 1),
        (select e.thread_id
           from (select message_id from store_message_ref where ref = any(%(refs)s::bigint[]) and not is_own
                  order by message_id desc limit %(most)s) r
           join store_message g on g.id = r.message_id
           join store_email e on e.message_id = r.message_id and e.account_id = %(account)s
          where g.thread_key = %(key)s or g.thread_key is null or %(key)s::bigint is null
          order by e.received_at desc limit 1))
"""


def _presence(account_id: int, thread_id: int) -> _Presence:
    """Where the thread lies: what is kept of a long one, else counted from its emails."""
    params = {"account": account_id, "thread": thread_id, "read": READ_BITS}
    present = _Presence({}, False)
    for is_kept, mailbox_id, emails, unread in db.rows(_PRESENCE, params):
        present.boxes[mailbox_id] = emails, unread
        present.is_long = present.is_long or is_kept
    if is_long(sum(emails for emails, _ in present.boxes.values()) + 1):
        present.is_long = True
    return present


_PRESENCE: Final = """
    with kept as (
        select mailbox_id, emails, unread from store_thread_count
         where account_id = %(account)s and thread_id = %(thread)s and person_id = 0
    )
    select true, kept.* from kept
    union all
    select false, m.mailbox_id, count(*)::int, (count(*) filter (where e.flags & %(read)s = 0))::int
      from store_email e join store_email_mailbox m on m.account_id = %(account)s and m.email_id = e.id
     where e.account_id = %(account)s and e.thread_id = %(thread)s and not exists (select from kept)
     group by m.mailbox_id
"""
