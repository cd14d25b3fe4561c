"""A full disk, a killed process, a refusing database: bytes are whole or absent, and the next try works."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from django.db import OperationalError

from pirab.blob import actions, gc, queries, verify
from pirab.blob.errors import BlobMissing, BlobStoreFull, BlobStoreUnavailable
from pirab.core import db
from pirab.core.errors import TemporaryError
from pirab.core.keyring import KeyMissing

CONTENT = b"a letter that must not be half stored" * 100

DYING_WRITER = """
import dataclasses, os, pathlib, signal, sys
from django.conf import settings
settings.DATABASES["default"]["NAME"] = sys.argv[1]
settings.ENVIRONMENT = dataclasses.replace(settings.ENVIRONMENT, home=pathlib.Path(sys.argv[2]))
import django
django.setup()
from pirab.blob import actions
from pirab.blob.directory import DirectoryBackend
def die(*_args):
    os.kill(os.getpid(), signal.SIGKILL)
if sys.argv[3] == "between object and row":
    actions._inserted = die
else:
    pathlib.Path.rename = die
actions.put(sys.argv[4].encode())
"""


def objects(home: Path) -> list[Path]:
    return [path for path in (home / "blobs").rglob("*") if path.is_file()]


@pytest.mark.django_db
@pytest.mark.parametrize("call", ["os.open", "os.write", "os.fsync", "pathlib.Path.rename"])
def test_a_full_disk_stores_nothing_and_is_temporary(
    home: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    def full(*_args: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(call, full)
    with pytest.raises(BlobStoreFull) as caught:
        actions.put(CONTENT)
    assert isinstance(caught.value, TemporaryError)
    monkeypatch.undo()
    assert objects(home) == []
    assert db.scalar("select count(*) from blob_blob") == 0


@pytest.mark.django_db
def test_a_database_without_room_takes_the_object_back(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_args: object) -> None:
        raise OperationalError("could not extend file") from psycopg.errors.DiskFull()

    monkeypatch.setattr(db, "scalar", full)
    with pytest.raises(BlobStoreFull):
        actions.put(CONTENT)
    assert objects(home) == []


@pytest.mark.django_db
def test_a_lost_connection_keeps_the_object_for_it_may_be_committed(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lost(*_args: object) -> None:
        raise OperationalError("server closed the connection unexpectedly")

    monkeypatch.setattr(db, "scalar", lost)
    with pytest.raises(OperationalError):
        actions.put(CONTENT)
    assert len(objects(home)) == 1


@pytest.mark.django_db
def test_a_medium_that_cannot_be_read_is_temporary(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ref = actions.put(CONTENT)

    def broken(_path: Path) -> bytes:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(Path, "read_bytes", broken)
    with pytest.raises(BlobStoreUnavailable):
        queries.get(ref.digest)


@pytest.mark.django_db
def test_without_its_key_a_blob_says_so(home: Path) -> None:
    ref = actions.put(CONTENT)
    db.execute("update blob_blob set key_id = '000007-0123456789abcdef'")
    with pytest.raises(KeyMissing, match="000007-0123456789abcdef"):
        queries.get(ref.digest)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("moment", ["between object and row", "before the object has its name"])
def test_a_killed_writer_leaves_only_what_collection_removes(
    home: Path, test_database: str, letters: object, age: Callable[..., None], moment: str
) -> None:
    dead = subprocess.run(
        [sys.executable, "-c", DYING_WRITER, test_database, str(home), moment, "letter"],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "pirab.conf.settings"},
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert dead.returncode == -signal.SIGKILL, dead.stderr.decode()
    assert db.scalar("select count(*) from blob_blob") == 0
    assert len(objects(home)) == 1
    gc.collect(timedelta(hours=2))
    assert len(objects(home)) == 1  # too young: its writer might still live

    ref = actions.put(b"letter")  # the sender tries again
    age(3, home / "blobs")
    actions.keep(ref.digest)
    gc.collect(timedelta(hours=2))
    assert len(objects(home)) == 1
    assert queries.get(ref.digest) == b"letter"
    assert list(verify.verify()) == []
    with pytest.raises(BlobMissing):
        queries.get(b"\0" * 32)
