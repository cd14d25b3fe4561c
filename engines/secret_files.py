"""Secrets of one installation: made once by the first start, never shown, never replaced."""

import os
import secrets
from pathlib import Path

from engines.site import SERVICE_USER, Site, make_directory, own

NAMES = ("django.key", "scan.token", "postgres.password", "rspamd.password", "redis.password")


def ensure(site: Site) -> None:
    """Make what is missing. An existing file keeps its content: a new key would orphan all that the old one sealed."""
    directory = make_directory(site.environment.secrets_dir, SERVICE_USER, SERVICE_USER, 0o750)
    make_directory(site.environment.keyring_dir, SERVICE_USER, SERVICE_USER, 0o700)
    for name in NAMES:
        path = directory / name
        if not path.exists():
            _write_durably(path, secrets.token_urlsafe(48))
        own(path, SERVICE_USER, SERVICE_USER, 0o640)


def _write_durably(path: Path, value: str) -> None:
    scratch = path.with_suffix(path.suffix + ".new")
    descriptor = os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as stream:
        stream.write(value + "\n")
        stream.flush()
        os.fsync(stream.fileno())
    scratch.rename(path)
    parent = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(parent)
    finally:
        os.close(parent)
