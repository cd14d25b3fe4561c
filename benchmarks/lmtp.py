"""Delivery through LMTP alone: 20 kB letters, 8 connections, indexed for search, no scanner on the way."""

import socket
import time
from concurrent.futures import ThreadPoolExecutor

from benchmarks.surroundings import (
    ADDRESS,
    account,
    cpu_of_services,
    emails_in,
    environment,
    heading,
    letters,
    line,
)
from pirab.scanning.trusted import scan_mac

CONNECTIONS = 8
BAR_PER_SECOND = 250.0
BAR_CPU_MS = 6.0


def run(many: int) -> None:
    """Deliver `many` letters and print messages a second and CPU a message."""
    target = account()
    raws = [(f"B{number}", raw) for number, raw in enumerate(letters(many, seed=time.time_ns() % 10**9))]
    before = emails_in(target.account_id)
    with cpu_of_services() as cpu:
        seconds = _deliver(raws)
    stored = emails_in(target.account_id) - before
    rate = many / seconds
    cost = cpu.total_milliseconds() / many
    size = sum(len(raw) for _, raw in raws) // many // 1000
    heading(f"LMTP alone: {many} letters of {size} kB, {CONNECTIONS} connections")
    line("messages a second", f"{rate:.0f}", f"≥ {BAR_PER_SECOND:.0f}", rate / BAR_PER_SECOND)
    line("CPU ms a message", cpu.milliseconds_each(many), f"≤ {BAR_CPU_MS:.0f}", cost / BAR_CPU_MS)
    line("stored of sent", f"{stored} of {many}", f"{many}")


def _deliver(raws: list[tuple[str, bytes]]) -> float:
    slices = [raws[start::CONNECTIONS] for start in range(CONNECTIONS)]
    began = time.perf_counter()
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        for _ in pool.map(_send, slices):  # an error in one of them ends the benchmark
            pass
    return time.perf_counter() - began


def fill(up_to: int) -> None:
    """Bring the account to at least `up_to` letters."""
    missing = up_to - emails_in(account().account_id)
    if missing > 0:
        _deliver([(f"F{number}", raw) for number, raw in enumerate(letters(missing, seed=up_to))])


def _send(raws: list[tuple[str, bytes]]) -> None:
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
            envelope = f"MAIL FROM:<sender@outside.test>\r\nRCPT TO:<{ADDRESS}>\r\nDATA\r\n"
            connection.sendall(f"XFORWARD IDENT={queue_id}\r\n{envelope}".encode())
            for code in (b"250", b"250", b"250", b"354"):
                _expect(reader.readline(), code)
            connection.sendall(header + raw.replace(b"\r\n.", b"\r\n..") + b"\r\n.\r\n")
            _expect(reader.readline(), b"250")
        connection.sendall(b"QUIT\r\n")


def _expect(answer: bytes, code: bytes) -> None:
    if not answer.startswith(code):
        raise SystemExit(f"LMTP answered {answer!r}")
