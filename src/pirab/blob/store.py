"""The backend and the key ring this installation is configured with, opened once a process."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from django.conf import settings

from pirab.blob.backend import BlobBackend
from pirab.blob.directory import DirectoryBackend
from pirab.core.keyring import KeyRing


def backend() -> BlobBackend:
    """Where objects are written and read."""
    return _directory_backend(settings.ENVIRONMENT.blob_dir)


def keyring() -> KeyRing:
    """The keys that wrap data keys; raises `KeyMissing` when the ring was never made."""
    return _keyring(settings.ENVIRONMENT.keyring_dir)


@lru_cache(maxsize=4)
def _directory_backend(root: Path) -> BlobBackend:
    return DirectoryBackend(root)


@lru_cache(maxsize=4)
def _keyring(directory: Path) -> KeyRing:
    return KeyRing(directory)
