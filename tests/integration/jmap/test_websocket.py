"""JMAP over WebSocket (rfc8887), through the push process's own application and the API behind it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from pirab.conf import push
from pirab.jmap import websocket
from pirab.jmap.limits import CORE_LIMITS
from pirab.jmap.state_feed import StateFeed
from pirab.jmap.websocket_session import MOST_WAITING, Answer, WebSocketSession
from pirab.signin import sessions
from tests.conftest import Member
from tests.integration.jmap.test_eventsource import bearer, closing_threads, public, running, touch

__all__ = ["closing_threads"]

pytestmark = pytest.mark.django_db(transaction=True)
PATIENCE_SECONDS = 20
CORE = "urn:ietf:params:jmap:core"


class Socket:
    """The client's end of one connection."""

    def __init__(self) -> None:
        self.to_server: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.from_server: asyncio.Queue[dict[str, Any]] = asyncio.Queue()

    async def next(self) -> dict[str, Any]:
        return await asyncio.wait_for(self.from_server.get(), PATIENCE_SECONDS)

    async def hear(self) -> dict[str, Any]:
        """The next message of the server, decoded."""
        event = await self.next()
        assert event["type"] == "websocket.send", event
        decoded: dict[str, Any] = json.loads(event["text"])
        return decoded

    def say(self, message: object) -> None:
        text = message if isinstance(message, str) else json.dumps(message)
        self.to_server.put_nowait({"type": "websocket.receive", "text": text})

    def request(self, name: str = "R", *calls: Any, **members: Any) -> None:
        self.say({"@type": "Request", "id": name, "using": [CORE], "methodCalls": calls} | members)


@asynccontextmanager
async def connected(app: push.Push, headers: dict[str, str], *protocols: str) -> AsyncIterator[Socket]:
    socket = Socket()
    scope = {
        "type": "websocket",
        "path": "/jmap/ws",
        "headers": [(name.lower().encode(), value.encode()) for name, value in headers.items()],
        "client": ("127.0.0.1", 5),
        "subprotocols": protocols or ("jmap",),
    }
    socket.to_server.put_nowait({"type": "websocket.connect"})
    task = asyncio.get_running_loop().create_task(app(scope, socket.to_server.get, socket.from_server.put))
    try:
        yield socket
    finally:
        socket.to_server.put_nowait({"type": "websocket.disconnect", "code": 1000})
        await asyncio.wait_for(task, PATIENCE_SECONDS)


def run(monkeypatch: pytest.MonkeyPatch, test: Callable[[push.Push], Awaitable[None]]) -> None:
    """The application that answers is Django's, called in a thread instead of by HTTP."""

    async def ask(headers: dict[str, str], body: bytes) -> Answer:
        def post() -> Answer:
            given = {"Authorization": headers["authorization"]} if "authorization" in headers else {}
            client = Client(headers=given | {"Cookie": headers.get("cookie", ""), "X-Pirab-Request": "1"})
            response = client.post("/jmap/", body, content_type="application/json")
            return Answer(response.status_code, response.content)

        return await push._in_thread(post)

    monkeypatch.setattr(push, "_ask_application", ask)

    async def inside() -> None:
        async with running() as app:
            await test(app)

    asyncio.run(inside())


