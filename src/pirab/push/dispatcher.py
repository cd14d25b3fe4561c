"""Which subscriptions a change concerns: kept in memory by the push process, which hears of every change anyway.

A change costs one look into a dictionary. Jobs are asked for in batches, so a busy account makes few of them; what
was missed (a restart, a lost connection) the read at the start finds, and the sweep of `tasks`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, Final, Protocol, TypeVar

import django.db

from pirab.core.log import get_logger
from pirab.push import actions, queries

Result = TypeVar("Result")
BATCH_SECONDS: Final = 0.25
REFRESH_SECONDS: Final = 600.0
"""How often all is read anew: accounts that a person has been given meanwhile are watched from then on."""
_log = get_logger(__name__)


class InThread(Protocol):
    """Runs domain code, which is synchronous, beside the event loop."""

    def __call__(self, work: Callable[..., Result], *args: Any) -> Coroutine[Any, Any, Result]:
        """The value of `work(*args)`."""


class Dispatcher:
    """Everything is called from one event loop."""

    channel = actions.CHANNEL

    def __init__(self, in_thread: InThread) -> None:
        self._in_thread = in_thread
        self._accounts: dict[int, set[int]] = {}
        self._persons: dict[int, set[tuple[int, int]]] = {}
        self._due: set[int] = set()
        self._stale: set[int | None] = {None}
        self._wake = asyncio.Event()

    def account_changed(self, account_id: int) -> None:
        """Something has moved in an account."""
        concerned = self._accounts.get(account_id)
        if concerned:
            self._due |= concerned
            self._wake.set()

    def notified(self, payload: str) -> None:
        """A notification of `actions.CHANNEL`: the subscriptions of a person are to be read again."""
        self._stale.add(int(payload) if payload.isascii() and payload.isdigit() else None)
        self._wake.set()

    def listening_began(self) -> None:
        """Notifications may have been missed before: read everything."""
        self._stale.add(None)
        self._wake.set()

    async def run(self) -> None:
        """Keep jobs coming until cancelled, through any number of database restarts."""
        while True:
            try:
                await asyncio.wait_for(self._wake.wait(), REFRESH_SECONDS)
            except TimeoutError:
                self._stale.add(None)
            await asyncio.sleep(BATCH_SECONDS)
            self._wake.clear()
            try:
                await self._work()
            except django.db.Error as error:
                _log.warning("push.dispatch_waits", error=type(error).__name__)
                self._wake.set()

    async def _work(self) -> None:
        while self._stale:
            person = None if None in self._stale else next(iter(self._stale))
            reading = set(self._stale) if person is None else {person}
            self._stale -= reading
            try:
                found = await self._in_thread(queries.watched, person)
            except django.db.Error:
                self._stale |= reading
                raise
            self._learn(person, found)
            if person is None:
                self._due.update(await self._in_thread(queries.behind))
        due, self._due = self._due, set()
        try:
            if due:
                await self._in_thread(actions.ask_for_delivery, sorted(due))
        except django.db.Error:
            self._due |= due
            raise

    def _learn(self, person: int | None, found: list[tuple[int, int, int]]) -> None:
        if person is None:
            self._accounts, self._persons = {}, {}
        for account, key in self._persons.pop(person, set()) if person is not None else ():
            watching = self._accounts[account]
            watching.discard(key)
            if not watching:
                del self._accounts[account]
        for account, owner, key in found:
            self._accounts.setdefault(account, set()).add(key)
            self._persons.setdefault(owner, set()).add((account, key))
            if person is not None:
                self._due.add(key)
