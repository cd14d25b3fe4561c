"""The key ring: made once, never replaced, and loud about what is wrong."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pirab.core.keyring import (
    KeyDamaged,
    KeyExposed,
    KeyMissing,
    KeyRing,
    UnwrapFailed,
    add_key,
    ensure_keyring,
)

DATA_KEY = bytes(range(32))


def nothing() -> bool:
    return False


def something() -> bool:
    return True


@pytest.fixture
def ring(tmp_path: Path) -> KeyRing:
    return ensure_keyring(tmp_path / "keys", nothing)


def key_file(directory: Path) -> Path:
    return next((directory / "keys").glob("*.key"))


def test_the_first_key_is_made_once(tmp_path: Path) -> None:
    first = ensure_keyring(tmp_path / "keys", nothing).current_key_id
    assert ensure_keyring(tmp_path / "keys", something).current_key_id == first
    assert key_file(tmp_path).stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "keys").stat().st_mode & 0o777 == 0o700


def test_what_is_wrapped_opens(ring: KeyRing) -> None:
    key_id, wrapped = ring.wrap(DATA_KEY)
    assert DATA_KEY not in wrapped
    assert ring.unwrap(key_id, wrapped) == DATA_KEY


def test_no_new_key_over_encrypted_data(tmp_path: Path) -> None:
    with pytest.raises(KeyMissing, match="stored mail is encrypted"):
        ensure_keyring(tmp_path / "keys", something)
    assert list((tmp_path / "keys").iterdir()) == []


def test_the_newest_wraps_and_the_old_still_opens(ring: KeyRing, tmp_path: Path) -> None:
    old_id, wrapped = ring.wrap(DATA_KEY)
    new_id = add_key(tmp_path / "keys")
    assert ring.wrap(DATA_KEY)[0] == new_id > old_id  # noticed without a restart
    assert ring.unwrap(old_id, wrapped) == DATA_KEY
    assert ring.key_ids == (old_id, new_id)


def test_an_unknown_key_is_missing(ring: KeyRing) -> None:
    with pytest.raises(KeyMissing, match="000009-"):
        ring.unwrap("000009-0123456789abcdef", b"x" * 40)


@pytest.mark.parametrize("wrapped", [b"", b"short", b"\0" * 40, b"\0" * 41, b"x" * 4000])
def test_a_forged_wrapping_does_not_open(ring: KeyRing, wrapped: bytes) -> None:
    with pytest.raises(UnwrapFailed):
        ring.unwrap(ring.current_key_id, wrapped)


@pytest.mark.parametrize("content", ["", "zz" * 32, "ab" * 31, "ab" * 32, "ก" * 64, "ab" * 40])
def test_a_damaged_file_is_refused(ring: KeyRing, tmp_path: Path, content: str) -> None:
    key_file(tmp_path).write_text(content, encoding="utf-8")
    with pytest.raises(KeyDamaged, match=r"\.key"):
        KeyRing(tmp_path / "keys")


def test_a_file_everybody_may_read_is_refused(ring: KeyRing, tmp_path: Path) -> None:
    key_file(tmp_path).chmod(0o604)
    with pytest.raises(KeyExposed, match="0600"):
        KeyRing(tmp_path / "keys")


def test_files_that_are_no_keys_do_not_count(ring: KeyRing, tmp_path: Path) -> None:
    for name in ("README", "notes.key", ".000002-0123456789abcdef.key.77", "000002-XYZ.key"):
        (tmp_path / "keys" / name).write_text("?")
    assert len(KeyRing(tmp_path / "keys").key_ids) == 1


def test_an_absent_directory_is_a_missing_key(tmp_path: Path) -> None:
    with pytest.raises(KeyMissing):
        KeyRing(tmp_path / "nowhere")


def test_a_ring_in_use_survives_the_loss_of_a_file(ring: KeyRing, tmp_path: Path) -> None:
    key_id, wrapped = ring.wrap(DATA_KEY)
    add_key(tmp_path / "keys")
    (tmp_path / "keys" / f"{key_id}.key").unlink()
    assert ring.unwrap(key_id, wrapped) == DATA_KEY
    with pytest.raises(KeyMissing):
        KeyRing(tmp_path / "keys").unwrap(key_id, wrapped)


def test_no_unfinished_key_is_left_when_the_disk_is_full(
    ring: KeyRing, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        add_key(tmp_path / "keys")
    assert len(list((tmp_path / "keys").iterdir())) == 1
