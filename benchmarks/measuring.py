"""Doing one thing again and again: wall time of each, CPU of all services."""

import statistics
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass

from benchmarks.results import Seen
from benchmarks.surroundings import Cpu, cpu_of_services

CountCpu = Callable[[], AbstractContextManager[Cpu]]


@dataclass(frozen=True)
class Measured:
    """Milliseconds of wall time (median, 95th of 100) and of CPU an operation; `spent` tells services apart."""

    median: float
    p95: float
    cpu: float
    spent: str

    def figures(self, name: str, note: str = "") -> list[Seen]:
        """As figures for the bars `name.ms` and `name.cpu`."""
        return [
            Seen(f"{name}.ms", self.median, self.p95, note),
            Seen(f"{name}.cpu", self.cpu, note=self.spent),
        ]


def measure(
    work: Callable[[], object], rounds: int, count_cpu: CountCpu = cpu_of_services, warm_up: int = 20
) -> Measured:
    """Do `work` `rounds` times, after some times that do not count."""
    for _ in range(warm_up):
        work()
    times = []
    with count_cpu() as cpu:
        for _ in range(rounds):
            began = time.perf_counter()
            work()
            times.append(1000 * (time.perf_counter() - began))
    times.sort()
    return Measured(
        statistics.median(times),
        times[min(rounds - 1, int(rounds * 0.95))],
        cpu.total_milliseconds() / rounds,
        cpu.milliseconds_each(rounds),
    )


def rate(clients: Sequence[Callable[[], object]], seconds: float = 5.0) -> float:
    """Answers a second when every client asks again as soon as it has its answer. An error ends the run."""
    counts = [0] * len(clients)
    failures: list[BaseException] = []
    end = time.perf_counter() + seconds

    def ask(number: int) -> None:
        try:
            while time.perf_counter() < end:
                clients[number]()
                counts[number] += 1
        except BaseException as error:  # noqa: BLE001 - raised again below, in the thread that can end the run
            failures.append(error)

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(len(clients))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    return sum(counts) / seconds
