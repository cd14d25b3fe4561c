"""Starts on busy machines are waited for; broken ones are not. Probes hear answers that come in pieces."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from engines.patience import LONGEST, Patience
from engines.processes import answers


class Machine:
    """A clock and what the kernel says of processes, both moved by hand."""

    def __init__(self, proc: Path) -> None:
        self.proc = proc
        self.moment = 1000.0
        self.waits: dict[int, float] = {}

    def patience(self, seconds: float) -> Patience:
        return Patience(seconds, lambda: list(self.waits), now=lambda: self.moment, proc=self.proc)

    def run(self, seconds: float, waiting: dict[int, float]) -> None:
        """Let time pass; `waiting` is how much of it each process stood in line."""
        self.moment += seconds
        for pid, waited in waiting.items():
            self.waits[pid] = self.waits.get(pid, 0.0) + waited
            (self.proc / str(pid)).mkdir(exist_ok=True)
            (self.proc / str(pid) / "schedstat").write_text(f"1 {int(self.waits[pid] * 1e9)} 3\n")

    def seconds_until_over(self, patience: Patience, waiting: dict[int, float]) -> float:
        begun = self.moment
        while not patience.is_over():
            self.run(1, waiting)
            assert self.moment - begun < 10_000
        return self.moment - begun


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_who_hangs_or_spins_has_its_patience_and_no_more(machine: Machine) -> None:
    machine.run(0, {7: 50.0})  # what was before is no excuse
    patience = machine.patience(30)
    assert machine.seconds_until_over(patience, {7: 0.0}) == 31
    assert patience.in_line == 0


def test_time_in_line_is_not_counted(machine: Machine) -> None:
    machine.run(0, {7: 0.0})
    patience = machine.patience(30)
    assert machine.seconds_until_over(patience, {7: 0.75}) == 121
    assert patience.in_line == pytest.approx(90.75)


def test_processes_that_wait_together_wait_once(machine: Machine) -> None:
    patience = machine.patience(30)
    assert machine.seconds_until_over(patience, {7: 0.5, 8: 0.5, 9: 0.1}) == 61


def test_nothing_is_waited_for_without_end(machine: Machine) -> None:
    assert machine.seconds_until_over(machine.patience(30), {7: 1.0}) == 30 * LONGEST + 1


def test_a_new_process_has_waited_since_its_birth_but_never_longer_than_the_clock(machine: Machine) -> None:
    patience = machine.patience(30)
    machine.run(10, {7: 4.0})
    assert patience.is_over() is False
    machine.run(10, {8: 400.0})
    assert patience.is_over() is False
    assert patience.in_line == 14


@pytest.mark.parametrize("text", ["", "1", "a b c", "1 -5 3"])
def test_where_waiting_is_not_counted_the_clock_decides(machine: Machine, text: str) -> None:
    machine.run(0, {7: 0.0})
    (machine.proc / "7" / "schedstat").write_text(text)
    patience = machine.patience(30)
    machine.moment += 29
    assert patience.is_over() is False
    machine.moment += 2
    assert patience.is_over() is True


@contextmanager
def server(*pieces: bytes, keeps_open: bool = False) -> Iterator[int]:
    """A server that says these pieces one after the other."""
    ending = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            with listener.accept()[0] as connection, suppress(OSError):  # who has heard enough leaves
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                connection.recv(100)
                for piece in pieces:
                    connection.sendall(piece)
                    time.sleep(0.02)
                if keeps_open:
                    ending.wait(10)

        thread = threading.Thread(target=serve)
        thread.start()
        yield listener.getsockname()[1]
        ending.set()
        thread.join()


def test_an_answer_may_come_in_pieces() -> None:
    with server(b"+OK\r\n", b"+PO", b"NG\r\n") as port:
        assert answers(port, b"AUTH x\r\nPING\r\n", b"+PONG") is True


def test_an_engine_that_still_loads_is_not_ready() -> None:
    with server(b"+OK\r\n-LOADING Redis is loading the dataset in memory\r\n") as port:
        assert answers(port, b"AUTH x\r\nPING\r\n", b"+PONG") is False


def test_an_engine_that_says_something_else_and_waits_is_not_ready() -> None:
    with server(b"-WRONGPASS\r\n", keeps_open=True) as port:
        assert answers(port, b"PING\r\n", b"+PONG", timeout=0.2) is False


def test_an_endless_answer_ends() -> None:
    with server(*[b"x" * 4096] * 20) as port:
        assert answers(port, b"PING\r\n", b"+PONG", timeout=5) is False
