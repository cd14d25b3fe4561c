"""What the operator sees while a command works: a line when a step starts, its duration when it ends."""

import re
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

_STARTED = time.monotonic()
SLOW_SECONDS = 0.05
"""A step that took less is said to be unchanged rather than timed."""


class Failure(Exception):
    """A command cannot go on: what failed, and what the operator can do about it."""

    def __init__(self, what: str, advice: str, detail: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.advice = advice
        self.detail = detail


@dataclass
class Step:
    """A running step; ``outcome`` is the text shown when it ends."""

    outcome: str = ""


@contextmanager
def step(title: str) -> Iterator[Step]:
    """Print ``title``, run the body, print how long it took; the body may set `Step.outcome`."""
    current = Step()
    begun = time.monotonic()
    print(f"[{begun - _STARTED:6.1f} s] {title} …", end=" ", flush=True)
    try:
        yield current
    except BaseException:
        print("failed", flush=True)
        raise
    seconds = time.monotonic() - begun
    done = current.outcome or ("done" if seconds >= SLOW_SECONDS else "ok")
    timing = f" ({seconds:.1f} s)" if seconds >= SLOW_SECONDS else ""
    print(f"{done}{timing}", flush=True)


def say(text: str) -> None:
    print(f"[{time.monotonic() - _STARTED:6.1f} s] {text}", flush=True)


def warn(text: str) -> None:
    print(f"[{time.monotonic() - _STARTED:6.1f} s] ! {text}", flush=True)


_TERMINAL_COLOURS = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")


def report_failure(failure: Failure) -> None:
    """The last words of a failed command, on standard error."""
    sys.stdout.flush()
    if failure.detail:
        for line in _TERMINAL_COLOURS.sub("", failure.detail).rstrip().splitlines():
            print(f"    | {line}", file=sys.stderr)
    print(f"\nFailed: {failure.what}\nWhat to do: {failure.advice}", file=sys.stderr)
