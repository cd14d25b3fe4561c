"""The push process: `uvicorn pirab.conf.push:application`. Wires the event stream to PostgreSQL and to sign-in."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final, TypeVar

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pirab.conf.settings")
django.setup()

import psycopg  # noqa: E402 - Django has to be set up before our own modules are imported
from django.conf import settings  # noqa: E402
from django.db import close_old_connections, connection  # noqa: E402

from pirab.core import log  # noqa: E402
from pirab.directory.types import Principal  # noqa: E402
from pirab.jmap.event_stream import Send  # noqa: E402
from pirab.jmap.eventsource import EventSource, Receive, Scope  # noqa: E402
from pirab.jmap.state_feed import StateFeed, States  # noqa: E402
from pirab.push.dispatcher import Dispatcher  # noqa: E402
from pirab.signin import http as signin  # noqa: E402
from pirab.signin.types import Presented  # noqa: E402
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
    return (await _in_thread(signin.identify, presented)).principal


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
        self._source = EventSource(StateFeed(_connect, _read_states, [self._dispatcher]), _identify)
        self._running: asyncio.Task[None] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One HTTP request, or the life of the server."""
        if scope["type"] == "http":
            await self._source(scope, receive, send)
        elif scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})

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
application = Push()
