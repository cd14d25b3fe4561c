"""The push process: `uvicorn pirab.conf.push:application`. Wires the event stream to PostgreSQL and to sign-in."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final, TypeVar

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pirab.conf.settings")
django.setup()

import httpx  # noqa: E402 - Django has to be set up before our own modules are imported
import psycopg  # noqa: E402
from django.conf import settings  # noqa: E402
from django.db import close_old_connections, connection  # noqa: E402

from pirab.core import log  # noqa: E402
from pirab.directory.types import Principal  # noqa: E402
from pirab.jmap import problems  # noqa: E402
from pirab.jmap.event_stream import Send  # noqa: E402
from pirab.jmap.eventsource import EventSource, Receive, Scope  # noqa: E402
from pirab.jmap.state_feed import StateFeed, States  # noqa: E402
from pirab.jmap.websocket import Handshake, WebSocket  # noqa: E402
from pirab.jmap.websocket_session import Answer  # noqa: E402
from pirab.push.dispatcher import Dispatcher  # noqa: E402
from pirab.signin import http as signin  # noqa: E402
from pirab.signin.types import Caller, Presented  # noqa: E402
from pirab.store import queries as store  # noqa: E402
from pirab.store.errors import AccountUnknown  # noqa: E402
from pirab.store.types import ObjectType  # noqa: E402

Result = TypeVar("Result")
_log = log.get_logger(__name__)

_threads: Final = ThreadPoolExecutor(2, thread_name_prefix="database")
"""Domain code is synchronous; two threads are enough to sign people in and read states."""


async def _in_thread(work: Callable[..., Result], *args: Any) -> Result:
    def with_usable_connection() -> Result:
        close_old_connections()
        return work(*args)

    return await asyncio.get_running_loop().run_in_executor(_threads, with_usable_connection)


async def _identify(presented: Presented) -> Principal:
    return (await _caller(presented)).principal


async def _caller(presented: Presented) -> Caller:
    return await _in_thread(signin.identify, presented)


_application: Final = httpx.AsyncClient(
    base_url=f"http://127.0.0.1:{settings.ENVIRONMENT.ports.app}",
    timeout=httpx.Timeout(300.0, connect=5.0),
    limits=httpx.Limits(max_connections=64, max_keepalive_connections=8),
    trust_env=False,
)


async def _ask_application(headers: Handshake, body: bytes) -> Answer:
    """An API request on behalf of whoever these headers sign in; 503 when the application is away."""
    own = {"content-type": "application/json", signin.OWN_PAGE_HEADER: "1"}
    try:
        response = await _application.post("/jmap/", content=body, headers=headers | own)
    except httpx.HTTPError as error:
        _log.warning("push.application_away", error=type(error).__name__)
        problem = problems.unavailable()
        return Answer(problem.status, problem.body())
    return Answer(response.status_code, response.content)


async def _read_states(account_ids: list[int]) -> dict[int, States]:
    return await _in_thread(_states_of, account_ids)


def _states_of(account_ids: list[int]) -> dict[int, States]:
    found: dict[int, States] = {}
    for account_id in account_ids:
        try:
            states = store.states(account_id)
        except AccountUnknown:
            continue
        found[account_id] = {kind.value: states.of(kind) for kind in ObjectType}
    return found


async def _connect() -> psycopg.AsyncConnection[tuple[object, ...]]:
    params = connection.get_connection_params()
    wanted = {
        name: params[name] for name in ("dbname", "user", "password", "host", "port") if params.get(name)
    }
    return await psycopg.AsyncConnection.connect(
        **wanted, autocommit=True, connect_timeout=5, application_name="pirab-push"
    )


class Push:
    """Starts the listening with the server and ends it with it (ASGI lifespan)."""

    def __init__(self) -> None:
        self._dispatcher = Dispatcher(_in_thread)
        feed = StateFeed(_connect, _read_states, [self._dispatcher])
        self._source = EventSource(feed, _identify)
        self._sockets = WebSocket(feed, _caller, _ask_application)
        self._running: asyncio.Task[None] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One HTTP request, or the life of the server."""
        if scope["type"] == "http":
            await self._source(scope, receive, send)
        elif scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "websocket":
            await self._sockets(scope, receive, send)

    async def _run(self) -> None:
        await asyncio.gather(self._source.run(), self._dispatcher.run())

    async def _live(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                self._running = asyncio.get_running_loop().create_task(self._run())
                self._running.add_done_callback(_end_with)
                await send({"type": "lifespan.startup.complete"})
            elif message["type"] == "lifespan.shutdown":
                if self._running is not None:
                    self._running.cancel()
                await send({"type": "lifespan.shutdown.complete"})
                return


def _end_with(running: asyncio.Task[None]) -> None:
    """A push process that has stopped listening is worse than none: end it, and the supervisor starts another."""
    if not running.cancelled() and running.exception() is not None:
        _log.error("push.stopped_listening", exc_info=running.exception())
        os.kill(os.getpid(), signal.SIGTERM)


log.configure("push", settings.ENVIRONMENT.log_level)
# A line for every request that went well would hide those about the few that did not.
# uvicorn takes a handshake that was refused with an HTTP answer for one that was forgotten.
logging.getLogger("uvicorn.error").addFilter(
    lambda record: record.getMessage() != "ASGI callable returned without completing handshake."
)
logging.getLogger("httpx").setLevel(max(logging.WARNING, logging.getLogger().level))
application = Push()
