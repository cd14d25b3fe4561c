"""Writers of the same bytes at the same time."""

from __future__ import annotations

import contextlib
import threading
from functools import partial
from pathlib import Path

import pytest

from pirab.blob import actions, queries, store, verify
from pirab.core import db
from tests.integration.blob.conftest import Worker

pytestmark = pytest.mark.django_db(transaction=True)


class Changed(Exception):
    """The caller of `put` changed its mind."""


def objects(home: Path) -> list[Path]:
    return [path for path in (home / "blobs").rglob("*") if path.is_file()]


def test_eight_writers_of_one_content_store_it_once(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    barrier = threading.Barrier(8)
    written = actions._written

    def all_at_once(digest: bytes, data: bytes) -> object:
        row = written(digest, data)
        barrier.wait(30)  # every writer has its object before any has its row
        return row

    monkeypatch.setattr(actions, "_written", all_at_once)
    workers = [Worker(lambda: actions.put(b"circular" * 1000)) for _ in range(8)]
    refs = {worker.outcome() for worker in workers}
    assert len(refs) == 1
    assert len(objects(home)) == 1
    assert queries.get(refs.pop().digest) == b"circular" * 1000  # type: ignore[attr-defined]


def test_the_first_writer_may_still_roll_back(home: Path) -> None:
    with contextlib.suppress(Changed), db.transaction():
        ref = actions.put(b"twice")
        second = Worker(lambda: actions.put(b"twice"))
        raise Changed
    assert second.outcome() == ref
    assert queries.get(ref.digest) == b"twice"


def test_two_healers_agree(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ref = actions.put(b"lost")
    objects(home)[0].unlink()
    barrier = threading.Barrier(2)
    written = actions._written

    def both(digest: bytes, data: bytes) -> object:
        row = written(digest, data)
        barrier.wait(30)
        return row

    monkeypatch.setattr(actions, "_written", both)
    for worker in [Worker(lambda: actions.put(b"lost")) for _ in range(2)]:
        worker.outcome()
    assert len(objects(home)) == 1
    assert queries.get(ref.digest) == b"lost"


def test_different_contents_do_not_wait_for_each_other(home: Path) -> None:
    contents = [str(number).encode() * 500 for number in range(40)]

    def put_each(part: list[bytes]) -> None:
        for content in part:
            actions.put(content)

    workers = [Worker(partial(put_each, contents[start::4])) for start in range(4)]
    for worker in workers:
        worker.outcome()
    assert db.scalar("select count(*) from blob_blob") == 40
    assert list(verify.damaged_blobs()) == []
    assert sum(1 for _ in store.backend().list()) == 40
