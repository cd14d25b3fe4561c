"""Putting one message into many accounts at once: what `filing` does for one, said for a set.

A handful of statements serve any number of accounts, and the message's words are kept once for all of them. The rows,
counters, states and change log that come of it are those that filing account by account would have written.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from itertools import pairwise
from typing import Final

import msgspec

from pirab.core import db
from pirab.store.errors import MessageGone
from pirab.store.filing import RECENT_MENTIONS
from pirab.store.keywords import READ_BITS, pack_keywords
from pirab.store.ledger import CHANNEL
from pirab.store.tallies import COMMON, Look, is_long, look, settle
from pirab.store.tokens import TOKENIZER_VERSION
from pirab.store.types import DeliveryStatus, MailboxRole, MessageRef
from pirab.store.viewing import move_differences

LONGEST_PAYLOAD: Final = 7_900
"""Octets of one notification; PostgreSQL refuses 8,000."""


class Spread(msgspec.Struct, frozen=True):
    """How a message goes into every account: the mailbox with this role, else the inbox."""

    role: MailboxRole
    keywords: frozenset[str]
    received_at: datetime


class Landing(msgspec.Struct, frozen=True):
    """What became of one account, and the email it has now."""

    status: DeliveryStatus
    email_id: int | None = None


class _Place(msgspec.Struct):
    """Where the message goes in one account; `modseq` is the account's newest, the thread None when it is new."""

    account_id: int
    modseq: int
    mailbox_id: int
    thread_id: int | None = None
    has_thread: bool = False
    has_unread: bool = False
    is_shared: bool = False
    is_long: bool = False

    def look(self, emails: Collection[int] = ()) -> Look:
        """Its thread, and the emails just filed in it."""
        assert self.thread_id is not None
        return look(self.account_id, [self.thread_id], emails, has_viewers=self.is_shared)


def share_words(message_id: int, tokens: str) -> None:
    """Keep the words of a message once for all its holders. Harmless to repeat."""
    # Text of attachments that comes at this moment is indexed once more a little later: see `index_attachment_text`.
    db.execute(
        """
        insert into store_message_search (message_id, version, tokens)
        select id, %s, %s::tsvector from store_message where id = %s for key share
        on conflict (message_id) do nothing
        """,
        (TOKENIZER_VERSION, tokens, message_id),
    )


def lock_accounts(account_ids: Iterable[int]) -> None:
    """Lock the accounts in ascending order until the transaction ends; those that are gone are passed over."""
    db.rows(_LOCK, (list(account_ids),))


def spread_message(message: MessageRef, account_ids: Collection[int], spread: Spread) -> dict[int, Landing]:
    """Put the message into all these accounts, inside the caller's transaction; `share_words` has been called.

    Locks the accounts in ascending order, as everybody does who takes several. Raises `MessageGone`.
    """
    landings: dict[int, Landing] = {}
    places = _places(message, account_ids, spread, landings)
    _find_threads(message, places)
    # what is kept of long threads, and what viewers of shared accounts see where the letter answers one that is there
    answered = [place for place in places.values() if place.thread_id and (place.is_shared or place.is_long)]
    before = {place.account_id: place.look() for place in answered}
    for account_id, email_id in _insert(message, list(places.values()), spread).items():
        landings[account_id] = Landing(DeliveryStatus.STORED, email_id)
    for place in answered:
        filed = [landings[place.account_id].email_id or 0]
        moves = settle(place.account_id, before[place.account_id], place.look(filed))
        # the mailbox's own counters have moved, and that they did is logged already
        move_differences(place.account_id, moves.before, moves.after)
    _notify(places)
    return landings


def _places(
    message: MessageRef, account_ids: Collection[int], spread: Spread, landings: dict[int, Landing]
) -> dict[int, _Place]:
    """The accounts that take the message now, locked; what becomes of the others is put into `landings`."""
    places: dict[int, _Place] = {}
    # Locked first, looked at in a second statement: its snapshot sees what others did before we had the locks.
    locked = db.rows(_LOCK, (list(account_ids),))
    landings.update(dict.fromkeys(account_ids, Landing(DeliveryStatus.NO_ACCOUNT)))
    accounts = [row[0] for row in locked]
    holders, boxes = _holders(message, accounts), _boxes(accounts, spread.role)
    for account_id, modseq, room, is_shared in locked:
        held, mailbox_id = holders.get(account_id), boxes.get(account_id)
        if held is not None:
            landings[account_id] = Landing(DeliveryStatus.DUPLICATE, held)
        elif room < message.size:
            landings[account_id] = Landing(DeliveryStatus.OVER_QUOTA)
        elif mailbox_id is not None:
            places[account_id] = _Place(account_id, modseq, mailbox_id, is_shared=is_shared)
    return places


_LOCK: Final = """
    select account_id, modseq, quota_bytes - used_bytes, has_viewers from store_account
     where account_id = any(%s::bigint[]) order by account_id for update
"""


