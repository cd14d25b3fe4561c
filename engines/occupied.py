"""Ports that somebody else holds, found before anything is started and named with their holder."""

import os
from pathlib import Path

from engines.progress import Failure
from pirab.conf.environment import Environment

_LISTENING = "0A"


def check(environment: Environment) -> None:
    """Raise `Failure` when a port of ours is listened on; call it only while nothing of ours runs."""
    listening = _listeners()
    taken = [(name, port) for name, port in environment.ports.by_name().items() if port in listening]
    if not taken:
        return
    lines = [f"port {port} ({name}) is held by {_holder(listening[port])}" for name, port in taken]
    name, port = taken[0]
    raise Failure(
        f"port {port} is taken",
        f"end the process named above, or choose other ports: PIRAB_{name.upper()}_PORT=… or PIRAB_PORT_BASE=20000",
        "\n".join(lines),
    )


def _listeners() -> dict[int, str]:
    """Listening TCP ports with the socket's inode."""
    found: dict[int, str] = {}
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        try:
            rows = Path(table).read_text().splitlines()[1:]
        except OSError:
            continue
        for row in rows:
            fields = row.split()
            if fields[3] == _LISTENING:
                found[int(fields[1].rpartition(":")[2], 16)] = fields[9]
    return found


def _holder(inode: str) -> str:
    wanted = f"socket:[{inode}]"
    for process in Path("/proc").iterdir():
        if not process.name.isdigit():
            continue
        try:
            if any(_target(entry) == wanted for entry in (process / "fd").iterdir()):
                command = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
                return f"process {process.name}: {command.strip()[:120]}"
        except OSError:
            continue
    return "a process that cannot be seen from here"


def _target(entry: Path) -> str:
    try:
        return os.readlink(entry)  # noqa: PTH115 - the name of a socket is no path
    except OSError:
        return ""
