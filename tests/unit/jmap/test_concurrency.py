"""maxConcurrentRequests (rfc8620#2), over threads and processes."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from pirab.jmap.concurrency import PerPerson
from pirab.jmap.problems import RequestProblem

LIMIT = "maxConcurrentRequests"
HOLDER = """
import contextlib, pathlib, sys
from pirab.jmap.concurrency import PerPerson
directory, limit, most, person, count = sys.argv[1], sys.argv[2], *map(int, sys.argv[3:])
gate = PerPerson(limit, most, lambda: pathlib.Path(directory))
with contextlib.ExitStack() as stack:
    for _ in range(count):
        stack.enter_context(gate.hold(person))
    print("held", flush=True)
    sys.stdin.readline()
print("given back", flush=True)
sys.stdin.readline()
"""

Holder = Callable[[int, int], "subprocess.Popen[str]"]


@pytest.fixture
def gate(tmp_path: Path) -> PerPerson:
    return PerPerson(LIMIT, 3, lambda: tmp_path)


@pytest.fixture
def another(tmp_path: Path) -> Iterator[Holder]:
    """Another process that has taken so many places of a person: `another(person, count)`."""
    with ExitStack() as stack:

        def start(person: int, count: int) -> subprocess.Popen[str]:
            command = [sys.executable, "-c", HOLDER, str(tmp_path), LIMIT, "3", str(person), str(count)]
            process = stack.enter_context(
                subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            )
            stack.callback(process.kill)
            assert process.stdout is not None
            assert process.stdout.readline() == "held\n"
            return process

        yield start


def left_for(gate: PerPerson, person: int) -> int:
    """How many more the person is granted."""
    count = 0
    with ExitStack() as stack:
        while True:
            try:
                stack.enter_context(gate.hold(person))
            except RequestProblem:
                return count
            count += 1


def test_one_person_has_so_many_and_no_more(gate: PerPerson) -> None:
    with gate.hold(1), gate.hold(1):
        assert left_for(gate, 1) == 1
        assert left_for(gate, 2) == 3
        with gate.hold(1), pytest.raises(RequestProblem) as caught, gate.hold(1):
            pass
    assert caught.value.members == {"limit": LIMIT}
    assert left_for(gate, 1) == 3


def test_a_place_is_given_back_whatever_happens(gate: PerPerson) -> None:
    for _ in range(5):
        with pytest.raises(ValueError, match="boom"), gate.hold(1):
            raise ValueError("boom")
    assert gate._held == {}


def test_threads_never_have_more_than_promised(gate: PerPerson) -> None:
    barrier = threading.Barrier(8)
    together: list[int] = []

    def work() -> None:
        barrier.wait()
        try:
            with gate.hold(1):
                together.append(1)
                barrier.wait()
        except RequestProblem:
            barrier.wait()

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(together), gate._held) == (3, {})


def test_processes_count_together(gate: PerPerson, another: Holder) -> None:
    other = another(1, 2)
    assert (left_for(gate, 1), left_for(gate, 2)) == (1, 3)
    another(1, 1)
    assert left_for(gate, 1) == 0
    other.communicate("\n\n", timeout=60)
    assert left_for(gate, 1) == 2


def test_a_killed_process_leaves_nothing_behind(gate: PerPerson, another: Holder) -> None:
    other = another(1, 3)
    assert left_for(gate, 1) == 0
    other.kill()
    other.wait()
    assert left_for(gate, 1) == 3


def test_without_the_file_each_process_counts_for_itself(tmp_path: Path) -> None:
    gate = PerPerson(LIMIT, 3, lambda: tmp_path / "absent")
    assert left_for(gate, 1) == 3
    (tmp_path / "absent").mkdir()
    assert left_for(gate, 1) == 3
    assert (tmp_path / "absent" / f"{LIMIT}.lock").exists()
