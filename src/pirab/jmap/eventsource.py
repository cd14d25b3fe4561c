"""`/jmap/eventsource` (rfc8620#7.3): a small ASGI application that keeps many idle connections cheaply.

Signing in is the same as for the API and asks the database in a thread; everything else happens in the
event loop. A stream ends after half an hour and the client comes back by itself, so that who was signed
out, or lost an account, does not listen on.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import Awaitable, Callable
from typing import Any, Final
from urllib.parse import parse_qs

import django.db
from django.conf import settings
from django.http.cookie import parse_cookie

from pirab.core.errors import TemporaryError
from pirab.core.log import get_logger
from pirab.core.metrics import gauge
from pirab.directory.types import Principal
from pirab.jmap import problems
from pirab.jmap.event_stream import EventStream, Send, StreamOptions
from pirab.jmap.http import refusals_as_problems
from pirab.jmap.problems import RequestProblem
from pirab.jmap.state_feed import StateFeed
from pirab.signin import device
from pirab.signin.http import API_CHALLENGE, PAGE_CHALLENGE, client_address
from pirab.signin.types import Origin, Presented

Receive = Callable[[], Awaitable[dict[str, Any]]]
Scope = dict[str, Any]

PATH: Final = "/jmap/eventsource"
SHORTEST_PING: Final = 5
LONGEST_PING: Final = 600
"""Bounds, in seconds, of the ping interval (the RFC wants the lower at most 30 and the upper at least 300)."""
MOST_STREAMS: Final = 32
"""Streams one person may hold open in this process."""
LIFETIME_SECONDS: Final = 1800
_TICK_SECONDS: Final = 1.0
_log = get_logger(__name__)
_open_streams: Final = gauge("push_streams", "EventSource connections that are open.")


class EventSource:
    """The ASGI application. `run` must run beside it: it pings and listens."""

    def __init__(self, feed: StateFeed, identify: Callable[[Presented], Awaitable[Principal]]) -> None:
        """`identify` tells who presented credentials; it raises the errors of `pirab.signin`."""
        self._feed = feed
        self._identify = identify
        self._streams: set[EventStream] = set()
        self._streams_of: dict[int, int] = {}

    async def run(self) -> None:
        """Listen for changes and keep the pings going until cancelled."""
        await asyncio.gather(self._feed.run(), self._tick())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one HTTP request."""
        try:
            options = _options(scope)
            presented, is_page, last_event_id = _headers(scope)
            with refusals_as_problems(PAGE_CHALLENGE if is_page else API_CHALLENGE):
                principal = await self._identify(presented)
            await self._stream(principal, options, last_event_id, receive, send)
        except RequestProblem as problem:
            await _answer(problem, send)
        except (TemporaryError, django.db.Error) as error:
            _log.warning("push.unavailable", error=type(error).__name__)
            await _answer(problems.unavailable(), send)

    async def _stream(
        self,
        principal: Principal,
        options: StreamOptions,
        last_event_id: str | None,
        receive: Receive,
        send: Send,
    ) -> None:
        person_id = principal.person_id
        if self._streams_of.get(person_id, 0) >= MOST_STREAMS:
            raise RequestProblem("about:blank", f"At most {MOST_STREAMS} streams at a time.", status=429)
        now = asyncio.get_running_loop().time()
        # Not all at the same moment: after a restart everybody came within a second.
        expires_at = now + LIFETIME_SECONDS * random.uniform(0.75, 1.25)  # noqa: S311 - spreads load only
        stream = EventStream(self._feed, tuple(sorted(principal.account_ids)), options, send, expires_at)
        self._streams_of[person_id] = self._streams_of.get(person_id, 0) + 1
        try:
            await self._feed.subscribe(stream, stream.account_ids)
            await send({"type": "http.response.start", "status": 200, "headers": _STREAM_HEADERS})
            await send({"type": "http.response.body", "body": _HELLO, "more_body": True})
            self._streams.add(stream)
            _open_streams.inc()
            stream.open(last_event_id, now)
            while (await receive())["type"] != "http.disconnect":
                pass
        finally:
            self._forget(stream, person_id)

    def _forget(self, stream: EventStream, person_id: int) -> None:
        stream.close()
        self._feed.unsubscribe(stream, stream.account_ids)
        if stream in self._streams:
            self._streams.remove(stream)
            _open_streams.dec()
        left = self._streams_of[person_id] - 1
        if left:
            self._streams_of[person_id] = left
        else:
            del self._streams_of[person_id]

    async def _tick(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(_TICK_SECONDS)
            now = loop.time()
            for stream in tuple(self._streams):
                stream.tick(now)


_HELLO: Final = b"retry: 3000\n\n"
_STREAM_HEADERS: Final = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
]


def _options(scope: Scope) -> StreamOptions:
    if scope["path"] != PATH:
        raise problems.not_found()
    if scope["method"] != "GET":
        raise problems.method_not_allowed("GET")
    try:
        given = parse_qs(scope["query_string"].decode("ascii"), keep_blank_values=True, max_num_fields=20)
    except ValueError as error:
        raise RequestProblem("about:blank", "The query cannot be read.") from error
    types = _last(given, "types", "*")
    closes = _last(given, "closeafter", "no")
    ping = _last(given, "ping", "0")
    if closes not in ("state", "no"):
        raise RequestProblem("about:blank", "closeafter must be state or no.")
    if not ping.isascii() or not ping.isdigit() or len(ping) > 9:
        raise RequestProblem("about:blank", "ping must be a number of seconds.")
    seconds = min(max(int(ping), SHORTEST_PING), LONGEST_PING) if int(ping) else 0
    chosen = None if types == "*" else frozenset(types.split(",")[:100])
    return StreamOptions(chosen, closes == "state", seconds)


def _last(given: dict[str, list[str]], name: str, default: str) -> str:
    return given[name][-1] if name in given else default


def _headers(scope: Scope) -> tuple[Presented, bool, str | None]:
    """The credentials, whether a browser page asks, and the id of the last event the client has seen."""
    headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
    cookies = parse_cookie(headers.get("cookie", ""))
    peer = scope["client"][0] if scope.get("client") else ""
    origin = Origin(client_address(peer, headers.get("x-forwarded-for")), cookies.get(device.COOKIE))
    presented = Presented(headers.get("authorization"), cookies.get(settings.SESSION_COOKIE_NAME), origin)
    return presented, "sec-fetch-mode" in headers, headers.get("last-event-id")


async def _answer(problem: RequestProblem, send: Send) -> None:
    body = problem.body()
    headers = {
        "Content-Type": problems.CONTENT_TYPE,
        "Content-Length": str(len(body)),
        "Cache-Control": "no-store",
    } | problem.headers
    encoded = [(name.lower().encode(), value.encode("latin-1")) for name, value in headers.items()]
    # The client may be gone already; then nobody is left to tell.
    with contextlib.suppress(OSError):
        await send({"type": "http.response.start", "status": problem.status, "headers": encoded})
        await send({"type": "http.response.body", "body": body, "more_body": False})
