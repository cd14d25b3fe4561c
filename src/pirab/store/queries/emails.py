"""Reading emails by id: the narrow rows, and the rows with what a list shows of their message."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, Final

from pirab.core import db
from pirab.store.keywords import unpack_keywords
from pirab.store.queries.messages import decode_envelope
from pirab.store.types import EmailRow, EmailView, Structure
from pirab.store.viewing import as_seen_by

# `= any(ids)` lets the planner read a whole account once it believes that accounts are tiny; a lateral look-up per id
# cannot flip (index store_email_pkey, then store_email_mailbox_email).
_ROWS: Final = """
    select e.id, e.message_id, e.thread_id, e.received_at, e.size, e.flags, e.keywords, m.boxes
      from unnest(%(ids)s::bigint[]) with ordinality as wanted(id, place)
     cross join lateral (select * from store_email where account_id = %(account)s and id = wanted.id offset 0) e
     cross join lateral (select array_agg(mailbox_id) as boxes from store_email_mailbox
                          where account_id = %(account)s and email_id = e.id) m
     order by wanted.place
"""

_VIEWS: Final = """
    select e.id, e.message_id, e.thread_id, e.received_at, e.size, e.flags, e.keywords, m.boxes,
           g.digest, g.envelope, null
      from unnest(%(ids)s::bigint[]) with ordinality as wanted(id, place)
     cross join lateral (select * from store_email where account_id = %(account)s and id = wanted.id offset 0) e
     cross join lateral (select array_agg(mailbox_id) as boxes from store_email_mailbox
                          where account_id = %(account)s and email_id = e.id) m
     cross join lateral (select digest, envelope from store_message where id = e.message_id offset 0) g
     order by wanted.place
"""

_FULL_VIEWS: Final = """
    select e.id, e.message_id, e.thread_id, e.received_at, e.size, e.flags, e.keywords, m.boxes,
           g.digest, g.envelope, g.structure
      from unnest(%(ids)s::bigint[]) with ordinality as wanted(id, place)
     cross join lateral (select * from store_email where account_id = %(account)s and id = wanted.id offset 0) e
     cross join lateral (select array_agg(mailbox_id) as boxes from store_email_mailbox
                          where account_id = %(account)s and email_id = e.id) m
     cross join lateral (select digest, envelope, structure from store_message where id = e.message_id offset 0) g
     order by wanted.place
"""


def email_rows(account_id: int, email_ids: Collection[int], *, viewer: int | None = None) -> list[EmailRow]:
    """The emails with these ids, in the order asked; ids that are not in the account are absent.

    `viewer` is the person whose own `$seen` and `$flagged` they carry; None: those of the account itself.
    """
    found = db.binary_rows(_ROWS, {"account": account_id, "ids": list(dict.fromkeys(email_ids))})
    rows = [_email(row) for row in found]
    return rows if viewer is None else as_seen_by(account_id, viewer, rows)


def email_views(
    account_id: int,
    email_ids: Collection[int],
    *,
    structure: Structure = Structure.NONE,
    viewer: int | None = None,
) -> list[EmailView]:
    """The emails with these ids and what is known of their messages, in the order asked; unknown ids are absent.

    `viewer` as in `email_rows`.
    """
    sql = _FULL_VIEWS if structure is Structure.FULL else _VIEWS
    found = db.binary_rows(sql, {"account": account_id, "ids": list(dict.fromkeys(email_ids))})
    rows = [_email(row) for row in found]
    if viewer is not None:
        rows = as_seen_by(account_id, viewer, rows)
    return [
        EmailView(email, row[8], decode_envelope(row[9]), row[10])
        for email, row in zip(rows, found, strict=True)
    ]


# Index store_email_received, read for the account alone: the primary key has the order, but everybody's emails in it.
_OF_THE_ACCOUNT: Final = """
    with mine as materialized (
        select id from store_email where account_id = %(account)s and id > %(after)s
    )
    select e.id from mine e
"""


def all_email_ids(account_id: int, limit: int) -> list[int]:
    """Ids of the account's emails, at most `limit`, oldest first."""
    found = db.rows(
        f"{_OF_THE_ACCOUNT} order by e.id limit %(limit)s",
        {"account": account_id, "after": 0, "limit": limit},
    )
    return [email_id for (email_id,) in found]


def email_ids_after(
    account_id: int, after: int, limit: int, mailbox_ids: Collection[int] | None = None
) -> list[int]:
    """Ids of the account's emails above `after`, at most `limit`, ascending: all, or those in one of the mailboxes."""
    found = db.rows(
        f"""
        {_OF_THE_ACCOUNT}
         where %(boxes)s::bigint[] is null or exists (
               select from store_email_mailbox m where m.account_id = %(account)s and m.email_id = e.id
                  and m.mailbox_id = any(%(boxes)s::bigint[]))
         order by e.id limit %(limit)s
        """,
        {
            "account": account_id,
            "after": after,
            "limit": limit,
            "boxes": None if mailbox_ids is None else list(mailbox_ids),
        },
    )
    return [email_id for (email_id,) in found]


def count_of_emails(account_id: int, mailbox_ids: Collection[int] | None = None) -> int:
    """How many emails the account has: all, or those in one of the mailboxes."""
    counted: int = db.scalar(
        """
        select case when %(boxes)s::bigint[] is null
               then (select count(*) from store_email where account_id = %(account)s)
               else (select count(distinct email_id) from store_email_mailbox
                      where account_id = %(account)s and mailbox_id = any(%(boxes)s::bigint[])) end
        """,
        {"account": account_id, "boxes": None if mailbox_ids is None else list(mailbox_ids)},
    )
    return counted


def threads(account_id: int, thread_ids: Sequence[int]) -> dict[int, tuple[int, ...]]:
    """The emails of each thread, oldest first (rfc8621#3); unknown threads are absent."""
    found = db.rows(
        """
        select wanted.id, e.ids
          from unnest(%(ids)s::bigint[]) as wanted(id)
         cross join lateral (select array_agg(id order by received_at, id) as ids from store_email
                              where account_id = %(account)s and thread_id = wanted.id) e
         where e.ids is not null
        """,
        {"account": account_id, "ids": list(thread_ids)},
    )
    return {thread_id: tuple(email_ids) for thread_id, email_ids in found}


def _email(row: tuple[Any, ...]) -> EmailRow:
    keywords = unpack_keywords(row[5], row[6])
    return EmailRow(row[0], row[1], row[2], row[3], row[4], keywords, tuple(row[7] or ()))
