"""A parent that keeps a number of equal worker processes alive.

The parent holds what workers share (a listening socket), forks them, replaces one that dies and passes a stop
on. It does nothing else, so nothing a client sends can bring it down. When the parent itself is killed the
workers notice by a pipe and finish: no orphan holds on to a socket.
"""

import os
import signal
import time
from collections.abc import Callable
from typing import Final

from pirab.core import log

GRACE_SECONDS: Final = 25.0
"""How long workers may finish what is under way before they are killed."""

_SHORTEST_LIFE: Final = 1.0
"""A worker that dies sooner than this is replaced only after the same time, so that a fault does not spin."""

_SIGNALS: Final = (signal.SIGTERM, signal.SIGINT, signal.SIGCHLD)

Work = Callable[[int], None]
"""What a worker does until SIGTERM; the argument is a pipe that ends when the parent is gone."""

_log = log.get_logger(__name__)


class Workers:
    """`count` processes running `work`."""

    def __init__(self, count: int, work: Work) -> None:
        self._count = count
        self._work = work
        self._started: dict[int, float] = {}
        self._parent_alive, self._parent_end = os.pipe()

    def run(self) -> None:
        """Keep the workers running until SIGTERM or SIGINT, then stop them and return."""
        signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)
        for _ in range(self._count):
            self._start()
        while signal.sigwait(_SIGNALS) == signal.SIGCHLD:
            for lifetime in self._reaped():
                if lifetime < _SHORTEST_LIFE:
                    time.sleep(_SHORTEST_LIFE)
                self._start()
        self._stop()

    def _start(self) -> None:
        pid = os.fork()
        if pid == 0:
            self._become_worker()
        self._started[pid] = time.monotonic()

    def _become_worker(self) -> None:
        code = 1
        try:
            os.close(self._parent_end)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, _SIGNALS)
            self._work(self._parent_alive)
            code = 0
        except BaseException:  # noqa: BLE001 - logged; the exit code says the rest
            _log.exception("worker.failed")
        finally:
            # Never back into the parent's code: a worker that returned from here would fork workers of its
            # own.
            os._exit(code)

    def _reaped(self) -> list[float]:
        """Collect dead workers; the seconds each lived."""
        lifetimes = []
        while self._started:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if pid == 0:
                break
            started = self._started.pop(pid, None)
            if started is not None:
                _log.warning("worker.died", pid=pid, code=os.waitstatus_to_exitcode(status))
                lifetimes.append(time.monotonic() - started)
        return lifetimes

    def _stop(self) -> None:
        self._send(signal.SIGTERM)
        end = time.monotonic() + GRACE_SECONDS
        while self._started and time.monotonic() < end:
            signal.sigtimedwait([signal.SIGCHLD], 0.1)
            self._forget_finished()
        self._send(signal.SIGKILL)

    def _forget_finished(self) -> None:
        while self._started:
            pid, _ = os.waitpid(-1, os.WNOHANG)
            if pid == 0:
                return
            self._started.pop(pid, None)

    def _send(self, number: signal.Signals) -> None:
        for pid in self._started:
            os.kill(pid, number)
