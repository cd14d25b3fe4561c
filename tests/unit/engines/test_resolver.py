"""The look at the resolver: every way of not working counts as not working, and none takes long."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from engines import resolver
from engines.site import DnsState
from pirab.conf.environment import Environment


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ()),
        ("nameserver 192.0.2.1\n", ("192.0.2.1",)),
        ("# nameserver 192.0.2.1\nnameserver\nnameserver 192.0.2.2 extra\n", ("192.0.2.2",)),
        (
            "search gov.test\nnameserver ::1\n" + "nameserver 192.0.2.9\n" * 5,
            ("::1", "192.0.2.9", "192.0.2.9"),
        ),
        ("\x00\xff nameserver", ()),
    ],
)
def test_name_server_lines_are_read_as_the_c_library_reads_them(
    tmp_path: Path, text: str, expected: tuple[str, ...]
) -> None:
    path = tmp_path / "resolv.conf"
    path.write_bytes(text.encode("latin-1"))
    assert resolver.nameservers(path) == expected


def test_a_missing_file_names_nobody(tmp_path: Path) -> None:
    assert resolver.nameservers(tmp_path / "absent") == ()


Answer = Callable[[bytes], list[bytes]]


def _reply(query: bytes, code: int) -> bytes:
    return query[:2] + struct.pack(">HHHHH", 0x8180 | code, 1, 0, 0, 0) + query[12:]


@pytest.fixture
def nameserver(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Answer], str]]:
    """Starts a fake name server on a port of its own and points the look at it."""
    sockets: list[socket.socket] = []

    def start(answer: Answer) -> str:
        server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        server.bind(("127.0.0.1", 0))
        server.settimeout(3)
        sockets.append(server)
        monkeypatch.setattr(resolver, "_PORT", server.getsockname()[1])

        def serve() -> None:
            try:
                query, client = server.recvfrom(512)
                for reply in answer(query):
                    server.sendto(reply, client)
            except OSError:
                return

        threading.Thread(target=serve, daemon=True).start()
        return "127.0.0.1"

    yield start
    for server in sockets:
        server.close()


@pytest.mark.parametrize(
    ("answer", "works"),
    [
        (lambda query: [_reply(query, 0)], True),
        (lambda query: [_reply(query, 3)], False),
        (lambda query: [_reply(query, 5)], False),
        (lambda query: [b"", b"x", query[:2]], False),
        (lambda query: [b"\x00\x00" + _reply(query, 0)[2:], _reply(query, 0)], True),
        (lambda query: [], False),
    ],
    ids=["root known", "no such name", "refused", "truncated", "forged identity first", "silence"],
)
def test_only_a_resolver_that_knows_the_root_works(
    nameserver: Callable[[Answer], str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    answer: Answer,
    works: bool,
) -> None:
    monkeypatch.setattr(resolver, "_TIMEOUT_SECONDS", 0.3)
    (tmp_path / "resolv.conf").write_text(f"nameserver {nameserver(answer)}\n")
    monkeypatch.setattr(resolver, "_SYSTEM_FILE", tmp_path / "resolv.conf")
    assert (resolver.state(Environment.load({}))[0] is DnsState.WORKING) is works


@pytest.mark.parametrize(("choice", "expected"), [("on", DnsState.WORKING), ("off", DnsState.OFF)])
def test_the_operator_s_word_counts_more_than_the_look(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, choice: str, expected: DnsState
) -> None:
    (tmp_path / "resolv.conf").write_text("nameserver 127.0.0.1\n")
    monkeypatch.setattr(resolver, "_SYSTEM_FILE", tmp_path / "resolv.conf")
    monkeypatch.setattr(resolver, "_ask_for_root", lambda server: pytest.fail("nobody is to be asked"))
    assert resolver.state(Environment.load({"PIRAB_DNS": choice}))[0] is expected


def test_without_any_name_server_nothing_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resolver, "_SYSTEM_FILE", tmp_path / "absent")
    assert resolver.state(Environment.load({"PIRAB_DNS": "on"})) == (DnsState.OFF, ())