def _holders(message: MessageRef, ascending: Sequence[int]) -> dict[int, int]:
    """The email of each of these accounts that holds the message already."""
    if not ascending:
        return {}
    # mostly nobody does, and one look at all accounts in between says so
    among = {"message": message.id, "first": ascending[0], "last": ascending[-1]}
    if not db.scalar(_IS_HELD, among):
        return {}
    return dict(db.rows(_HELD, {"message": message.id, "accounts": list(ascending)}))


_IS_HELD: Final = """
    select exists (select from store_email
                    where message_id = %(message)s and account_id between %(first)s and %(last)s)
"""

_HELD: Final = """
    select a.id, e.id
      from unnest(%(accounts)s::bigint[]) as a(id)
     cross join lateral (select id from store_email where message_id = %(message)s and account_id = a.id offset 0) e
"""


def _boxes(account_ids: Sequence[int], role: MailboxRole) -> dict[int, int]:
    """The mailbox of each account that has the role, else its inbox."""
    sql = _INBOXES if role is MailboxRole.INBOX else _BOXES
    return dict(db.rows(sql, {"accounts": list(account_ids), "role": role}))


_INBOXES: Final = """
    select a.id, b.id
      from unnest(%(accounts)s::bigint[]) as a(id)
     cross join lateral (select id from store_mailbox where account_id = a.id and role = %(role)s offset 0) b
"""

_BOXES: Final = """
    select a.id, b.id
      from unnest(%(accounts)s::bigint[]) as a(id)
     cross join lateral (select id from store_mailbox where account_id = a.id and role in (%(role)s, 'inbox')
                          order by role = 'inbox' limit 1) b
"""


def _find_threads(message: MessageRef, places: Mapping[int, _Place]) -> None:
    """Tell each place the thread of its account that the message belongs to (rfc8621#3), as filing would."""
    refs = [*message.own_refs, *message.mentioned_refs]
    if not refs or not places:
        return
    for is_own in (True, False):
        relatives = _relatives(message, refs, is_own=is_own)
        lonely = [account_id for account_id, place in places.items() if place.thread_id is None]
        if relatives and lonely:
            found = db.rows(_THREADS, {"messages": relatives, "accounts": lonely})
            for account_id, thread_id in found:
                places[account_id].thread_id = thread_id
    _see_what_is_present([place for place in places.values() if place.thread_id is not None])


def _relatives(message: MessageRef, refs: Sequence[int], *, is_own: bool) -> list[int]:
    """Other messages of the same base subject that carry (or only mention) one of the message-ids, the newest ones."""
    found = db.rows(
        """
        select distinct r.message_id
          from (select message_id from store_message_ref
                 where ref = any(%(refs)s::bigint[]) and is_own = %(own)s and message_id <> %(message)s
                 order by message_id desc limit %(most)s) r
          join store_message g on g.id = r.message_id
         where g.thread_key = %(key)s or g.thread_key is null or %(key)s::bigint is null
        """,
        {
            "refs": refs,
            "own": is_own,
            "message": message.id,
            "key": message.thread_key,
            "most": RECENT_MENTIONS,
        },
    )
    return [message_id for (message_id,) in found]


_THREADS: Final = """
    select distinct on (e.account_id) e.account_id, e.thread_id
      from store_email e
     where e.message_id = any(%(messages)s::bigint[]) and e.account_id = any(%(accounts)s::bigint[])
     order by e.account_id, e.received_at desc
"""


def _see_what_is_present(places: Sequence[_Place]) -> None:
    """Which of the threads are in the mailbox already, whether an unread part of them is, and which are long."""
    if not places:
        return
    params = {
        "accounts": [place.account_id for place in places],
        "threads": [place.thread_id for place in places],
        "boxes": [place.mailbox_id for place in places],
        "read": READ_BITS,
        "common": COMMON,
    }
    found = {row[0]: row[1:] for row in db.rows(_PRESENT, params)}
    for place in places:
        is_kept, everywhere, here, unread = found[place.account_id]
        place.has_thread, place.has_unread = here > 0, unread > 0
        place.is_long = is_kept or is_long(everywhere + 1)


_PRESENT: Final = """
    select p.account_id, k.everywhere is not null, coalesce(k.everywhere, c.everywhere),
           case when k.everywhere is null then c.here else k.here end,
           case when k.everywhere is null then c.unread else k.unread end
      from unnest(%(accounts)s::bigint[], %(threads)s::bigint[], %(boxes)s::bigint[])
           as p(account_id, thread_id, mailbox_id)
     cross join lateral (
           select sum(emails) as everywhere,
                  coalesce(sum(emails) filter (where mailbox_id = p.mailbox_id), 0) as here,
                  coalesce(sum(unread) filter (where mailbox_id = p.mailbox_id), 0) as unread
             from (select * from store_thread_count where account_id = p.account_id and thread_id = p.thread_id
                      and person_id = %(common)s offset 0) kept) k
     cross join lateral (
           select count(*) as everywhere, count(*) filter (where m.mailbox_id = p.mailbox_id) as here,
                  count(*) filter (where m.mailbox_id = p.mailbox_id and e.flags & %(read)s = 0) as unread
             from (select id, flags from store_email
                    where account_id = p.account_id and thread_id = p.thread_id and k.everywhere is null offset 0) e
            cross join lateral (select mailbox_id from store_email_mailbox
                                 where account_id = p.account_id and email_id = e.id offset 0) m) c
"""


