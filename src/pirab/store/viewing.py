"""Shared accounts as each person sees them: their own `$seen` and `$flagged`, and counters to match.

What is the default of an email for a person is in its common flags, and everything up to `store_viewer.since`, the
moment they joined, is read. `store_viewer_email` has a row only where they said otherwise. Counters are kept as the
difference from the mailbox's own (`store_viewer_mailbox`): a new letter that begins a thread moves nobody's difference,
so it costs nothing a member.

An account that nobody shares has no viewers; `Ledger.has_viewers` says so before anything here asks the database.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Final, TypeVar

import msgspec

from pirab.core import db
from pirab.store.keywords import (
    DRAFT,
    FLAG_BITS,
    PERSONAL_BITS,
    READ_BITS,
    SEEN,
    with_personal_bits,
)
from pirab.store.ledger import Ledger
from pirab.store.types import EmailRow, RemovedEmail

Mail = TypeVar("Mail", EmailRow, RemovedEmail)


class Unread(msgspec.Struct, frozen=True):
    """Unread emails and threads of a mailbox, or the difference between two views of it."""

    emails: int = 0
    threads: int = 0


Differences = dict[tuple[int, int], Unread]
"""By (person, mailbox): what to add to the mailbox's own counters. Zeros are left out."""


def as_seen_by(account_id: int, viewer: int, rows: Sequence[Mail]) -> list[Mail]:
    """The rows, also of removed mail, with the viewer's own keywords in place of the common ones."""
    params = {"account": account_id, "viewer": viewer, "ids": [row.id for row in rows]}
    own: dict[int | None, int] = dict(db.binary_rows(_OWN, params))
    since = own.get(None, 0)
    return [_with_own(row, own.get(row.id), since) for row in rows]


def _with_own(row: Mail, own: int | None, since: int) -> Mail:
    if own is not None:
        return msgspec.structs.replace(row, keywords=with_personal_bits(row.keywords, own))
    if row.id <= since and SEEN not in row.keywords:
        return msgspec.structs.replace(row, keywords=row.keywords | {SEEN})
    return row


def personal_flags(email: str) -> str:
    """SQL: the bits of `$seen` and `$flagged` in `email` (alias of store_email) as %(viewer)s has them."""
    return (
        "coalesce((select o.flags from store_viewer_email o where o.account_id = %(account)s"  # noqa: S608
        f" and o.email_id = {email}.id and o.person_id = %(viewer)s),"
        f" ({email}.flags & {PERSONAL_BITS}) | case when {email}.id <= (select v.since from store_viewer v"
        f" where v.account_id = %(account)s and v.person_id = %(viewer)s) then {FLAG_BITS[SEEN]} else 0 end)"
    )


def move_differences(account_id: int, before: Differences, after: Differences) -> frozenset[int]:
    """Add to every viewer's counters what is in `after` and was not in `before`; the mailboxes it concerned.

    The account is locked by the caller, who also logs that counters moved.
    """
    moves = {}
    for key in sorted(before.keys() | after.keys()):
        old, new = before.get(key, Unread()), after.get(key, Unread())
        if old != new:
            moves[key] = Unread(new.emails - old.emails, new.threads - old.threads)
    if not moves:
        return frozenset()
    db.execute(
        _ADD,
        {
            "account": account_id,
            "people": [person for person, _ in moves],
            "boxes": [mailbox for _, mailbox in moves],
            "emails": [move.emails for move in moves.values()],
            "threads": [move.threads for move in moves.values()],
        },
    )
    return frozenset(mailbox for _, mailbox in moves)


def become_viewer(ledger: Ledger, person_id: int) -> None:
    """Keep a person's own state from now on; until then they saw the common flags, and go on from there."""
    db.execute(
        "insert into store_viewer (account_id, person_id) values (%s, %s) on conflict do nothing",
        (ledger.account_id, person_id),
    )
    note_viewers(ledger)


def note_viewers(ledger: Ledger) -> None:
    """Have every later ledger of the account look after its viewers."""
    if not ledger.has_viewers:
        db.execute("update store_account set has_viewers = true where account_id = %s", (ledger.account_id,))
        ledger.has_viewers = True


def write_personal_flags(ledger: Ledger, person_id: int, flags: Mapping[int, int]) -> None:
    """Set a person's own bits of these emails; a row stays only where they differ from the default."""
    if not flags:
        return
    db.execute(
        _OVERLAY,
        {
            "account": ledger.account_id,
            "viewer": person_id,
            "ids": list(flags),
            "flags": list(flags.values()),
            "personal": PERSONAL_BITS,
            "seen": FLAG_BITS[SEEN],
        },
    )


