"""One open EventSource connection (rfc8620#7.3): what it has to say, and saying it.

An idle stream is this object and one waiting coroutine; nothing runs for it. Changes that come while the
client reads slowly are merged, so a stream never owes more than one state for each type of each account.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any, Final

import msgspec

from pirab.core.ids import IdKind, encode_id
from pirab.jmap.state_feed import StateFeed, States

Send = Callable[[dict[str, Any]], Awaitable[None]]


class StreamOptions(msgspec.Struct, frozen=True):
    """What the client asked for. `types` None means all; `ping_seconds` 0 means no pings."""

    types: frozenset[str] | None
    closes_after_state: bool
    ping_seconds: int


def told_digest(feed: StateFeed, account_ids: Iterable[int], wants: Callable[[str], bool]) -> str:
    """Stands for the present states of all wanted types in these accounts."""
    told = [
        (account_id, kind, state)
        for account_id in account_ids
        for kind, state in sorted(feed.states(account_id).items())
        if wants(kind)
    ]
    return hashlib.blake2b(msgspec.json.encode(told), digest_size=12).hexdigest()


def changed_member(owed: Mapping[int, States]) -> dict[str, dict[str, str]]:
    """`changed` of a StateChange (rfc8620#7.1)."""
    return {
        encode_id(IdKind.ACCOUNT, account_id): {kind: str(state) for kind, state in states.items()}
        for account_id, states in owed.items()
    }


class EventStream:
    """Subscribes to a `StateFeed` and writes `state` and `ping` events."""

    __slots__ = (
        "_feed",
        "_is_open",
        "_next_ping",
        "_options",
        "_owed",
        "_owes_ping",
        "_send",
        "_writing",
        "account_ids",
        "expires_at",
    )

    def __init__(
        self,
        feed: StateFeed,
        account_ids: tuple[int, ...],
        options: StreamOptions,
        send: Send,
        expires_at: float,
    ) -> None:
        """`expires_at` (seconds of the event loop's clock) is when the client has to come and sign in anew."""
        self.account_ids = account_ids
        self.expires_at = expires_at
        self._feed = feed
        self._options = options
        self._send = send
        self._owed: dict[int, States] = {}
        self._owes_ping = False
        self._is_open = False
        self._writing: asyncio.Task[None] | None = None
        self._next_ping = 0.0

    def open(self, last_event_id: str | None, now: float) -> None:
        """Start writing: at once the present states, unless the client has seen just these already."""
        self._is_open = True
        self._owed = {}
        self._restart_ping(now)
        if last_event_id != self.event_id():
            for account_id in self.account_ids:
                self.changed(account_id, self._feed.states(account_id))

    def close(self) -> None:
        """Write nothing more."""
        self._is_open = False
        self._owed = {}

    def changed(self, account_id: int, states: States) -> None:
        """Owe the client these states, and pay as soon as the connection takes it."""
        wanted = {kind: state for kind, state in states.items() if self._wants(kind)}
        if wanted:
            self._owed.setdefault(account_id, {}).update(wanted)
            self._start_writing()

    def tick(self, now: float) -> None:
        """Ping when it is time to; end the stream when its time is over."""
        if self._is_open and now >= self.expires_at:
            self._is_open = False
            self._start_writing()
        elif self._is_open and self._options.ping_seconds and now >= self._next_ping:
            self._restart_ping(now)
            self._owes_ping = True
            self._start_writing()

    def event_id(self) -> str:
        """Stands for everything this stream would tell, as of now."""
        return told_digest(self._feed, self.account_ids, self._wants)

    def _wants(self, kind: str) -> bool:
        return self._options.types is None or kind in self._options.types

    def _restart_ping(self, now: float) -> None:
        self._next_ping = now + self._options.ping_seconds

    def _start_writing(self) -> None:
        if self._writing is None:
            self._writing = asyncio.get_running_loop().create_task(self._write())

    async def _write(self) -> None:
        try:
            while self._is_open and (self._owed or self._owes_ping):
                event = self._state_event() if self._owed else _PING % self._options.ping_seconds
                self._owes_ping = False
                await self._send({"type": "http.response.body", "body": event, "more_body": True})
            if not self._is_open:
                await self._send({"type": "http.response.body", "body": b"", "more_body": False})
        finally:
            self._writing = None

    def _state_event(self) -> bytes:
        changed = changed_member(self._owed)
        self._owed = {}
        self._is_open = not self._options.closes_after_state
        self._restart_ping(asyncio.get_running_loop().time())
        data = msgspec.json.encode({"@type": "StateChange", "changed": changed})
        return b"event: state\nid: %b\ndata: %b\n\n" % (self.event_id().encode(), data)


_PING: Final = b'event: ping\ndata: {"interval":%d}\n\n'
