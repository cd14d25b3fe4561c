"""Debian packages of the peers, installed without starting anything."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

PACKAGES: Final = (
    "dovecot-imapd", "dovecot-lmtpd", "roundcube-core", "roundcube-sqlite3", "php-fpm", "php-sqlite3", "php-intl",
    "php-mbstring", "php-xml", "nginx-light",
)  # fmt: skip
_POLICY: Final = Path("/usr/sbin/policy-rc.d")


def install() -> None:
    """Install what is missing; raises `SystemExit` where it cannot be."""
    missing = [name for name in PACKAGES if not _is_installed(name)]
    if not missing:
        return
    if os.geteuid() != 0:
        raise SystemExit(f"run once as root, or install: {' '.join(missing)}")
    command = [
        "apt-get",
        "-o",
        "DPkg::Lock::Timeout=300",
        "install",
        "-y",
        "--no-install-recommends",
        *missing,
    ]
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    with _nothing_starts():
        done = subprocess.run(command, env=quiet, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            subprocess.run(["apt-get", "update"], env=quiet, capture_output=True, check=False)
            done = subprocess.run(command, env=quiet, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit(
            f"the peers' packages could not be installed:\n{done.stdout[-1500:]}{done.stderr[-1500:]}"
        )


def _is_installed(name: str) -> bool:
    shown = subprocess.run(
        ["dpkg-query", "-W", "-f", "${db:Status-Status}", name], capture_output=True, text=True, check=False
    )
    return shown.stdout == "installed"


@contextmanager
def _nothing_starts() -> Iterator[None]:
    """Debian starts what it installs unless this file forbids it; one that stands there already is left alone."""
    if _POLICY.exists():
        yield
        return
    _POLICY.write_text("#!/bin/sh\nexit 101\n")
    _POLICY.chmod(0o755)
    try:
        yield
    finally:
        _POLICY.unlink()
