"""What a supervised process is, as a value: how it starts, as whom, when it is ready and how it stops."""

import socket
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

_LONGEST_ANSWER = 65_536


@dataclass(frozen=True)
class Process:
    """One supervised service.

    ``stamp`` changes when its configuration or code does; ``is_ready`` answers whether it does its work now;
    ``patience`` is how many seconds a start may take (see `engines.patience`); ``stop_seconds`` how long it may take
    to end before it is killed.
    """

    name: str
    command: tuple[str, ...]
    is_ready: Callable[[], bool]
    stamp: str
    user: str | None = None
    also_groups: tuple[str, ...] = ()
    umask: str = "027"
    before: str | None = None
    resolv_conf: Path | None = None
    environment: Mapping[str, str] = field(default_factory=dict)
    stop_signal: str = "TERM"
    stop_seconds: int = 10
    stops_as_group: bool = False
    patience: float = 30.0
    log_files: tuple[Path, ...] = ()


def accepts_tcp(port: int, host: str = "127.0.0.1", timeout: float = 1.0) -> bool:
    """Whether something accepts connections there."""
    try:
        with socket.create_connection((host, port), timeout):
            return True
    except OSError:
        return False


def greets(port: int, opening: bytes, host: str = "127.0.0.1", timeout: float = 2.0) -> bool:
    """Whether a server speaks first and starts with ``opening``."""
    try:
        with socket.create_connection((host, port), timeout) as connection:
            return connection.recv(512).startswith(opening)
    except OSError:
        return False


def answers(address: int | Path, request: bytes, expected: bytes, timeout: float = 2.0) -> bool:
    """Whether a server on a loopback port or unix socket answers ``request`` with ``expected`` somewhere in it.

    An answer may come in pieces, the slower the machine the more; ``timeout`` is for all of them.
    """
    family = socket.AF_UNIX if isinstance(address, Path) else socket.AF_INET
    target: str | tuple[str, int] = str(address) if isinstance(address, Path) else ("127.0.0.1", address)
    try:
        with socket.socket(family) as connection:
            connection.settimeout(timeout)
            connection.connect(target)
            connection.sendall(request)
            return _hears(connection, expected, time.monotonic() + timeout)
    except OSError:
        return False


def _hears(connection: socket.socket, expected: bytes, until: float) -> bool:
    heard = b""
    while expected not in heard and len(heard) < _LONGEST_ANSWER:
        connection.settimeout(max(until - time.monotonic(), 0.001))
        piece = connection.recv(4096)
        if not piece:
            return False
        heard += piece
    return expected in heard
