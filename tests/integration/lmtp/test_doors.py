"""The doors on real unix sockets: order of replies, slow and vanishing clients, restarts."""

import asyncio
import base64
import contextlib
import os
import signal
import socket
import time
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.db import OperationalError

from pirab.lmtp import connection as lmtp_connection
from pirab.lmtp.answers import Answers
from pirab.lmtp.connection import Connection
from pirab.lmtp.door import Door, listen
from pirab.lmtp.lookup_service import answering
from pirab.lmtp.protocol import Reply, Session, Transaction
from pirab.lmtp.sasl_connection import SaslConnection
from pirab.lmtp.socketmap import Answer, Request, SocketmapConnection, Status
from pirab.lmtp.workers import Workers

OPENING = b"LHLO x\r\nMAIL FROM:<a@b.test>\r\nRCPT TO:<c@d.test>\r\nRCPT TO:<e@d.test>\r\nDATA\r\n"
Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class LmtpDoor:
    """A door whose deliveries the test answers."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.received: list[Transaction] = []
        self.connections: set[Connection] = set()
        self.gate = asyncio.Event()
        self.gate.set()
        self._door = Door(
            listen(path), lambda: Connection(Session("mail.test", 10**6), self._receive, self.connections)
        )
        self._door.open()

    async def _receive(self, transaction: Transaction) -> Sequence[Reply]:
        self.received.append(transaction)
        await self.gate.wait()
        if transaction.content.startswith(b"poison"):
            raise ZeroDivisionError
        return [Reply(250, "2.0.0", path) for path in transaction.forward_paths]

    async def connect(self) -> Streams:
        return await asyncio.open_unix_connection(self.path)


def on_a_loop(scenario: Callable[[LmtpDoor], Awaitable[None]], path: Path) -> None:
    async def run() -> None:
        await asyncio.wait_for(scenario(LmtpDoor(path)), 20)

    asyncio.run(run())


async def said(reader: asyncio.StreamReader, ending: bytes) -> bytes:
    return await asyncio.wait_for(reader.readuntil(ending), 10)


def test_a_pipelined_session_over_a_socket(tmp_path: Path) -> None:
    async def scenario(door: LmtpDoor) -> None:
        reader, writer = await door.connect()
        writer.write(OPENING + b"hello\r\n.\r\nNOOP\r\nQUIT\r\n")
        whole = await asyncio.wait_for(reader.read(), 10)
        assert whole.endswith(
            b"250 2.0.0 c@d.test\r\n250 2.0.0 e@d.test\r\n250 2.0.0 Ok\r\n221 2.0.0 Bye\r\n"
        )
        assert [transaction.content for transaction in door.received] == [b"hello\r\n"]

    on_a_loop(scenario, tmp_path / "s")


def test_a_client_that_goes_away_in_the_middle_leaves_nothing(tmp_path: Path) -> None:
    async def scenario(door: LmtpDoor) -> None:
        for octets in (OPENING + b"half a mess", OPENING + b"x\r\n.", b"MA", b""):
            _, writer = await door.connect()
            writer.write(octets)
            await writer.drain()
            writer.close()
            await writer.wait_closed()
        reader, writer = await door.connect()
        writer.write(b"QUIT\r\n")
        await reader.read()
        assert door.received == []
        assert not door.connections

    on_a_loop(scenario, tmp_path / "s")


def test_a_message_is_stored_even_when_nobody_waits_for_the_reply(tmp_path: Path) -> None:
    async def scenario(door: LmtpDoor) -> None:
        door.gate.clear()
        _, writer = await door.connect()
        writer.write(OPENING + b"hello\r\n.\r\n")
        while not door.received:
            await asyncio.sleep(0.01)
        writer.transport.abort()
        door.gate.set()
        reader, writer = await door.connect()
        writer.write(OPENING + b"next\r\n.\r\nQUIT\r\n")
        await reader.read()
        assert len(door.received) == 2

    on_a_loop(scenario, tmp_path / "s")


def test_a_fault_ends_the_connection_without_a_reply(tmp_path: Path) -> None:
    async def scenario(door: LmtpDoor) -> None:
        reader, writer = await door.connect()
        writer.write(OPENING + b"poison\r\n.\r\n")
        heard = await said(reader, b"354 End data with <CR><LF>.<CR><LF>\r\n")
        assert b"354" in heard
        with contextlib.suppress(ConnectionResetError):
            assert await asyncio.wait_for(reader.read(), 10) == b""
        assert not door.connections

    on_a_loop(scenario, tmp_path / "s")


def test_a_flood_behind_a_message_is_not_read_while_it_is_stored(tmp_path: Path) -> None:
    async def scenario(door: LmtpDoor) -> None:
        door.gate.clear()
        reader, writer = await door.connect()
        writer.write(OPENING + b"hello\r\n.\r\n")
        writer.write(b"NOOP\r\n" * 200_000)
        while not door.received:
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.2)
        (waiting,) = door.connections
        assert waiting._session.backlog < 600_000
        door.gate.set()
        writer.write(b"QUIT\r\n")
        assert (await asyncio.wait_for(reader.read(), 15)).count(b"250 2.0.0 Ok\r\n") == 200_000

    on_a_loop(scenario, tmp_path / "s")


def test_finishing_waits_for_the_answer_under_way(tmp_path: Path) -> None:
    async def scenario(door: LmtpDoor) -> None:
        door.gate.clear()
        busy_reader, busy = await door.connect()
        idle_reader, _ = await door.connect()
        busy.write(OPENING + b"hello\r\n.\r\n")
        while not door.received:
            await asyncio.sleep(0.01)
        for each in tuple(door.connections):
            each.finish()
        assert (await asyncio.wait_for(idle_reader.read(), 10)).endswith(
            b"421 4.3.2 Service is restarting\r\n"
        )
        door.gate.set()
        whole = await asyncio.wait_for(busy_reader.read(), 10)
        assert whole.endswith(b"250 2.0.0 e@d.test\r\n421 4.3.2 Service is restarting\r\n")

    on_a_loop(scenario, tmp_path / "s")


def test_a_silent_client_is_sent_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lmtp_connection, "COMMAND_SECONDS", 0.2)

    async def scenario(door: LmtpDoor) -> None:
        reader, writer = await door.connect()
        writer.write(OPENING + b"and then nothing")
        assert (await asyncio.wait_for(reader.read(), 10)).endswith(b"421 4.4.2 Timeout\r\n")
        assert door.received == []

    on_a_loop(scenario, tmp_path / "s")


def test_a_new_door_takes_the_place_of_an_old_socket(tmp_path: Path) -> None:
    path = tmp_path / "s"
    listen(path).close()
    (tmp_path / "s.new").touch()

    async def scenario(door: LmtpDoor) -> None:
        reader, _ = await door.connect()
        assert (await said(reader, b"\r\n")).startswith(b"220 ")

    on_a_loop(scenario, path)


def test_socketmap_answers_in_order_and_ends_at_nonsense(tmp_path: Path) -> None:
    async def lookup(request: Request) -> Answer:
        await asyncio.sleep(0.05 if request.key == "slow" else 0)
        return Answer(Status.OK, request.key)

    async def scenario() -> None:
        door = Door(listen(tmp_path / "s"), lambda: SocketmapConnection(lookup))
        door.open()
        reader, writer = await asyncio.open_unix_connection(tmp_path / "s")
        writer.write(b"8:map slow,6:map ab,")
        assert await asyncio.wait_for(reader.readexactly(10 + 8), 10) == b"7:OK slow,5:OK ab,"
        writer.write(b"nonsense")
        assert await asyncio.wait_for(reader.read(), 10) == b""

    asyncio.run(scenario())


def test_a_database_that_is_away_is_temp_never_notfound(monkeypatch: pytest.MonkeyPatch) -> None:
    class Away(Answers):
        def __init__(self) -> None:
            pass

        def answer(self, request: Request) -> Answer:
            raise OperationalError if request.map_name == "domain" else ZeroDivisionError

    monkeypatch.setattr("django.db.connection.close", lambda: None)

    async def scenario() -> None:
        with ThreadPoolExecutor(1) as executor:
            lookup = answering(Away(), executor)
            assert await lookup(Request("domain", "x")) == Answer(Status.TEMP, "database is away")
            assert (await lookup(Request("quota", "x"))).status is Status.TEMP

    asyncio.run(scenario())


@pytest.mark.parametrize("outcome", ["right", "wrong", "away"])
def test_a_password_over_a_socket(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, outcome: str) -> None:
    monkeypatch.setattr("pirab.lmtp.sasl_connection.REJECTION_SECONDS", 0.01)

    async def authenticate(login: str, password: str, address: str) -> str | None:
        if outcome == "away":
            raise OperationalError
        return "me@moi.go.test" if outcome == "right" and (login, password) == ("me", "pw") else None

    async def scenario() -> bytes:
        door = Door(listen(tmp_path / "s"), lambda: SaslConnection(1, authenticate))
        door.open()
        reader, writer = await asyncio.open_unix_connection(tmp_path / "s")
        await said(reader, b"DONE\n")
        response = base64.b64encode(b"\0me\0pw")
        writer.write(b"VERSION\t1\t0\nCPID\t1\nAUTH\t1\tPLAIN\tservice=smtp\tresp=" + response + b"\n")
        return await asyncio.wait_for(reader.readline(), 10)

    expected = {
        "right": b"OK\t1\tuser=me@moi.go.test\n",
        "wrong": b"FAIL\t1\treason=Wrong name or password\n",
        "away": b"",
    }
    assert asyncio.run(scenario()) == expected[outcome]


def _echo(listener: socket.socket, parent_alive: int) -> None:
    listener.settimeout(0.1)
    stopped: list[int] = []
    signal.signal(signal.SIGTERM, lambda *_: stopped.append(1))
    while not stopped:
        try:
            peer, _ = listener.accept()
        except TimeoutError:
            continue
        peer.sendall(b"%d" % os.getpid())
        peer.close()


def _worker_pids(path: Path, wanted: int) -> set[int]:
    pids: set[int] = set()
    end = time.monotonic() + 15
    while len(pids) < wanted and time.monotonic() < end:
        with socket.socket(socket.AF_UNIX) as client:
            client.connect(str(path))
            client.settimeout(5)
            pids.add(int(client.recv(20)))
    return pids


def test_a_killed_worker_is_replaced_and_a_stop_reaches_all(tmp_path: Path) -> None:
    path = tmp_path / "s"
    listener = listen(path)
    parent = os.fork()
    if parent == 0:
        Workers(2, lambda alive: _echo(listener, alive)).run()
        os._exit(0)
    first = _worker_pids(path, 2)
    victim = first.pop()
    os.kill(victim, signal.SIGKILL)
    time.sleep(1.5)
    after = _worker_pids(path, 2)
    assert len(after) == 2
    assert victim not in after
    os.kill(parent, signal.SIGTERM)
    _, status = os.waitpid(parent, 0)
    assert os.waitstatus_to_exitcode(status) == 0
    for pid in after:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)
