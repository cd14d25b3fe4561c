"""`/jmap/ws`: JMAP over WebSocket (rfc8887), as a small ASGI application of the push process.

Signing in happens once, at the handshake, and again every half hour for as long as the connection stands. The calls
themselves are answered by the application processes, to which each request is handed with the credentials it came
with: nothing that a request does can hold up this process, and limits and refusals are those of the API.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import Awaitable, Callable
from typing import Any, Final
from urllib.parse import urlsplit

import django.db
from django.conf import settings
from django.http.cookie import parse_cookie

from pirab.core.errors import TemporaryError
from pirab.core.log import get_logger
from pirab.core.metrics import gauge
from pirab.directory.types import Principal
from pirab.jmap import problems
from pirab.jmap.event_stream import Send
from pirab.jmap.http import refusals_as_problems
from pirab.jmap.problems import RequestProblem
from pirab.jmap.state_feed import StateFeed
from pirab.jmap.websocket_session import Answer, WebSocketSession
from pirab.signin import device
from pirab.signin.http import API_CHALLENGE, client_address
from pirab.signin.types import Caller, CredentialKind, Origin, Presented

Receive = Callable[[], Awaitable[dict[str, Any]]]
Scope = dict[str, Any]
Handshake = dict[str, str]
"""Header names in lower case → values."""

PATH: Final = "/jmap/ws"
SUBPROTOCOL: Final = "jmap"
MOST_CONNECTIONS: Final = 32
"""Connections one person may hold open in this process."""
SIGN_IN_SECONDS: Final = 1800
"""How long a sign-in is taken on trust."""
POLICY_VIOLATION: Final = 1008
NOT_TEXT: Final = 1003
_CREDENTIALS: Final[tuple[str, ...]] = ("authorization", "cookie")
_log = get_logger(__name__)
_open_connections: Final = gauge("push_websockets", "WebSocket connections that are open.")


class WebSocket:
    """The ASGI application. The feed has to run beside it."""

    def __init__(
        self,
        feed: StateFeed,
        identify: Callable[[Presented], Awaitable[Caller]],
        answer: Callable[[Handshake, bytes], Awaitable[Answer]],
    ) -> None:
        """`identify` raises the errors of `pirab.signin`; `answer` makes an API request with these headers."""
        self._feed = feed
        self._identify = identify
        self._answer = answer
        self._open: dict[int, int] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection from its handshake to its end."""
        await receive()  # websocket.connect
        headers = {
            name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]
        }
        try:
            _check_handshake(scope)
            presented = _presented(scope, headers)
            caller = await self._sign_in(presented, headers)
            self._claim(caller.principal.person_id)
        except RequestProblem as problem:
            await _refuse(problem, send)
            return
        except (TemporaryError, django.db.Error) as error:
            _log.warning("push.unavailable", error=type(error).__name__)
            await _refuse(problems.unavailable(), send)
            return
        try:
            await self._serve(caller.principal, presented, headers, receive, send)
        finally:
            self._release(caller.principal.person_id)

    async def _sign_in(self, presented: Presented, headers: Handshake) -> Caller:
        with refusals_as_problems(API_CHALLENGE):
            caller = await self._identify(presented)
        if caller.kind is CredentialKind.SESSION and not _is_own_page(headers):
            raise RequestProblem("about:blank", "A page of another site may not do this.", status=403)
        return caller

    async def _serve(
        self, principal: Principal, presented: Presented, headers: Handshake, receive: Receive, send: Send
    ) -> None:
        await send({"type": "websocket.accept", "subprotocol": SUBPROTOCOL})
        kept: Handshake = {name: headers[name] for name in _CREDENTIALS if name in headers}
        kept["x-forwarded-for"] = presented.origin.address

        async def answer(body: bytes) -> Answer:
            return await self._answer(kept, body)

        session = WebSocketSession(self._feed, send, answer)
        renewing = asyncio.get_running_loop().create_task(self._renew(session, presented, headers))
        try:
            await session.use_accounts(tuple(sorted(principal.account_ids)))
            await _read(session, receive)
        except (TemporaryError, django.db.Error) as error:
            _log.warning("push.unavailable", error=type(error).__name__)
            await session.end(1013)
        finally:
            renewing.cancel()
            session.leave()

    async def _renew(self, session: WebSocketSession, presented: Presented, headers: Handshake) -> None:
        """Ask again who is there, so that who was signed out, or lost an account, does not listen on."""
        while True:
            # Not all at the same moment: after a restart everybody came within a second.
            await asyncio.sleep(SIGN_IN_SECONDS * random.uniform(0.75, 1.25))  # noqa: S311 - spreads load only
            try:
                caller = await self._sign_in(presented, headers)
                await session.use_accounts(tuple(sorted(caller.principal.account_ids)))
            except RequestProblem:
                await session.end(POLICY_VIOLATION)
                return
            except (TemporaryError, django.db.Error) as error:
                _log.warning("push.unavailable", error=type(error).__name__)

    def _claim(self, person_id: int) -> None:
        if self._open.get(person_id, 0) >= MOST_CONNECTIONS:
            raise RequestProblem("about:blank", f"At most {MOST_CONNECTIONS} connections.", status=429)
        self._open[person_id] = self._open.get(person_id, 0) + 1
        _open_connections.inc()

    def _release(self, person_id: int) -> None:
        _open_connections.dec()
        left = self._open[person_id] - 1
        if left:
            self._open[person_id] = left
        else:
            del self._open[person_id]


async def _read(session: WebSocketSession, receive: Receive) -> None:
    while (message := await receive())["type"] != "websocket.disconnect":
        text = message.get("text")
        if text is None:  # rfc8887#4.1: only text
            await session.end(NOT_TEXT)
        else:
            session.take(text.encode())


def _check_handshake(scope: Scope) -> None:
    if scope["path"] != PATH:
        raise problems.not_found()
    if SUBPROTOCOL not in scope.get("subprotocols", ()):
        raise RequestProblem("about:blank", "The subprotocol must be jmap.", status=400)


def _presented(scope: Scope, headers: Handshake) -> Presented:
    cookies = parse_cookie(headers.get("cookie", ""))
    peer = scope["client"][0] if scope.get("client") else ""
    origin = Origin(client_address(peer, headers.get("x-forwarded-for")), cookies.get(device.COOKIE))
    return Presented(headers.get("authorization"), cookies.get(settings.SESSION_COOKIE_NAME), origin)


def _is_own_page(headers: Handshake) -> bool:
    """A browser sends cookies with any site's handshake, and says by Origin whose it is (rfc6455#10.2)."""
    origin = urlsplit(headers.get("origin", ""))
    environment = settings.ENVIRONMENT
    public = urlsplit(environment.public_url)
    if (origin.scheme, origin.netloc) == (public.scheme, public.netloc):
        return True
    # In development a page is used as localhost, by address or through a tunnel.
    is_same_host = bool(origin.netloc) and origin.netloc == headers.get("host")
    return is_same_host and not environment.is_production


async def _refuse(problem: RequestProblem, send: Send) -> None:
    headers = {"Content-Type": problems.CONTENT_TYPE, "Cache-Control": "no-store"} | problem.headers
    encoded = [(name.lower().encode(), value.encode("latin-1")) for name, value in headers.items()]
    with contextlib.suppress(OSError):
        start = {"type": "websocket.http.response.start", "status": problem.status, "headers": encoded}
        await send(start)
        await send({"type": "websocket.http.response.body", "body": problem.body(), "more_body": False})
