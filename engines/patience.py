"""How long a start may take, on a machine that may have other things to do.

Seconds in which a service stood in line for a processor are not its fault and are not counted: a busy machine makes a
start long, not a failure. One that sleeps, hangs or spins has its patience used up as the clock goes.
"""

import time
from collections.abc import Callable, Iterable
from pathlib import Path

LONGEST = 10
"""So many times its patience a start may take at most, whatever it waited for."""

_PROC = Path("/proc")


class Patience:
    """The patience of one start, in seconds; ``members`` names the processes of the service now."""

    def __init__(
        self,
        seconds: float,
        members: Callable[[], Iterable[int]],
        *,
        now: Callable[[], float] = time.monotonic,
        proc: Path = _PROC,
    ) -> None:
        self._seconds = seconds
        self._members = members
        self._now = now
        self._proc = proc
        self._begun = self._last = now()
        self._waited: dict[int, float] = self._read()
        self.in_line = 0.0
        """Seconds the service has stood in line for a processor so far."""

    def is_over(self) -> bool:
        """Whether the start has had its time. Ask often: of the time between two questions, the longest wait of any
        process is left out."""
        moment, waited = self._now(), self._read()
        # A process born since then has waited since its birth.
        longest = max((value - self._waited.get(pid, 0.0) for pid, value in waited.items()), default=0.0)
        self.in_line += min(max(longest, 0.0), moment - self._last)
        self._last, self._waited = moment, waited
        taken = moment - self._begun
        return taken - self.in_line > self._seconds or taken > LONGEST * self._seconds

    def _read(self) -> dict[int, float]:
        """Seconds each process has stood in line in its life; empty where the machine does not count them."""
        found: dict[int, float] = {}
        for pid in self._members():
            try:
                found[pid] = int((self._proc / str(pid) / "schedstat").read_text().split()[1]) / 1e9
            except (OSError, IndexError, ValueError):
                continue  # gone meanwhile, or not counted here
        return found
