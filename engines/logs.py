"""``./pirab logs``: the end of a service's log, or what is being added to it."""

import os
import time
from collections.abc import Iterator
from pathlib import Path

from engines.progress import Failure
from engines.supervisor import last_lines
from pirab.conf.environment import Environment


def names(environment: Environment) -> list[str]:
    """Every log there is, by the name ``logs`` takes."""
    return sorted(path.stem for path in environment.log_dir.glob("*.log"))


def show(environment: Environment, name: str | None, lines: int) -> list[Path]:
    """Print the last lines of one log or, without a name, of every log; returns the files."""
    known = names(environment)
    if not known:
        raise Failure(
            f"there are no logs in {environment.log_dir}", "./pirab up starts the services that write them"
        )
    if name is not None and name not in known:
        raise Failure(f"there is no log called {name!r}", f"choose one of: {', '.join(known)}")
    chosen = [environment.log_dir / f"{entry}.log" for entry in ([name] if name else known)]
    for path in chosen:
        if len(chosen) > 1:
            print(f"==> {path.stem}")
        print(last_lines(path, lines))
    return chosen


def follow(paths: list[Path]) -> Iterator[str]:
    """Yield what is added to the files, for ever, across rotations."""
    places = {path: _Place(path) for path in paths}
    while True:
        idle = True
        for path, place in places.items():
            for line in place.fresh_lines():
                idle = False
                yield f"{path.stem}: {line}" if len(paths) > 1 else line
        if idle:
            time.sleep(0.2)


class _Place:
    """How far one file has been read; starts at its end, and at the start of the file that follows a rotation."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._stream = path.open("rb")
        self._stream.seek(0, os.SEEK_END)

    def fresh_lines(self) -> list[str]:
        lines = self._stream.read().decode("utf-8", "replace").splitlines()
        try:
            renewed = self._path.stat().st_ino != os.fstat(self._stream.fileno()).st_ino
        except FileNotFoundError:
            return lines
        if renewed or self._path.stat().st_size < self._stream.tell():
            self._stream.close()
            self._stream = self._path.open("rb")
        return lines
