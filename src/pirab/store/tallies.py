"""How much of each thread lies in each mailbox: what mailbox counters move by when emails of a thread change.

A short thread is counted from its rows before and after a change. Of a long one that count is kept, in
`store_thread_count`, and moved by what became of the emails that were touched, so that one letter costs the same in a
thread of a hundred and of a hundred thousand. A thread is long once it has rows there; ordinary threads have none, and
pay for no upkeep.

Rows of person 0 are the account's own: emails, and unread ones. In a shared account a person has a row where theirs
differ: `unread` is what to add to the account's own.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Final, NamedTuple

import msgspec

from pirab.core import db
from pirab.store.keywords import DRAFT, FLAG_BITS, READ_BITS, SEEN
from pirab.store.ledger import Ledger, MailboxCounts
from pirab.store.types import ChangeKind, ObjectType
from pirab.store.viewing import Differences, Unread, move_differences

LONG: Final = 100
"""Emails of a thread, counted once for each mailbox they are in, from which on their count is kept."""

COMMON: Final = 0
"""The person whose rows are the account's own."""


class Key(NamedTuple):
    """A thread in a mailbox, as the account (`COMMON`) or one person sees it."""

    thread_id: int
    mailbox_id: int
    person_id: int


class Count(NamedTuple):
    """Emails and unread ones; for a person the difference, whose emails are 0."""

    emails: int = 0
    unread: int = 0


Tally = dict[Key, Count]
"""Absent is zero."""


class Look(msgspec.Struct, frozen=True):
    """What was seen at one moment: what is kept of long threads and their touched emails; all emails of the others."""

    kept: Tally
    counted: Tally


class Moves(msgspec.Struct):
    """What counters move by: the account's own of each mailbox, and every person's difference from them."""

    mailboxes: dict[int, MailboxCounts]
    before: Differences
    after: Differences


def is_long(emails: int) -> bool:
    """Whether the count of a thread with so many emails is to be kept."""
    return emails >= LONG


@contextmanager
def keeping_counters(ledger: Ledger, touched: Mapping[int, int]) -> Iterator[None]:
    """Around a change of emails (their threads by their ids): move all counters by what it made of them."""
    with keeping_tallies(ledger, touched) as moves:
        yield
    for mailbox_id in sorted(moves.mailboxes):
        ledger.add_counts(mailbox_id, moves.mailboxes[mailbox_id])


@contextmanager
def keeping_tallies(ledger: Ledger, touched: Mapping[int, int]) -> Iterator[Moves]:
    """The same where the caller moves the mailboxes' own counters: by what it is handed, once the block has ended."""
    moves = Moves({}, {}, {})
    if not touched:
        yield moves
        return
    threads = set(touched.values())
    before = look(ledger.account_id, threads, touched, has_viewers=ledger.has_viewers)
    yield moves
    after = look(ledger.account_id, threads, touched, has_viewers=ledger.has_viewers)
    made = settle(ledger.account_id, before, after)
    moves.mailboxes = made.mailboxes
    seen_in = move_differences(ledger.account_id, made.before, made.after)
    ledger.record_all(ObjectType.MAILBOX, sorted(seen_in), ChangeKind.COUNTS)


def look(account_id: int, threads: Collection[int], touched: Iterable[int], *, has_viewers: bool) -> Look:
    """Count these threads; of long ones, these emails alone. The account is locked."""
    bits = {"read": READ_BITS, "draft": FLAG_BITS[DRAFT], "seen": FLAG_BITS[SEEN]}
    params = {"account": account_id, "threads": list(threads), "emails": list(touched), "common": COMMON}
    found = Look({}, {})
    for is_kept, thread_id, mailbox_id, person_id, emails, unread in db.rows(
        _LOOK_WITH_PEOPLE if has_viewers else _LOOK, params | bits
    ):
        if emails or unread:
            tally = found.kept if is_kept else found.counted
            tally[Key(thread_id, mailbox_id, person_id)] = Count(emails, unread)
    return found


