"""Bytes in, the same bytes out, once."""

from __future__ import annotations

import contextlib
import hashlib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from pirab.blob import actions, envelope, queries
from pirab.blob.errors import BlobCorrupt, BlobMissing, BlobTooLarge
from pirab.core import db

pytestmark = pytest.mark.django_db

TEXT = "หนังสือราชการ ด่วนที่สุด\r\n".encode() * 700


class Changed(Exception):
    """The caller of `put` changed its mind."""


def objects(home: Path) -> list[Path]:
    return [path for path in (home / "blobs").rglob("*") if path.is_file()]


@pytest.mark.parametrize("content", [b"", b"\0", b"x", TEXT, bytes(range(256)) * 4000], ids=len)
def test_the_same_bytes_come_back(content: bytes) -> None:
    ref = actions.put(content)
    assert ref.digest == hashlib.sha256(content).digest()
    assert ref.size == len(content)
    assert queries.get(ref.digest) == content


@hypothesis_settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=2000))
def test_any_bytes_come_back(content: bytes) -> None:
    assert queries.get(actions.put(content).digest) == content


def test_one_copy_however_often_it_comes(home: Path) -> None:
    refs = {actions.put(TEXT) for _ in range(5)}
    assert len(refs) == 1
    assert len(objects(home)) == 1
    assert db.scalar("select count(*) from blob_blob") == 1


def test_nothing_readable_lies_on_the_disk(home: Path) -> None:
    actions.put(TEXT)
    (file,) = objects(home)
    assert "หนังสือ".encode() not in file.read_bytes()
    assert file.stat().st_size < len(TEXT) / 10


def test_stat_tells_sizes_without_bytes(home: Path) -> None:
    ref = actions.put(TEXT)
    (file,) = objects(home)
    found = queries.stat(ref.digest)
    assert (found.size, found.stored_size) == (len(TEXT), file.stat().st_size)
    file.unlink()
    assert queries.stat(ref.digest) == found


@pytest.mark.parametrize("digest", [b"", b"x", b"\0" * 32, b"y" * 1000])
def test_an_unknown_digest_is_missing(digest: bytes) -> None:
    for ask in (queries.get, queries.stat, actions.keep):
        with pytest.raises(BlobMissing):
            ask(digest)


def test_a_damaged_object_is_never_handed_out(home: Path) -> None:
    ref = actions.put(TEXT)
    (file,) = objects(home)
    octets = bytearray(file.read_bytes())
    octets[-20] ^= 1
    file.write_bytes(octets)
    with pytest.raises(BlobCorrupt, match="pirab blob verify"):
        queries.get(ref.digest)


def test_objects_swapped_behind_our_back_are_noticed(home: Path) -> None:
    first, second = actions.put(b"first"), actions.put(b"second")
    one, two = objects(home)
    held = one.read_bytes()
    one.write_bytes(two.read_bytes())
    two.write_bytes(held)
    for ref in (first, second):
        with pytest.raises(BlobCorrupt):
            queries.get(ref.digest)


def test_the_next_arrival_heals_a_lost_object(home: Path) -> None:
    ref = actions.put(TEXT)
    objects(home)[0].unlink()
    with pytest.raises(BlobMissing):
        queries.get(ref.digest)
    with pytest.raises(BlobMissing):
        actions.keep(ref.digest)
    actions.put(TEXT)
    assert queries.get(ref.digest) == TEXT


def test_a_rolled_back_put_leaves_no_row() -> None:
    with contextlib.suppress(Changed), db.transaction():
        ref = actions.put(TEXT)
        raise Changed
    with pytest.raises(BlobMissing):
        queries.get(ref.digest)


def test_too_much_for_one_blob(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(envelope, "LARGEST_BLOB", 10)
    with pytest.raises(BlobTooLarge):
        actions.put(b"x" * 11)
