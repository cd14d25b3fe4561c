"""Delivery through LMTP alone: 20 kB letters, 8 connections, indexed for search, no scanner on the way."""

import itertools
import socket
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from benchmarks.mailbox import Profile
from benchmarks.results import Seen
from benchmarks.surroundings import ADDRESS, account, cpu_of_services, emails_in, environment, letters
from pirab.scanning.trusted import scan_mac

CONNECTIONS = 8


def run(profile: Profile) -> list[Seen]:
    """Deliver letters and see messages a second and CPU a message."""
    many = profile.inbox // 5
    target = account()
    raws = [(f"B{number}", raw) for number, raw in enumerate(letters(many, seed=time.time_ns() % 10**9))]
    before = emails_in(target.account_id)
    with cpu_of_services() as cpu:
        seconds = _deliver(raws)
    stored = emails_in(target.account_id) - before
    if stored != many:
        raise SystemExit(f"{many} letters delivered, {stored} stored")
    size = sum(len(raw) for _, raw in raws) // many // 1000
    return [
        Seen("lmtp.rate", many / seconds, note=f"{many} letters of {size} kB"),
        Seen("lmtp.cpu", cpu.total_milliseconds() / many, note=cpu.milliseconds_each(many)),
    ]


def one_by_one() -> Callable[[], object]:
    """Something that delivers one letter at each call, on a connection of its own each time."""
    stream = letters(1_000_000, seed=time.time_ns() % 10**9)
    numbers = itertools.count()
    account()
    return lambda: send([(f"O{next(numbers)}", next(stream))])


def _deliver(raws: list[tuple[str, bytes]]) -> float:
    slices = [raws[start::CONNECTIONS] for start in range(CONNECTIONS)]
    began = time.perf_counter()
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        for _ in pool.map(send, slices):  # an error in one of them ends the benchmark
            pass
    return time.perf_counter() - began


def send(raws: list[tuple[str, bytes]], address: str = ADDRESS) -> None:
    """Deliver letters, each under its queue id, on one connection."""
    token = environment().scan_token
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(str(environment().lmtp_socket))
        reader = connection.makefile("rb")
        _expect(reader.readline(), b"220")
        connection.sendall(b"LHLO bench.test\r\n")
        while reader.readline()[3:4] == b"-":
            pass
        for queue_id, raw in raws:
            verdict = f"v=1; queue={queue_id}; action=accept; score=0.10; symbols="
            header = f"X-Pirab-Scan: {verdict}; mac={scan_mac(verdict, token)}\r\n".encode()
            envelope = f"MAIL FROM:<sender@outside.test>\r\nRCPT TO:<{address}>\r\nDATA\r\n"
            connection.sendall(f"XFORWARD IDENT={queue_id}\r\n{envelope}".encode())
            for code in (b"250", b"250", b"250", b"354"):
                _expect(reader.readline(), code)
            connection.sendall(header + raw.replace(b"\r\n.", b"\r\n..") + b"\r\n.\r\n")
            _expect(reader.readline(), b"250")
        connection.sendall(b"QUIT\r\n")


def _expect(answer: bytes, code: bytes) -> None:
    if not answer.startswith(code):
        raise SystemExit(f"LMTP answered {answer!r}")