def settle(account_id: int, before: Look, after: Look) -> Moves:
    """Bring the kept tallies up to date; what has to be made of the counters. Both looks are at the same threads."""
    long = {key.thread_id for key in before.kept}
    old, new = dict(before.kept), dict(before.kept)
    for key in before.counted.keys() | after.counted.keys():
        was, now = before.counted.get(key, Count()), after.counted.get(key, Count())
        if key.thread_id in long:
            total = before.kept.get(key, Count())
            new[key] = Count(total.emails + now.emails - was.emails, total.unread + now.unread - was.unread)
        else:
            old[key], new[key] = was, now
    _keep(account_id, old, new, long)
    return _moves(old, new)


def _keep(account_id: int, old: Tally, new: Tally, long: Collection[int]) -> None:
    """Write what changed in long threads, and all of those that have become long."""
    sizes: dict[int, int] = {}
    for key, count in new.items():
        sizes[key.thread_id] = sizes.get(key.thread_id, 0) + count.emails
    grown = {thread_id for thread_id, emails in sizes.items() if thread_id not in long and is_long(emails)}
    changed = {
        key: count
        for key, count in new.items()
        if key.thread_id in grown or (key.thread_id in long and old.get(key, Count()) != count)
    }
    if not changed:
        return
    keys = sorted(changed)
    params = {
        "account": account_id,
        "threads": [key.thread_id for key in keys],
        "boxes": [key.mailbox_id for key in keys],
        "people": [key.person_id for key in keys],
        "emails": [changed[key].emails for key in keys],
        "unread": [changed[key].unread for key in keys],
    }
    db.execute(_KEEP, params)


def _moves(old: Tally, new: Tally) -> Moves:
    moves = Moves({}, {}, {})
    for key in sorted(old.keys() | new.keys()):
        was, now = old.get(key, Count()), new.get(key, Count())
        if key.person_id == COMMON:
            if was != now:
                total = moves.mailboxes.setdefault(key.mailbox_id, MailboxCounts())
                total.total_emails += now.emails - was.emails
                total.unread_emails += now.unread - was.unread
                total.total_threads += (now.emails > 0) - (was.emails > 0)
                total.unread_threads += (now.unread > 0) - (was.unread > 0)
            continue
        common = Key(key.thread_id, key.mailbox_id, COMMON)
        _add(moves.before, key, was.unread, old.get(common, Count()).unread)
        _add(moves.after, key, now.unread, new.get(common, Count()).unread)
    return moves


def _add(differences: Differences, key: Key, difference: int, common: int) -> None:
    """Add what one thread contributes to how a person's counters of a mailbox differ."""
    at = (key.person_id, key.mailbox_id)
    found = differences.get(at, Unread())
    threads = (common + difference > 0) - (common > 0)
    differences[at] = Unread(found.emails + difference, found.threads + threads)


def count_anew(account_id: int) -> None:
    """Count all long threads of the account from their rows. The account is locked."""
    db.execute("delete from store_thread_count where account_id = %s", (account_id,))
    found = db.rows(_LONG_THREADS, {"account": account_id, "long": LONG})
    _look_and_keep(account_id, [thread_id for (thread_id,) in found])


def _look_and_keep(account_id: int, threads: Collection[int]) -> None:
    for thread_id in threads:
        tally = look(account_id, [thread_id], (), has_viewers=True).counted
        _keep(account_id, {}, tally, ())


def wrong_tallies(account_id: int) -> list[Key]:
    """What is kept of long threads and differs from what counting gives. Only reads."""
    found = db.rows(_KEPT, {"account": account_id})
    kept = {Key(*row[:3]): Count(*row[3:]) for row in found}
    if not kept:
        return []
    bits = {"read": READ_BITS, "draft": FLAG_BITS[DRAFT], "seen": FLAG_BITS[SEEN]}
    threads = sorted({key.thread_id for key in kept})
    params = {"account": account_id, "threads": threads, "emails": [], "common": COMMON}
    counted = {
        Key(*row[1:4]): Count(*row[4:]) for row in db.rows(_COUNT_ALL, params | bits) if row[4] or row[5]
    }
    return sorted(key for key in kept.keys() | counted.keys() if kept.get(key) != counted.get(key))


