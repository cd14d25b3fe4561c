"""A private ClamAV daemon, its signatures, and freshclam where signatures can be had.

A daemon without signatures would call everything clean, so it is never started without: where the vendor's set
cannot be fetched a local one is used that knows the EICAR test file and the archives of Debian's package
``clamav-testfiles``, and ``status`` says so until the vendor's set has arrived.
"""

import hashlib
import subprocess
import time
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from engines.processes import Process, answers
from engines.progress import step
from engines.rendering import Rendering, write_if_changed
from engines.site import Site, group_id, make_directory, user_id
from pirab.conf.environment import SignatureSource

USER = "clamav"
# Both halves of the EICAR test text, kept apart so that no scanner takes this file for it.
_EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + rb"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
_TESTFILES_MD5 = "aa15bcf478d165efd2065190eb473bcb"
_TESTFILES_SIZE = 544
_CONCURRENT_RELOAD_BYTES = 6 * 10**9
"""Memory from which the daemon may hold two signature sets while it loads a new one."""


class SignatureKind(StrEnum):
    VENDOR = "vendor"
    LOCAL = "local"
    NONE = "none"


@dataclass(frozen=True)
class Signatures:
    """What the daemon knows and how old it is."""

    kind: SignatureKind
    age_seconds: int | None


def configure(site: Site) -> list[Process]:
    base = make_directory(site.directory("clamav"), USER, USER, 0o750)
    for name in ("db", "run", "tmp"):
        make_directory(base / name, USER, USER, 0o750)
    rendering = Rendering(site)
    limit = site.environment.message_size_limit
    rendering.file(
        "clamav/clamd.conf", base / "clamd.conf", base=base, stream_limit=2 * limit, scan_limit=8 * limit,
        concurrent_reload=_memory_bytes() >= _CONCURRENT_RELOAD_BYTES,
    )  # fmt: skip
    rendering.file("clamav/freshclam.conf", base / "freshclam.conf", base=base)
    if _can_update(site) and signatures(site).kind is not SignatureKind.VENDOR:
        _fetch(base)
    _write_local_set(base / "db")
    processes = [_clamd(site, base, rendering.stamp)]
    if _can_update(site):
        processes.append(_freshclam(base, rendering.stamp))
    return processes


def _clamd(site: Site, base: Path, stamp: str) -> Process:
    return Process(
        name="clamd",
        command=("/usr/sbin/clamd", "--foreground", "--config-file", str(base / "clamd.conf")),
        user=USER,
        is_ready=lambda: answers(site.environment.ports.clamd, b"zPING\0", b"PONG"),
        stamp=stamp,
        patience=180.0,  # the vendor's set takes its time to load
    )


def _freshclam(base: Path, stamp: str) -> Process:
    return Process(
        name="freshclam",
        command=(
            "/usr/bin/freshclam",
            "--daemon",
            "--foreground",
            "--config-file",
            str(base / "freshclam.conf"),
        ),
        user=USER,
        is_ready=lambda: True,
        stamp=stamp,
    )


def signatures(site: Site) -> Signatures:
    """Which set lies in the database directory, and the age of its newest file."""
    directory = site.directory("clamav") / "db"
    vendor = [*directory.glob("*.cvd"), *directory.glob("*.cld")]
    local = [*directory.glob("*.ndb"), *directory.glob("*.hdb")]
    for kind, files in ((SignatureKind.VENDOR, vendor), (SignatureKind.LOCAL, local)):
        if files:
            newest = max(path.stat().st_mtime for path in files)
            return Signatures(kind, max(0, int(time.time() - newest)))
    return Signatures(SignatureKind.NONE, None)


def _can_update(site: Site) -> bool:
    return site.has_dns and site.environment.signatures is SignatureSource.AUTO


def _fetch(base: Path) -> None:
    with step("ClamAV: fetch the vendor's signatures") as current:
        completed = subprocess.run(
            ["/usr/bin/freshclam", "--config-file", str(base / "freshclam.conf"), "--quiet"],
            user=user_id(USER), group=group_id(USER), extra_groups=[], check=False, capture_output=True, timeout=900,
        )  # fmt: skip
        if completed.returncode != 0:
            current.outcome = "not to be had now; the local set stands in and freshclam keeps trying"


def _write_local_set(directory: Path) -> None:
    write_if_changed(
        directory / "pirab.ndb", f"Eicar-Test-Signature:0:*:{_EICAR.hex()}\n", user=USER, group=USER
    )
    digest = hashlib.md5(_EICAR, usedforsecurity=False).hexdigest()
    write_if_changed(
        directory / "pirab.hdb",
        f"{digest}:{len(_EICAR)}:Eicar-Test-Hash\n{_TESTFILES_MD5}:{_TESTFILES_SIZE}:ClamAV-Test-File\n",
        user=USER,
        group=USER,
    )


def _memory_bytes() -> int:
    for line in Path("/proc/meminfo").read_text().splitlines():
        if line.startswith("MemTotal:"):
            return int(line.split()[1]) * 1024
    return 0
