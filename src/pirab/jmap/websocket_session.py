"""One WebSocket connection (rfc8887#4): requests in, answers in the order they are ready, state changes between them.

An idle connection is this object and a waiting coroutine. Changes that come while the client reads slowly are merged.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Final, NamedTuple

import msgspec

from pirab.core.log import get_logger
from pirab.jmap import problems, strict_json
from pirab.jmap.event_stream import Send, changed_member, told_digest
from pirab.jmap.limits import CORE_LIMITS
from pirab.jmap.problems import RequestProblem
from pirab.jmap.state_feed import StateFeed, States

CLOSED_FOR_NO_SIGN_IN: Final = 1008
CLOSED_FOR_FLOODING: Final = 1008
MOST_TYPES: Final = 100
MOST_WAITING: Final = 64
"""Answers that a client has asked for and does not read: then the connection ends."""
_log = get_logger(__name__)
_encode: Final = msgspec.json.Encoder().encode


class Answer(NamedTuple):
    """What the API answered: HTTP status and body."""

    status: int
    body: bytes


class _Envelope(msgspec.Struct, frozen=True):
    """What has to be known of any message; the rest of a Request is read by the application."""

    type: str = msgspec.field(name="@type", default="")
    id: str | None = None


class _Enable(msgspec.Struct, frozen=True, rename="camel"):
    """WebSocketPushEnable (rfc8887#4.3.5.2)."""

    data_types: list[str] | None = None
    push_state: str | None = None


class WebSocketSession:
    """Subscribes to a `StateFeed` once push is enabled."""

    __slots__ = (
        "_account_ids",
        "_answer",
        "_feed",
        "_is_open",
        "_is_pushing",
        "_owed",
        "_send",
        "_turn",
        "_types",
        "_under_way",
        "_writing",
    )

    def __init__(self, feed: StateFeed, send: Send, answer: Callable[[bytes], Awaitable[Answer]]) -> None:
        """`answer` makes one API request as the person who is signed in."""
        self._feed = feed
        self._send = send
        self._answer = answer
        self._account_ids: tuple[int, ...] = ()
        self._types: frozenset[str] | None = None
        self._is_open = True
        self._is_pushing = False
        self._owed: dict[int, States] = {}
        self._under_way: set[asyncio.Task[None]] = set()
        self._writing: asyncio.Task[None] | None = None
        self._turn = asyncio.Lock()

    async def use_accounts(self, account_ids: tuple[int, ...]) -> None:
        """Tell of these accounts from now on."""
        gone = [account for account in self._account_ids if account not in account_ids]
        new = [account for account in account_ids if account not in self._account_ids]
        self._account_ids = account_ids
        self._feed.unsubscribe(self, gone)
        for account in gone:
            self._owed.pop(account, None)
        if new:
            await self._feed.subscribe(self, new)

    def take(self, message: bytes) -> None:
        """Deal with one message of the client; returns at once."""
        if not self._is_open:
            return
        if len(self._under_way) >= MOST_WAITING:
            self._is_pushing = False
            self._start(self.end(CLOSED_FOR_FLOODING))
            return
        try:
            envelope = _envelope(message)
        except RequestProblem as problem:
            self._start(self._say(_error(problem, None)))
            return
        match envelope.type:
            case "Request":
                self._take_request(message, envelope.id)
            case "WebSocketPushEnable":
                self._enable(message, envelope.id)
            case "WebSocketPushDisable":
                self._is_pushing = False
                self._owed = {}
            case _:
                strange = problems.not_request("The @type of a message must be one of rfc8887.")
                self._start(self._say(_error(strange, envelope.id)))

    def changed(self, account_id: int, states: States) -> None:
        """Owe the client these states, and pay as soon as the connection takes it."""
        if not self._is_pushing:
            return
        wanted = {kind: state for kind, state in states.items() if self._wants(kind)}
        if wanted:
            self._owed.setdefault(account_id, {}).update(wanted)
            if self._writing is None:
                self._writing = asyncio.get_running_loop().create_task(self._pay())

    async def end(self, code: int) -> None:
        """Close the connection from this side."""
        if self._is_open:
            self._is_open = False
            await self._send({"type": "websocket.close", "code": code})

    def leave(self) -> None:
        """The connection has ended: write nothing more, stop what runs for it."""
        self._is_open = False
        self._is_pushing = False
        self._feed.unsubscribe(self, self._account_ids)
        for task in (*self._under_way, *([self._writing] if self._writing else [])):
            task.cancel()

    def _take_request(self, message: bytes, request_id: str | None) -> None:
        most = CORE_LIMITS.max_concurrent_requests
        if len(self._under_way) >= most:
            problem = problems.over_limit("maxConcurrentRequests", most)
            self._start(self._say(_error(problem, request_id)))
            return
        if len(message) > CORE_LIMITS.max_size_request:
            problem = problems.over_limit("maxSizeRequest", CORE_LIMITS.max_size_request)
            self._start(self._say(_error(problem, request_id)))
            return
        self._start(self._respond(message, request_id))

    def _start(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def _respond(self, message: bytes, request_id: str | None) -> None:
        status, body = await self._answer(message)
        if status == 200:
            named = b'"requestId":%b,' % _encode(request_id) if request_id is not None else b""
            await self._say(b'{"@type":"Response",%b%b' % (named, body[1:]))
            return
        await self._say(_error_of(body, status, request_id))
        if status == 401:
            await self.end(CLOSED_FOR_NO_SIGN_IN)

    def _enable(self, message: bytes, request_id: str | None) -> None:
        try:
            wish = msgspec.json.decode(message, type=_Enable)
        except msgspec.MsgspecError as error:
            self._start(self._say(_error(problems.not_request(str(error)), request_id)))
            return
        self._types = None if wish.data_types is None else frozenset(wish.data_types[:MOST_TYPES])
        self._is_pushing = True
        self._owed = {}
        if wish.push_state is not None and wish.push_state != self._push_state():
            for account_id in self._account_ids:
                self.changed(account_id, self._feed.states(account_id))

    def _push_state(self) -> str:
        return told_digest(self._feed, self._account_ids, self._wants)

    def _wants(self, kind: str) -> bool:
        return self._types is None or kind in self._types

    async def _pay(self) -> None:
        try:
            while self._is_pushing and self._owed:
                owed, self._owed = self._owed, {}
                message = {"@type": "StateChange", "changed": changed_member(owed)}
                await self._say(_encode(message | {"pushState": self._push_state()}))
        finally:
            self._writing = None

    async def _say(self, message: bytes) -> None:
        # One at a time: whoever reads slowly holds up the writers here and not in the server's buffers.
        async with self._turn:
            if self._is_open:
                await self._send({"type": "websocket.send", "text": message.decode()})


def _envelope(message: bytes) -> _Envelope:
    """Raises `RequestProblem`: `notJSON` for what is no JSON, `notRequest` for what is no message of ours."""
    try:
        return msgspec.json.decode(message, type=_Envelope)
    except msgspec.ValidationError as error:
        raise problems.not_request(str(error)) from error
    except (msgspec.DecodeError, RecursionError) as error:
        raise problems.not_json(str(error)) from error


def _error(problem: RequestProblem, request_id: str | None) -> bytes:
    return _error_of(problem.body(), problem.status, request_id)


def _error_of(body: bytes, status: int, request_id: str | None) -> bytes:
    """A RequestError (rfc8887#4.3.4) out of problem details."""
    try:
        details = strict_json.parse(body, CORE_LIMITS.max_depth)
    except strict_json.NotStrictJson:
        details = {}
    members = details if isinstance(details, dict) else {}
    fallback = {"type": "about:blank", "status": status}
    return _encode({"@type": "RequestError", "requestId": request_id} | fallback | members)
