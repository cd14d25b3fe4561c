"""The box: bubblewrap with namespaces of its own (no network, no processes of others, no files of ours), a new session,
no capabilities; inside it the reader sets its limits before it looks at the document.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import sysconfig
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

import msgspec

from pirab.core.log import get_logger
from pirab.extraction import reader
from pirab.extraction.types import Extract, Reading, SandboxUnavailable

_log = get_logger(__name__)


class Limits(msgspec.Struct, frozen=True):
    """What one document may cost: octets of memory, seconds of processor and of waiting, characters of text."""

    memory_bytes: int = 768 * 1024 * 1024
    cpu_seconds: int = 20
    wall_seconds: float = 60.0
    characters: int = 1_000_000


DEFAULT_LIMITS: Final = Limits()

_LIBRARIES: Final = ("/usr", "/lib", "/lib64", "/etc/ld.so.cache")
"""What a Debian Python needs to start, and fonts and secrets are not among it."""

_STATUS: Final = {0: Reading.READ, reader.NOTHING: Reading.NOTHING, reader.DAMAGED: Reading.DAMAGED}
_NOT_STARTED: Final = b"bwrap:"
_LONGEST_COMPLAINT: Final = 10_000
_OCTETS_PER_CHARACTER: Final = 5
"""Four of UTF-8, and a line end where a piece has one character."""


def read_document(document: bytes, limits: Limits = DEFAULT_LIMITS) -> Extract:
    """The text of a PDF, DOCX, XLSX, PPTX (or XLS, XLSB, ODS) file. Never raises for what is in the document.

    Raises `SandboxUnavailable` when there is no box to open it in.
    """
    arguments = [str(limits.memory_bytes), str(limits.cpu_seconds), str(limits.characters)]
    most = limits.characters * _OCTETS_PER_CHARACTER
    process = subprocess.Popen(
        ["nice", "-n", "10", *_box(), sys.executable, "-I", "-B", "/reader.py", *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    with _ending(process, limits.wall_seconds), process, _feeding(process, document):
        assert process.stdout is not None
        assert process.stderr is not None
        written = process.stdout.read(most + 1)
        if len(written) > most:
            process.kill()  # what runs in there is not the reader any more
        complaint = process.stderr.read(_LONGEST_COMPLAINT)
    if complaint.startswith(_NOT_STARTED):
        raise SandboxUnavailable(complaint.decode("utf-8", "replace").strip()[:200])
    reading = _STATUS.get(process.returncode, Reading.TOO_MUCH)
    return Extract("" if reading is Reading.NOTHING else _text(written), reading)


@contextmanager
def _ending(process: subprocess.Popen[bytes], seconds: float) -> Iterator[None]:
    """Kill the box, and all that is in it, when the block takes longer."""
    timer = threading.Timer(seconds, process.kill)
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


@contextmanager
def _feeding(process: subprocess.Popen[bytes], document: bytes) -> Iterator[None]:
    """Write the document while the block reads: neither side waits for the other."""

    def feed() -> None:
        assert process.stdin is not None
        with suppress(OSError):  # it has read enough
            process.stdin.write(document)
        with suppress(OSError):
            process.stdin.close()

    feeder = threading.Thread(target=feed, daemon=True)
    feeder.start()
    try:
        yield
    finally:
        feeder.join()


def _text(written: bytes) -> str:
    return written.decode("utf-8", "replace").replace("\0", " ").strip()


def _box() -> list[str]:
    found = shutil.which("bwrap")
    if found is None:
        raise SandboxUnavailable("bubblewrap is not installed")
    command = [
        found,
        "--unshare-all",
        "--die-with-parent",
        "--new-session",
        "--cap-drop",
        "ALL",
        "--clearenv",
    ]
    command += ["--setenv", "LANG", "C.UTF-8", "--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp"]  # noqa: S108
    for path in _LIBRARIES:
        if Path(path).exists():
            command += ["--ro-bind", path, path]
    for path in dict.fromkeys((sys.prefix, sysconfig.get_path("purelib"))):
        command += ["--ro-bind", path, path]
    return [*command, "--ro-bind", str(Path(reader.__file__)), "/reader.py", "--chdir", "/"]
