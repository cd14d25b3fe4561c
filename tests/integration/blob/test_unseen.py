"""Bytes that are hardly known are written first and asked about afterwards; the outcome is that of asking first."""

from __future__ import annotations

from pathlib import Path

import pytest

from pirab.blob import actions, envelope, queries
from pirab.blob.errors import BlobTooLarge
from pirab.core import db
from tests.integration.blob.test_put_get import objects

pytestmark = pytest.mark.django_db


def test_new_bytes_are_stored_and_said_to_be_new() -> None:
    ref, is_new = actions.put_unseen(b"new")
    assert (queries.get(ref.digest), is_new) == (b"new", True)


def test_known_bytes_are_kept_once(home: Path) -> None:
    known = actions.put(b"known")
    ref, is_new = actions.put_unseen(b"known")
    assert (ref, is_new) == (known, False)
    assert len(objects(home)) == 1
    assert db.scalar("select count(*) from blob_blob") == 1


def test_a_lost_object_is_healed(home: Path) -> None:
    ref = actions.put(b"lost")
    (file,) = objects(home)
    file.unlink()
    actions.put_unseen(b"lost")
    assert queries.get(ref.digest) == b"lost"


def test_too_much_is_refused(monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    monkeypatch.setattr(envelope, "LARGEST_BLOB", 3)
    with pytest.raises(BlobTooLarge):
        actions.put_unseen(b"four")
    assert objects(home) == []
