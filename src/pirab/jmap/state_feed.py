"""The live states of accounts: one LISTEN connection a process, fanned out to whoever subscribed.

The feed keeps, for every account with a subscriber, the newest state of each type. A notification moves it
forward, never back, and tells the account's subscribers. After the connection to PostgreSQL was lost (a
restart), notifications may be missing, so the feed reads the states of all its accounts anew and tells
every difference: nothing is missed, only delayed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from itertools import accumulate
from typing import Final, Protocol

import django.db
import msgspec
import psycopg

from pirab.core.log import get_logger
from pirab.store.ledger import CHANNEL

States = dict[str, int]
"""Type name → state (modseq) of one account."""
_log = get_logger(__name__)
_SHORTEST_WAIT: Final = 0.1
_LONGEST_WAIT: Final = 5.0
_LISTENING_CHECK_SECONDS: Final = 30.0


class Subscriber(Protocol):
    """Somebody who wants to hear of changes. `changed` must return at once."""

    def changed(self, account_id: int, states: States) -> None:
        """These types of the account have these states now."""


class Watcher(Protocol):
    """Somebody who wants to hear of every change there is, and of one channel of their own."""

    channel: str

    def account_changed(self, account_id: int) -> None:
        """Something has moved in an account."""

    def notified(self, payload: str) -> None:
        """A notification on `channel`."""

    def listening_began(self) -> None:
        """From now on nothing is missed; before, something may have been."""


class _Notification(msgspec.Struct):
    """The payload of NOTIFY: one account and its states (see `pirab.store.ledger`), or many accounts that moved, each
    as its distance from the one before (see `pirab.store.spreading`)."""

    a: int = 0
    s: States = {}
    l: list[int] = []  # noqa: E741 - as it is called on the wire


_decode: Final = msgspec.json.Decoder(_Notification).decode


class StateFeed:
    """Owns the LISTEN connection while `run` runs; everything else is called from the same event loop."""

    def __init__(
        self,
        connect: Callable[[], Awaitable[psycopg.AsyncConnection[tuple[object, ...]]]],
        read_states: Callable[[list[int]], Awaitable[dict[int, States]]],
        watchers: Sequence[Watcher] = (),
    ) -> None:
        """`connect` opens an autocommit connection; `read_states` reads the present states of accounts.

        `watchers` hear of every account's changes, subscribed or not.
        """
        self._watchers = tuple(watchers)
        self._connect = connect
        self._read_states = read_states
        self._subscribers: dict[int, set[Subscriber]] = {}
        self._states: dict[int, States] = {}
        self._loaded: set[int] = set()
        self.is_listening = asyncio.Event()

    async def subscribe(self, subscriber: Subscriber, account_ids: Iterable[int]) -> None:
        """Have `subscriber` told of every change from now on, and know the accounts' present states."""
        wanted = list(account_ids)
        for account_id in wanted:
            self._subscribers.setdefault(account_id, set()).add(subscriber)
        # Subscribed first, read second: what changes in between is in the states or comes as a notification.
        unknown = [account_id for account_id in wanted if account_id not in self._loaded]
        if unknown:
            await self._load(unknown)

    def unsubscribe(self, subscriber: Subscriber, account_ids: Iterable[int]) -> None:
        """Forget `subscriber`, and the states of accounts nobody watches any more."""
        for account_id in account_ids:
            watching = self._subscribers.get(account_id)
            if watching is None:
                continue
            watching.discard(subscriber)
            if not watching:
                del self._subscribers[account_id]
                self._states.pop(account_id, None)
                self._loaded.discard(account_id)

    def states(self, account_id: int) -> States:
        """The newest known states of a subscribed account."""
        return self._states.get(account_id, {})

    async def run(self) -> None:
        """Listen until cancelled, through any number of database restarts."""
        wait = _SHORTEST_WAIT
        while True:
            try:
                async with await self._connect() as connection:
                    await connection.execute(f"listen {CHANNEL}")
                    for watcher in self._watchers:
                        await connection.execute(f"listen {watcher.channel}")
                    wait = _SHORTEST_WAIT
                    for watcher in self._watchers:
                        watcher.listening_began()
                    await self._catch_up()
                    self.is_listening.set()
                    await self._receive(connection)
            except (psycopg.Error, django.db.Error, OSError) as error:
                _log.warning("push.database_away", error=type(error).__name__, retry_seconds=wait)
            self.is_listening.clear()
            await asyncio.sleep(wait)
            wait = min(wait * 2, _LONGEST_WAIT)

    async def _receive(self, connection: psycopg.AsyncConnection[tuple[object, ...]]) -> None:
        while True:
            async for notification in connection.notifies(timeout=_LISTENING_CHECK_SECONDS):
                if notification.channel == CHANNEL:
                    await self._take(notification.payload)
                for watcher in self._watchers:
                    if notification.channel == watcher.channel:
                        watcher.notified(notification.payload)
            # Silence may be a dead peer: a statement finds out.
            await connection.execute("select 1")

    async def _take(self, payload: str) -> None:
        try:
            notification = _decode(payload)
        except msgspec.MsgspecError:
            _log.error("push.bad_notification", octets=len(payload))
            return
        many = list(accumulate(notification.l))
        self._merge(notification.a, notification.s)
        for watcher in self._watchers:
            for account_id in many or (notification.a,):
                watcher.account_changed(account_id)
        watched = [account_id for account_id in many if account_id in self._subscribers]
        if watched:
            await self._load(watched)

    async def _catch_up(self) -> None:
        watched = list(self._subscribers)
        if watched:
            await self._load(watched)

    async def _load(self, account_ids: list[int]) -> None:
        found = await self._read_states(account_ids)
        for account_id, states in found.items():
            self._merge(account_id, states)
            if account_id in self._subscribers:
                self._loaded.add(account_id)

    def _merge(self, account_id: int, states: States) -> None:
        watching = self._subscribers.get(account_id)
        if not watching:
            return
        known = self._states.setdefault(account_id, {})
        moved = {kind: state for kind, state in states.items() if state > known.get(kind, -1)}
        if not moved:
            return
        known.update(moved)
        for subscriber in tuple(watching):
            subscriber.changed(account_id, moved)
