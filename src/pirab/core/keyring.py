"""Keys that wrap the data keys of blobs: one file each in one directory, the newest wraps, all unwrap.

A key file `<serial>-<fingerprint>.key` holds 32 random octets in hexadecimal and is never overwritten. The
serial orders the keys (a restored backup changes file times, not names); the fingerprint is derived from
the key, so a file that was swapped or damaged is noticed before it wraps anything. Wrapping is AES-256 key
wrap (rfc3394): it needs no nonce, so one key may wrap any number of data keys.

On failure: a key that rows were wrapped with but that is not in the directory raises `KeyMissing`, and no
new key is ever made in its place; `ensure_keyring` refuses an empty directory while anything is still
wrapped.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap, aes_key_wrap

from pirab.core.errors import PirabError

KEY_BYTES: Final = 32
"""Length of a key, wrapping or wrapped, in octets (AES-256)."""

_KEY_ID: Final = re.compile(r"([0-9]{6})-([0-9a-f]{16})", re.ASCII)
_LAST_SERIAL: Final = 999_999


class KeyringError(PirabError):
    """The key ring cannot be used."""


class KeyMissing(KeyringError):
    """A key that data was encrypted under is not in the key ring: restore its file from the backup"""


class KeyDamaged(KeyringError):
    """A key file does not hold the key its name promises: restore it from the backup"""


class KeyExposed(KeyringError):
    """A key file may be read by every user of this machine: set its mode to 0600"""


class UnwrapFailed(KeyringError):
    """A wrapped key does not belong to the key it names."""


class KeyRing:
    """The keys of one directory. Safe to share between threads; notices keys added by another process."""

    def __init__(self, directory: Path) -> None:
        """Raises `KeyMissing` when `directory` holds no key, `KeyDamaged` or `KeyExposed` for a bad file."""
        self._directory = directory
        self._keys: dict[str, bytes] = {}
        self._seen_change = -1
        self._reload_if_changed()

    @property
    def current_key_id(self) -> str:
        """The newest key: the one that wraps."""
        self._reload_if_changed()
        return max(self._keys)

    @property
    def key_ids(self) -> tuple[str, ...]:
        """Every key, oldest first."""
        self._reload_if_changed()
        return tuple(sorted(self._keys))

    def wrap(self, data_key: bytes) -> tuple[str, bytes]:
        """(key id, `data_key` wrapped under the newest key)."""
        self._reload_if_changed()
        keys = self._keys
        key_id = max(keys)
        return key_id, aes_key_wrap(keys[key_id], data_key)

    def unwrap(self, key_id: str, wrapped: bytes) -> bytes:
        """The data key; raises `KeyMissing` without the wrapping key, `UnwrapFailed` when it does not fit."""
        key = self._keys.get(key_id)
        if key is None:
            self._reload_if_changed()
            key = self._keys.get(key_id)
        if key is None:
            raise KeyMissing(key_id)
        try:
            return aes_key_unwrap(key, wrapped)
        except (InvalidUnwrap, ValueError) as error:
            raise UnwrapFailed(key_id) from error

    def _reload_if_changed(self) -> None:
        try:
            change = self._directory.stat().st_mtime_ns
        except OSError as error:
            raise KeyMissing(str(self._directory)) from error
        if change == self._seen_change:
            return
        # A key once read stays usable: a file removed by mistake must not stop the reading of mail.
        keys = self._keys | _read_keys(self._directory)
        if not keys:
            raise KeyMissing(f"no key in {self._directory}")
        self._keys, self._seen_change = keys, change


def ensure_keyring(directory: Path, anything_wrapped: Callable[[], bool]) -> KeyRing:
    """The key ring of `directory`, with a first key made where there is none.

    Raises `KeyMissing` when the directory holds no key although `anything_wrapped()` says that data depends
    on one: a new key would hide that the old one is lost.
    """
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not _key_files(directory):
        if anything_wrapped():
            raise KeyMissing(f"{directory} is empty, but stored mail is encrypted")
        add_key(directory)
    return KeyRing(directory)


def add_key(directory: Path) -> str:
    """Write a new newest key, durably, and return its id. Existing files are never touched."""
    key = os.urandom(KEY_BYTES)
    serials = [int(path.name[:6]) for path in _key_files(directory)]
    serial = max(serials, default=0) + 1
    if serial > _LAST_SERIAL:
        raise KeyringError("no serial number is left")
    key_id = f"{serial:06d}-{_fingerprint(key)}"
    _write_durably(directory, f"{key_id}.key", key.hex().encode("ascii") + b"\n")
    return key_id


def _key_files(directory: Path) -> list[Path]:
    return sorted(path for path in directory.glob("*.key") if _KEY_ID.fullmatch(path.stem))


def _read_keys(directory: Path) -> dict[str, bytes]:
    return {path.stem: _read_key(path) for path in _key_files(directory)}


def _read_key(path: Path) -> bytes:
    try:
        if path.stat().st_mode & 0o007:
            raise KeyExposed(str(path))
        key = bytes.fromhex(path.read_text(encoding="ascii").strip())
    except ValueError as error:
        raise KeyDamaged(str(path)) from error
    except OSError as error:
        raise KeyMissing(f"{path}: {error.strerror}") from error
    if len(key) != KEY_BYTES or path.stem[7:] != _fingerprint(key):
        raise KeyDamaged(str(path))
    return key


def _fingerprint(key: bytes) -> str:
    return hashlib.sha256(b"pirab key id\0" + key).hexdigest()[:16]


def _write_durably(directory: Path, name: str, content: bytes) -> None:
    """Complete under its final name or not there at all, owned by whoever owns the directory, mode 0600."""
    temporary = directory / f".{name}.{os.getpid()}"
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            if os.geteuid() == 0:
                owner = directory.stat()
                os.fchown(file.fileno(), owner.st_uid, owner.st_gid)
            os.fsync(file.fileno())
        os.link(temporary, directory / name)
    finally:
        temporary.unlink(missing_ok=True)
    handle = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
