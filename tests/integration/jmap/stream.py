"""An EventSource client that speaks ASGI to the push process's application, without a socket in between."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

import msgspec

PATIENCE_SECONDS = 20
App = Callable[[dict[str, Any], Callable[[], Awaitable[dict[str, Any]]], Any], Coroutine[Any, Any, None]]


class Event(msgspec.Struct):
    """One server-sent event."""

    name: str
    id: str | None
    data: dict[str, Any]


class Stream:
    """One connection: `status` and `headers` once answered, then `event()` after `event()`."""

    def __init__(self) -> None:
        self.status = 0
        self.headers: dict[str, str] = {}
        self.body = b""
        self.is_ended = asyncio.Event()
        self.is_gone = asyncio.Event()
        self.may_write = asyncio.Event()
        self.may_write.set()
        self._events: asyncio.Queue[Event] = asyncio.Queue()

    async def receive(self) -> dict[str, Any]:
        await self.is_gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: dict[str, Any]) -> None:
        await self.may_write.wait()
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = {name.decode(): value.decode() for name, value in message["headers"]}
            return
        self.body += message["body"]
        self._take(message["body"].decode())
        if not message["more_body"]:
            self.is_ended.set()
            self.is_gone.set()

    def _take(self, text: str) -> None:
        fields = dict(line.split(": ", 1) for line in text.splitlines() if ": " in line)
        if "event" in fields:
            data = msgspec.json.decode(fields["data"])
            self._events.put_nowait(Event(fields["event"], fields.get("id"), data))

    async def event(self) -> Event:
        """The next event."""
        return await asyncio.wait_for(self._events.get(), PATIENCE_SECONDS)

    def has_event(self) -> bool:
        return not self._events.empty()

    async def end(self) -> None:
        """Wait until the server has ended the answer."""
        await asyncio.wait_for(self.is_ended.wait(), PATIENCE_SECONDS)


def scope(query: str = "types=*&closeafter=no&ping=0", **headers: str) -> dict[str, Any]:
    """What uvicorn tells the application about a request."""
    encoded = [(name.lower().replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return {
        "type": "http",
        "method": "GET",
        "path": "/jmap/eventsource",
        "query_string": query.encode(),
        "headers": encoded,
        "client": ("127.0.0.1", 5),
    }


@asynccontextmanager
async def connected(app: App, request: dict[str, Any]) -> AsyncIterator[Stream]:
    """Open a stream and leave it at the end of the block."""
    stream = Stream()
    task = asyncio.get_running_loop().create_task(app(request, stream.receive, stream.send))
    try:
        while not stream.status and not task.done():
            await asyncio.sleep(0.005)
        yield stream
    finally:
        stream.is_gone.set()
        await asyncio.wait_for(task, PATIENCE_SECONDS)