def test_requests_are_answered_under_their_names(member: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    async def test(app: push.Push) -> None:
        async with connected(app, bearer(member)) as socket:
            assert await socket.next() == {"type": "websocket.accept", "subprotocol": "jmap"}
            socket.request("R1", ["Core/echo", {"a": "ก"}, "c"], createdIds={"x": "m1"})
            answer = await socket.hear()
            assert (answer["@type"], answer["requestId"]) == ("Response", "R1")
            assert answer["methodResponses"] == [["Core/echo", {"a": "ก"}, "c"]]
            assert answer["createdIds"] == {"x": "m1"}
            for number in range(5):
                socket.request(f"P{number}", ["Core/echo", {"n": number}, "c"])
            answers = [await socket.hear() for _ in range(5)]
            assert {each["requestId"]: each["methodResponses"][0][1]["n"] for each in answers} == {
                f"P{number}": number for number in range(5)
            }

    run(monkeypatch, test)


def test_bad_messages_get_request_errors(member: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    error = "urn:ietf:params:jmap:error:"
    bad: list[tuple[object, str, str | None]] = [
        ("{", "notJSON", None),
        ("", "notJSON", None),
        ("[" * 5000, "notRequest", None),
        ("null", "notRequest", None),
        ('{"@type":"Request","id":7}', "notRequest", None),
        ({"@type": "Response", "id": "a"}, "notRequest", "a"),
        ({"id": "b"}, "notRequest", "b"),
        ({"@type": "Request", "id": "c"}, "notRequest", "c"),
        ({"@type": "Request", "id": "d", "using": ["x"], "methodCalls": []}, "unknownCapability", "d"),
        ('{"@type":"Request","id":"e","using":[],"using":[],"methodCalls":[]}', "notJSON", "e"),
        ({"@type": "WebSocketPushEnable", "id": "f", "dataTypes": "Email"}, "notRequest", "f"),
        ({"@type": "Request", "id": "g", "using": [], "methodCalls": [["a", {}, "b"]] * 65}, "limit", "g"),
    ]

    async def test(app: push.Push) -> None:
        async with connected(app, bearer(member)) as socket:
            await socket.next()
            for message, kind, name in bad:
                socket.say(message)
                answer = await socket.hear()
                assert (answer["@type"], answer["type"], answer["requestId"]) == (
                    "RequestError",
                    error + kind,
                    name,
                ), message
                assert answer["status"] == 400
            socket.say('{"@type":"Request","id":"h","x":"' + "x" * CORE_LIMITS.max_size_request + '"}')
            assert (await socket.hear())["limit"] == "maxSizeRequest"
            socket.request("still there")
            assert (await socket.hear())["requestId"] == "still there"

    run(monkeypatch, test)


def test_no_more_requests_at_a_time_than_promised(member: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    async def test(app: push.Push) -> None:
        gate = asyncio.Event()

        async def slow(headers: dict[str, str], body: bytes) -> Answer:
            await gate.wait()
            return Answer(200, b'{"methodResponses":[]}')

        monkeypatch.setattr(app._sockets, "_answer", slow)
        async with connected(app, bearer(member)) as socket:
            await socket.next()
            for number in range(CORE_LIMITS.max_concurrent_requests + 1):
                socket.request(str(number))
            refused = await socket.hear()
            assert (refused["limit"], refused["requestId"]) == ("maxConcurrentRequests", "16")
            gate.set()
            answered = {(await socket.hear())["requestId"] for _ in range(16)}
            assert answered == {str(number) for number in range(16)}

    run(monkeypatch, test)


def test_who_asks_and_never_reads_is_let_go() -> None:
    async def test() -> None:
        stuck, closed = asyncio.Event(), []

        async def send(event: dict[str, Any]) -> None:
            if event["type"] == "websocket.close":
                closed.append(event["code"])
            else:
                await stuck.wait()

        async def answer(body: bytes) -> Answer:
            raise AssertionError("nothing here is a request")

        async def never() -> Any:
            raise AssertionError("nobody listens here")

        async def nothing(accounts: list[int]) -> dict[int, Any]:
            return {}

        session = WebSocketSession(StateFeed(never, nothing), send, answer)
        for _ in range(10_000):
            session.take(b"no json")
            await asyncio.sleep(0)
        assert closed == [1008]
        assert len(session._under_way) <= MOST_WAITING
        stuck.set()

    asyncio.run(test())


def test_state_changes_are_pushed_when_enabled(member: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    async def test(app: push.Push) -> None:
        await asyncio.to_thread(touch_and_close, member, "before")
        async with connected(app, bearer(member)) as socket:
            await socket.next()
            socket.request("ready")  # push is off: nothing is said of what was before
            assert (await socket.hear())["requestId"] == "ready"
            socket.say({"@type": "WebSocketPushEnable", "dataTypes": ["Mailbox"], "pushState": "unknown"})
            first = await socket.hear()
            assert (first["@type"], set(first["changed"][public(member)])) == ("StateChange", {"Mailbox"})
            socket.say(
                {"@type": "WebSocketPushEnable", "dataTypes": ["Mailbox"], "pushState": first["pushState"]}
            )
            socket.request("quiet")  # nothing has moved since: the answer comes first
            assert (await socket.hear())["requestId"] == "quiet"
            await asyncio.to_thread(touch_and_close, member, "after")
            second = await socket.hear()
            assert second["pushState"] != first["pushState"]
            socket.say({"@type": "WebSocketPushDisable"})
            socket.request("between")
            assert (await socket.hear())["requestId"] == "between"
            await asyncio.to_thread(touch_and_close, member, "unheard")
            socket.request("last")
            assert (await socket.hear())["requestId"] == "last"

    run(monkeypatch, test)


def touch_and_close(member: Member, name: str) -> None:
    from django.db import connection

    try:
        touch(member, name)
    finally:
        connection.close()


def test_who_may_not_come_in(member: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    refused: list[tuple[dict[str, str], str, int]] = [
        ({}, "jmap", 401),
        ({"Authorization": "Bearer wrong"}, "jmap", 401),
        ({"Authorization": "Basic %%%"}, "jmap", 401),
        ({"Cookie": "pirab_session=unknown"}, "jmap", 401),
        (bearer(member), "mqtt", 400),
    ]

    async def test(app: push.Push) -> None:
        for headers, protocol, status in refused:
            async with connected(app, headers, protocol) as socket:
                start = await socket.next()
                assert (start["type"], start["status"]) == ("websocket.http.response.start", status)

    run(monkeypatch, test)


def test_a_cookie_counts_only_from_our_own_page(member: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    session = sessions.open_session(member.person_id)
    cookie = {"Cookie": f"{settings.SESSION_COOKIE_NAME}={session}", "Host": "localhost:1"}

    async def first(app: push.Push, headers: dict[str, str]) -> dict[str, Any]:
        async with connected(app, headers) as socket:
            return await socket.next()

    async def test(app: push.Push) -> None:
        for foreign in ({}, {"Origin": "https://evil.example"}, {"Origin": "null"}):
            assert (await first(app, cookie | foreign))["status"] == 403
        own = cookie | {"Origin": settings.ENVIRONMENT.public_url}
        assert (await first(app, own))["type"] == "websocket.accept"
        assert (await first(app, cookie | {"Origin": "http://localhost:1"}))["type"] == "websocket.accept"

    run(monkeypatch, test)


def test_only_text_and_only_so_many(member: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    async def test(app: push.Push) -> None:
        monkeypatch.setattr(websocket, "MOST_CONNECTIONS", 1)
        async with connected(app, bearer(member)) as socket:
            await socket.next()
            async with connected(app, bearer(member)) as second:
                assert (await second.next())["status"] == 429
            socket.to_server.put_nowait({"type": "websocket.receive", "bytes": b"\0"})
            assert await socket.next() == {"type": "websocket.close", "code": websocket.NOT_TEXT}
        assert app._sockets._open == {}

    run(monkeypatch, test)


def test_who_was_signed_out_is_let_go(member: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    session = sessions.open_session(member.person_id)
    headers = {
        "Cookie": f"{settings.SESSION_COOKIE_NAME}={session}",
        "Origin": settings.ENVIRONMENT.public_url,
    }
    monkeypatch.setattr(websocket, "SIGN_IN_SECONDS", 0.2)

    async def test(app: push.Push) -> None:
        async with connected(app, headers) as socket:
            assert (await socket.next())["type"] == "websocket.accept"
            await push._in_thread(sessions.close_session, session)
            assert await socket.next() == {"type": "websocket.close", "code": websocket.POLICY_VIOLATION}

    run(monkeypatch, test)
