"""One letter to many people: begun once, carried out chunk by chunk, each account exactly once.

A chunk is one transaction: its accounts get the letter and the chunk is marked done, or neither happens. Whoever
carries on after a crash takes the next chunk that is not done; an account that holds the message already is counted and
left alone, so nothing can come twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Final

import msgspec

from pirab.core import clock, db, jobs
from pirab.store.errors import MessageGone
from pirab.store.keywords import check_keywords
from pirab.store.queries.messages import message_with_id
from pirab.store.spreading import Landing, Spread, share_words, spread_message
from pirab.store.types import DeliveryStatus, FanoutState, MailboxRole, MessageRef
from pirab.store.words import message_tokens

CHUNK: Final = 2_000
"""Accounts that are locked and written together: mail of theirs waits for no more than one chunk."""

FANOUT_TASK: Final = "store.fan_out"


class ChunkDone(msgspec.Struct, frozen=True):
    """The accounts of a chunk that got the letter now, and the email it became in each."""

    fanout_id: int
    message: MessageRef
    emails: dict[int, int]


class _Chunk(msgspec.Struct, frozen=True):
    """Work to do, as `_NEXT` finds it."""

    number: int
    accounts: list[int]
    message_id: int
    role: str
    keywords: list[str]
    received_at: datetime


ChunkListener = Callable[[ChunkDone], None]
"""Called inside the transaction of the chunk: what it writes is there exactly if the letters are; what it raises undoes
the chunk, which is then tried again."""

_listeners: list[ChunkListener] = []


def register_chunk_listener(listener: ChunkListener) -> None:
    """Have `listener` told of every chunk (the traffic record). Registering it again changes nothing."""
    if listener not in _listeners:
        _listeners.append(listener)


def begin_fanout(message: MessageRef, account_ids: Iterable[int], spread: Spread) -> int:
    """Have the message put into all these accounts, each named any number of times; returns the fan-out's id.

    Part of the caller's transaction; the worker starts when that commits. Raises `InvalidKeywords`.
    """
    keywords = sorted(check_keywords(spread.keywords))
    wanted = sorted(set(account_ids))
    with db.transaction():
        share_words(message.id, message_tokens(message))
        fanout_id: int = db.scalar(
            """
            insert into store_fanout (message_id, role, keywords, received_at, total, created_at)
            values (%s, %s, %s, %s, %s, %s) returning id
            """,
            (message.id, spread.role, keywords, spread.received_at, len(wanted), clock.now()),
        )
        for start in range(0, len(wanted), CHUNK):
            db.execute(
                "insert into store_fanout_chunk (fanout_id, number, accounts) values (%s, %s, %s)",
                (fanout_id, start // CHUNK, wanted[start : start + CHUNK]),
            )
        ask_to_carry_on(fanout_id)
    return fanout_id


def ask_to_carry_on(fanout_id: int) -> None:
    """Have a worker go on with the fan-out, unless one will already."""
    jobs.defer_once(FANOUT_TASK, key=f"fanout-{fanout_id}", fanout_id=fanout_id)


def cancel_fanout(fanout_id: int) -> bool:
    """Stop before the next chunk; who has the letter keeps it. False when it was over already."""
    return _end(fanout_id, FanoutState.CANCELLED)


def run_chunk(fanout_id: int) -> bool:
    """Do the next chunk; False when there is none (left), or somebody else is doing the last of them.

    Raises `OperationalError` when an account was locked for too long; nothing is done then.
    """
    with db.durable_transaction():
        db.execute(_SETTINGS)
        found = db.row(_NEXT, (fanout_id,))
        if found is not None:
            _do(fanout_id, _Chunk(*found))
            return True
    if not db.scalar(
        "select exists (select from store_fanout_chunk where fanout_id = %s and stored is null)", (fanout_id,)
    ):
        _end(fanout_id, FanoutState.DONE)
    return False


_IS_LEFT: Final = """
    select exists (select from store_fanout_chunk where fanout_id = %s and stored is null)
"""

# Each statement meets thousands of accounts by name: joins that read whole tables are never right here. A letter of one
# of the accounts must not hold up the others for long.
_SETTINGS: Final = """
    select set_config('enable_hashjoin', 'off', true), set_config('enable_mergejoin', 'off', true),
           set_config('enable_seqscan', 'off', true), set_config('plan_cache_mode', 'force_generic_plan', true),
           set_config('jit', 'off', true), set_config('lock_timeout', '2s', true)
"""

_NEXT: Final = """
    select c.number, c.accounts, f.message_id, f.role, f.keywords, f.received_at
      from store_fanout f join store_fanout_chunk c on c.fanout_id = f.id
     where f.id = %s and f.state = 'open' and c.stored is null
     order by c.number limit 1 for update of c skip locked
"""


def _do(fanout_id: int, chunk: _Chunk) -> None:
    message = message_with_id(chunk.message_id)
    if message is None:
        raise MessageGone(str(chunk.message_id))
    spread = Spread(MailboxRole(chunk.role), frozenset(chunk.keywords), chunk.received_at)
    landings = spread_message(message, chunk.accounts, spread)
    emails = {
        account_id: landing.email_id
        for account_id, landing in landings.items()
        if landing.status is DeliveryStatus.STORED and landing.email_id is not None
    }
    for listener in tuple(_listeners):
        listener(ChunkDone(fanout_id, message, emails))
    db.execute(
        """
        update store_fanout_chunk set stored = %s, duplicates = %s, over_quota = %s, unknown = %s
         where fanout_id = %s and number = %s
        """,
        (
            len(emails),
            len(_accounts(landings, DeliveryStatus.DUPLICATE)),
            _accounts(landings, DeliveryStatus.OVER_QUOTA),
            _accounts(landings, DeliveryStatus.NO_ACCOUNT),
            fanout_id,
            chunk.number,
        ),
    )


def _accounts(landings: dict[int, Landing], status: DeliveryStatus) -> list[int]:
    return sorted(account_id for account_id, landing in landings.items() if landing.status is status)


def _end(fanout_id: int, state: FanoutState) -> bool:
    # While it was open the collector left the message alone; perhaps nobody has got it.
    ended = db.execute(
        """
        with ended as (
            update store_fanout set state = %(state)s, finished_at = %(now)s
             where id = %(fanout)s and state = 'open' returning message_id
        )
        insert into store_orphan (message_id, since) select message_id, %(now)s from ended
        on conflict (message_id) do update set since = excluded.since
        """,
        {"state": state, "now": clock.now(), "fanout": fanout_id},
    )
    return ended == 1


def forget_fanouts(age: timedelta) -> int:
    """Delete the records of fan-outs that ended longer ago than `age`; returns how many."""
    return db.execute("delete from store_fanout where finished_at < %s", (clock.now() - age,))
