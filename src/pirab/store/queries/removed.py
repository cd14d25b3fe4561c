"""Destroyed mail that can still be had back."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from pirab.core import clock, db
from pirab.store.keywords import unpack_keywords
from pirab.store.queries.messages import decode_envelope
from pirab.store.removed import RECOVERABLE_FOR
from pirab.store.types import RemovedEmail, RemovedFilter
from pirab.store.viewing import as_seen_by

_ORDERS: Final = {
    ("removedAt", True): "r.removed_at, r.id",
    ("removedAt", False): "r.removed_at desc, r.id desc",
    ("receivedAt", True): "r.received_at, r.id",
    ("receivedAt", False): "r.received_at desc, r.id desc",
    ("size", True): "r.size, r.id",
    ("size", False): "r.size desc, r.id desc",
}
REMOVED_SORT_KEYS: Final = frozenset(name for name, _ in _ORDERS)


def removed_ids(account_id: int, wanted: RemovedFilter, key: str, *, is_ascending: bool) -> list[int]:
    """All removed mail that matches, in order of `key` (one of `REMOVED_SORT_KEYS`)."""
    found = db.rows(
        _IDS + _ORDERS[key, is_ascending],
        {
            "account": account_id,
            "since": clock.now() - RECOVERABLE_FOR,
            "after": wanted.after,
            "before": wanted.before,
            "mailbox": wanted.in_mailbox,
            "text": wanted.text,
        },
    )
    return [row[0] for row in found]


_IDS: Final = """
    select r.id from store_removed_email r
     where r.account_id = %(account)s and r.removed_at > %(since)s
       and (%(after)s::timestamptz is null or r.removed_at >= %(after)s)
       and (%(before)s::timestamptz is null or r.removed_at < %(before)s)
       and (%(mailbox)s::bigint is null or %(mailbox)s = any(r.mailboxes))
       and (%(text)s::text is null or exists (
            select from store_message g where g.id = r.message_id
               and strpos(lower(g.subject_key || chr(10) || g.from_key || chr(10) || g.to_key), lower(%(text)s)) > 0))
     order by """


def removed_emails(
    account_id: int, email_ids: Collection[int], *, viewer: int | None = None
) -> list[RemovedEmail]:
    """The removed mail with these ids, in the order asked; what is gone for good is absent.

    `viewer` is the person whose own `$seen` and `$flagged` they carry; None: those of the account itself.
    """
    found = db.rows(
        """
        select r.id, r.message_id, r.size, r.flags, r.keywords, r.mailboxes, r.received_at, r.removed_at, g.envelope
          from store_removed_email r join store_message g on g.id = r.message_id
         where r.account_id = %s and r.id = any(%s::bigint[]) and r.removed_at > %s
        """,
        (account_id, list(email_ids), clock.now() - RECOVERABLE_FOR),
    )
    by_id = {
        row[0]: RemovedEmail(
            row[0],
            row[1],
            row[2],
            unpack_keywords(row[3], row[4]),
            tuple(row[5]),
            row[6],
            row[7],
            decode_envelope(row[8]),
        )
        for row in found
    }
    mails = [by_id[email_id] for email_id in dict.fromkeys(email_ids) if email_id in by_id]
    return mails if viewer is None else as_seen_by(account_id, viewer, mails)


def removed_count(account_id: int) -> int:
    """How many removed mails the account can have back."""
    count: int = db.scalar(
        "select count(*) from store_removed_email where account_id = %s and removed_at > %s",
        (account_id, clock.now() - RECOVERABLE_FOR),
    )
    return count