def forget_emails(ledger: Ledger, email_ids: Collection[int]) -> None:
    """Remove what people said of emails that go for good."""
    if ledger.has_viewers:
        db.execute(
            "delete from store_viewer_email where account_id = %s and email_id = any(%s::bigint[])",
            (ledger.account_id, list(email_ids)),
        )


def account_differences(account_id: int) -> Differences:
    """What every viewer's differences should be, counted from the rows."""
    bits = {"read": READ_BITS, "draft": FLAG_BITS[DRAFT], "seen": FLAG_BITS[SEEN]}
    found = db.rows(_IN_ACCOUNT, {"account": account_id} | bits)
    return {(row[0], row[1]): Unread(row[2], row[3]) for row in found if row[2] or row[3]}


def kept_differences(account_id: int) -> Differences:
    """The differences as they are kept."""
    found = db.rows(
        """
        select person_id, mailbox_id, unread_emails, unread_threads from store_viewer_mailbox
         where account_id = %s and (unread_emails <> 0 or unread_threads <> 0)
        """,
        (account_id,),
    )
    return {(row[0], row[1]): Unread(row[2], row[3]) for row in found}


# The row without an email is the moment of joining. A lateral look-up an id, see `queries.emails`.
_OWN: Final = """
    select wanted.id, o.flags::bigint
      from unnest(%(ids)s::bigint[]) as wanted(id)
     cross join lateral (select flags from store_viewer_email
                          where account_id = %(account)s and email_id = wanted.id and person_id = %(viewer)s
                         offset 0) o
     union all
    select null, since from store_viewer where account_id = %(account)s and person_id = %(viewer)s
"""

_COUNTED: Final = """
    select person_id, mailbox_id, (sum(mine) - sum(common))::int,
           (count(*) filter (where mine > 0) - count(*) filter (where common > 0))::int
      from (select v.person_id, m.mailbox_id, e.thread_id,
                   count(*) filter (where e.flags & %(read)s = 0) as common,
                   count(*) filter (where ((e.flags & %(draft)s) | coalesce(
                       (select o.flags & %(seen)s from store_viewer_email o
                         where o.account_id = %(account)s and o.email_id = e.id and o.person_id = v.person_id),
                       (e.flags & %(seen)s) | case when e.id <= v.since then %(seen)s else 0 end)) = 0) as mine
              from store_viewer v cross join """

_GROUPED: Final = """
             where v.account_id = %(account)s
             group by v.person_id, m.mailbox_id, e.thread_id) per_thread
     group by person_id, mailbox_id
"""

_IN_ACCOUNT: Final = (
    _COUNTED
    + """(store_email_mailbox m
              join store_email e on e.account_id = %(account)s and e.id = m.email_id and m.account_id = %(account)s)"""
    + _GROUPED
)

_ADD: Final = """
    insert into store_viewer_mailbox as v (account_id, person_id, mailbox_id, unread_emails, unread_threads)
    select %(account)s, d.* from unnest(%(people)s::bigint[], %(boxes)s::bigint[], %(emails)s::int[],
                                        %(threads)s::int[]) as d
    on conflict (account_id, person_id, mailbox_id)
    do update set unread_emails = v.unread_emails + excluded.unread_emails,
                  unread_threads = v.unread_threads + excluded.unread_threads
"""

_OVERLAY: Final = """
    with wanted as (
        select e.id, w.flags,
               ((e.flags & %(personal)s) | case when e.id <= coalesce(
                   (select since from store_viewer where account_id = %(account)s and person_id = %(viewer)s), 0)
                   then %(seen)s else 0 end) as usual
          from unnest(%(ids)s::bigint[], %(flags)s::smallint[]) as w(id, flags)
         cross join lateral (select id, flags from store_email
                              where account_id = %(account)s and id = w.id offset 0) e
    ), usual as (
        delete from store_viewer_email o using wanted w
         where o.account_id = %(account)s and o.email_id = w.id and o.person_id = %(viewer)s and w.flags = w.usual
    )
    insert into store_viewer_email (account_id, email_id, person_id, flags)
    select %(account)s, w.id, %(viewer)s, w.flags from wanted w where w.flags <> w.usual
    on conflict (account_id, email_id, person_id) do update set flags = excluded.flags
"""