def _insert(message: MessageRef, places: Sequence[_Place], spread: Spread) -> dict[int, int]:
    """Write everything; the new email of each account. Raises `MessageGone`."""
    if not places:
        return {}
    flags, others = pack_keywords(spread.keywords)
    is_unread = not flags & READ_BITS
    made = db.rows(
        _INSERT,
        {
            "message": message.id,
            "size": message.size,
            "attachment": message.has_attachment,
            "received": spread.received_at,
            "flags": flags,
            "keywords": others,
            "unread": int(is_unread),
            "accounts": [place.account_id for place in places],
            "modseqs": [place.modseq for place in places],
            "boxes": [place.mailbox_id for place in places],
            "threads": [place.thread_id for place in places],
            "new_threads": [int(not place.has_thread) for place in places],
            "newly_unread": [int(is_unread and not place.has_unread) for place in places],
        },
    )
    if not made:
        raise MessageGone(str(message.id))
    return dict(made)


# One row of the log an account, as filing writes it (`Ledger.record_arrival`).
_INSERT: Final = """
    with held as (
        -- the collector deletes a message nobody holds; this lock lets one of us win
        select id from store_message where id = %(message)s for key share
    ), coming as materialized (
        select c.account_id, c.modseq, c.mailbox_id, coalesce(c.thread_id, store_new_id()) as thread_id,
               c.thread_id is null as is_new, c.new_thread, c.newly_unread, store_new_id() as email_id
          from unnest(%(accounts)s::bigint[], %(modseqs)s::bigint[], %(boxes)s::bigint[], %(threads)s::bigint[],
                      %(new_threads)s::int[], %(newly_unread)s::int[])
               as c(account_id, modseq, mailbox_id, thread_id, new_thread, newly_unread)
         cross join held
    ), email as (
        insert into store_email (account_id, id, message_id, thread_id, received_at, modseq, size, flags,
                                 has_attachment, keywords, has_shared_words)
        select account_id, email_id, %(message)s, thread_id, %(received)s, modseq + 1, %(size)s, %(flags)s,
               %(attachment)s, %(keywords)s::text[], true from coming
    ), counted as (
        update store_mailbox b
           set uid_next = b.uid_next + 1, total_emails = b.total_emails + 1,
               unread_emails = b.unread_emails + %(unread)s, total_threads = b.total_threads + c.new_thread,
               unread_threads = b.unread_threads + c.newly_unread
          from coming c
         where b.account_id = c.account_id and b.id = c.mailbox_id
        returning c.*, b.uid_next - 1 as uid
    ), member as (
        insert into store_email_mailbox (account_id, mailbox_id, email_id, thread_id, received_at, uid)
        select account_id, mailbox_id, email_id, thread_id, %(received)s, uid from counted
    ), logged as (
        insert into store_change (account_id, modseq, object_type, kind, object_id, thread_id, mailbox_id)
        select account_id, modseq + 1, 1, case when is_new then 5 else 6 end, email_id, thread_id, mailbox_id
          from coming
    ), stated as (
        update store_account a
           set modseq = c.modseq + 1, email_state = c.modseq + 1, thread_state = c.modseq + 1,
               mailbox_state = c.modseq + 1, delivery_state = c.modseq + 1,
               used_bytes = a.used_bytes + %(size)s, email_count = a.email_count + 1
          from coming c where a.account_id = c.account_id
    )
    select account_id, email_id from coming
"""


def _notify(account_ids: Collection[int]) -> None:
    """Tell the push service which accounts moved, in as few notifications as their size allows."""
    for payload in notifications(sorted(account_ids)):
        db.notify(CHANNEL, payload)


def notifications(ascending: Sequence[int]) -> list[str]:
    """Payloads `{"l": [first account, distance to the next, …]}`, each short enough for PostgreSQL."""
    payloads: list[str] = []
    numbers: list[str] = []
    octets = 0
    for before, account_id in pairwise((0, *ascending)):
        number = str(account_id - before if numbers else account_id)
        if octets + len(number) + 1 > LONGEST_PAYLOAD - 8:
            payloads.append(f'{{"l":[{",".join(numbers)}]}}')
            numbers, octets, number = [], 0, str(account_id)
        numbers.append(number)
        octets += len(number) + 1
    if numbers:
        payloads.append(f'{{"l":[{",".join(numbers)}]}}')
    return payloads