_LONG_THREADS: Final = """
    select thread_id from store_email_mailbox where account_id = %(account)s
     group by thread_id having count(*) >= %(long)s
"""

_KEPT: Final = """
    select thread_id, mailbox_id, person_id, emails, unread from store_thread_count where account_id = %(account)s
"""

# Threads and emails by name, one after the other: a plan for "any of these" may read the whole account.
_ALL_EMAILS: Final = """
    cross join lateral (select id, thread_id, flags from store_email
                         where account_id = %(account)s and thread_id = t.id offset 0) e
"""

_COUNTED: Final = f"""
    with kept as materialized (
        select k.thread_id, k.mailbox_id, k.person_id, k.emails, k.unread
          from unnest(%(threads)s::bigint[]) as t(id)
         cross join lateral (select * from store_thread_count
                              where account_id = %(account)s and thread_id = t.id offset 0) k
    ), counted as materialized (
        select e.* from (select t.id from unnest(%(threads)s::bigint[]) as t(id)
                          where not exists (select from kept where kept.thread_id = t.id) offset 0) t {_ALL_EMAILS}
        union all
        select e.* from (select w.id from unnest(%(emails)s::bigint[]) as w(id)
                          where exists (select from kept) offset 0) w
         cross join lateral (select id, thread_id, flags from store_email
                              where account_id = %(account)s and id = w.id offset 0) e
         where exists (select from kept where kept.thread_id = e.thread_id)
    )
    select true, kept.* from kept union all
"""  # noqa: S608 - words of our own

_OF_THE_ACCOUNT: Final = """
    select false, c.thread_id, m.mailbox_id, %(common)s::bigint, count(*)::int,
           (count(*) filter (where c.flags & %(read)s = 0))::int
      from counted c
     cross join lateral (select mailbox_id from store_email_mailbox
                          where account_id = %(account)s and email_id = c.id offset 0) m
     group by c.thread_id, m.mailbox_id
"""

_OF_PEOPLE: Final = """
    union all
    select false, c.thread_id, m.mailbox_id, v.person_id, 0,
           (count(*) filter (where ((c.flags & %(draft)s) | coalesce(
               (select o.flags & %(seen)s from store_viewer_email o
                 where o.account_id = %(account)s and o.email_id = c.id and o.person_id = v.person_id),
               (c.flags & %(seen)s) | case when c.id <= v.since then %(seen)s else 0 end)) = 0)
            - count(*) filter (where c.flags & %(read)s = 0))::int
      from store_viewer v
     cross join counted c
     cross join lateral (select mailbox_id from store_email_mailbox
                          where account_id = %(account)s and email_id = c.id offset 0) m
     where v.account_id = %(account)s
     group by c.thread_id, m.mailbox_id, v.person_id
"""

_LOOK: Final = _COUNTED + _OF_THE_ACCOUNT
_LOOK_WITH_PEOPLE: Final = _LOOK + _OF_PEOPLE
_COUNT_ALL: Final = f"""
    with counted as materialized (select e.* from unnest(%(threads)s::bigint[]) as t(id) {_ALL_EMAILS})
    {_OF_THE_ACCOUNT}
    {_OF_PEOPLE}
"""  # noqa: S608 - words of our own

_KEEP: Final = """
    with given as (
        select * from unnest(%(threads)s::bigint[], %(boxes)s::bigint[], %(people)s::bigint[], %(emails)s::int[],
                             %(unread)s::int[]) as g(thread_id, mailbox_id, person_id, emails, unread)
    ), nothing as (
        delete from store_thread_count k using given g
         where k.account_id = %(account)s and k.thread_id = g.thread_id and k.mailbox_id = g.mailbox_id
           and k.person_id = g.person_id and g.emails = 0 and g.unread = 0
    )
    insert into store_thread_count (account_id, thread_id, person_id, mailbox_id, emails, unread)
    select %(account)s, thread_id, person_id, mailbox_id, emails, unread from given where emails <> 0 or unread <> 0
    on conflict (account_id, thread_id, person_id, mailbox_id)
    do update set emails = excluded.emails, unread = excluded.unread
"""
