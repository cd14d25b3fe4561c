"""How many requests one person may have under way on this machine (rfc8620#2 maxConcurrent…).

Whoever is let in locks one octet of a file that all processes have open: octet `person * most + place`, of which there
is nothing to read. The kernel gives the lock back when the process ends, however it ends, so a place is never lost and
no clock decides; taking one is a system call.
"""

from __future__ import annotations

import fcntl
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from pirab.core.log import get_logger
from pirab.jmap import problems

_log = get_logger(__name__)


class PerPerson:
    """Counts what is under way for each person, up to `most`; `limit` is the limit's name in the capability.

    Several machines count each for itself, so over all of them a person gets more than promised, never less. The same
    is true of processes for as long as the file cannot be opened: a service that answers matters more than an exact
    count.
    """

    def __init__(self, limit: str, most: int, directory: Callable[[], Path]) -> None:
        """`directory` says, when the first request comes, where the processes of this machine meet."""
        self._limit = limit
        self._most = most
        self._directory = directory
        self._held: dict[int, set[int]] = {}
        self._guard = threading.Lock()
        self._file: int | None = None
        self._has_complained = False

    @contextmanager
    def hold(self, person_id: int) -> Iterator[None]:
        """Count one for the length of the block; raises the `limit` problem when the person has too many."""
        place = self._take(person_id)
        if place is None:
            raise problems.over_limit(self._limit, self._most)
        try:
            yield
        finally:
            self._give_back(person_id, place)

    def _take(self, person_id: int) -> int | None:
        """A place nobody has, here or in another process; None when all are taken."""
        # Two processes that begin at different places seldom ask for the same one.
        first = os.getpid()
        with self._guard:
            held = self._held.setdefault(person_id, set())
            for step in range(self._most):
                place = (first + step) % self._most
                # A process is never in its own way (fcntl(2)): what is held here only `held` knows.
                if place not in held and self._lock(person_id * self._most + place):
                    held.add(place)
                    return place
            if not held:
                del self._held[person_id]
        return None

    def _give_back(self, person_id: int, place: int) -> None:
        with self._guard:
            if self._file is not None:
                fcntl.lockf(self._file, fcntl.LOCK_UN, 1, person_id * self._most + place)
            held = self._held[person_id]
            held.discard(place)
            if not held:
                del self._held[person_id]

    def _lock(self, octet: int) -> bool:
        if self._file is None:
            self._file = self._open()
        if self._file is None:
            return True
        try:
            fcntl.lockf(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, octet)
        except (BlockingIOError, PermissionError):  # both mean that another process has it
            return False
        except OSError as error:  # the machine is out of locks
            _log.warning("jmap.limit_uncounted", limit=self._limit, error=error.strerror)
        return True

    def _open(self) -> int | None:
        path = self._directory() / f"{self._limit}.lock"
        try:
            # Closing any other handle on this file would drop the locks: it is opened once, and here alone.
            return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            if not self._has_complained:
                _log.warning("jmap.limit_of_process", limit=self._limit, error=error.strerror)
            self._has_complained = True
            return None
