"""Collection: what nobody wants goes, what anybody may want stays, whoever writes meanwhile."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from pirab.blob import actions, gc, queries, registry
from pirab.blob.errors import BlobMissing, CollectionRunning, GraceTooShort, NothingRegistered
from pirab.blob.types import Collected
from pirab.core import db
from tests.integration.blob.conftest import Worker

pytestmark = pytest.mark.django_db(transaction=True)

GRACE = timedelta(hours=2)


def objects(home: Path) -> list[Path]:
    return [path for path in (home / "blobs").rglob("*") if path.is_file()]


def test_what_nobody_refers_to_goes_after_the_grace_period(
    home: Path, letters: Callable[[bytes], None], age: Callable[..., None]
) -> None:
    kept, lost = actions.put(b"kept"), actions.put(b"lost")
    letters(kept.digest)
    assert gc.collect(GRACE) == Collected(0, 0, 0)
    age(3, home / "blobs")
    octets = queries.stat(lost.digest).stored_size
    assert gc.collect(GRACE) == Collected(1, 0, octets)
    assert queries.get(kept.digest) == b"kept"
    with pytest.raises(BlobMissing):
        queries.get(lost.digest)
    assert len(objects(home)) == 1


@pytest.mark.parametrize("renew", [actions.put, lambda content: actions.keep(actions.put(content).digest)])
def test_a_new_arrival_starts_the_grace_period_again(
    home: Path, letters: object, age: Callable[..., None], renew: Callable[[bytes], object]
) -> None:
    ref = actions.put(b"again")
    age(3, home / "blobs")
    renew(b"again")
    assert gc.collect(GRACE).rows == 0
    assert queries.get(ref.digest) == b"again"


def test_leftovers_go_and_foreign_files_stay(home: Path, letters: object, age: Callable[..., None]) -> None:
    actions.put(b"x")
    (file,) = objects(home)
    leftovers = [file.with_name(".new-" + file.name), file.with_name(file.name[:-16] + "0" * 16)]
    foreign = [home / "blobs" / "README", file.with_name("notes.txt")]
    for path in (*leftovers, *foreign):
        path.write_bytes(b"?")
    age(3, home / "blobs")
    actions.put(b"x")
    assert gc.collect(GRACE).objects == 2
    assert sorted(objects(home)) == sorted([file, *foreign])


def test_collection_refuses_to_guess(letters: object, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(GraceTooShort):
        gc.collect(timedelta(minutes=59))
    monkeypatch.setattr(registry, "_references", set())
    with pytest.raises(NothingRegistered):
        gc.collect(GRACE)


def test_collection_refuses_to_run_inside_a_transaction(
    home: Path, letters: object, age: Callable[..., None]
) -> None:
    actions.put(b"x")
    age(3, home / "blobs")
    with pytest.raises(RuntimeError), db.transaction():
        gc.collect(GRACE)
    assert len(objects(home)) == 1


def test_only_one_collection_at_a_time(letters: object) -> None:
    held = db.scalar("select pg_try_advisory_lock(%s)", (gc._LOCK,))
    assert held
    with pytest.raises(CollectionRunning):
        Worker(lambda: gc.collect(GRACE)).outcome()
    db.scalar("select pg_advisory_unlock(%s)", (gc._LOCK,))
    assert gc.collect(GRACE).rows == 0


def waits_for_a_lock() -> bool:
    db.row("select pg_stat_clear_snapshot()")  # within a transaction the view would stay as it was first read
    return bool(db.scalar("select exists (select from pg_stat_activity where wait_event_type = 'Lock')"))


def test_a_writer_that_touched_first_wins(
    home: Path, letters: Callable[[bytes], None], age: Callable[..., None]
) -> None:
    ref = actions.put(b"race")
    age(3, home / "blobs")
    with db.transaction():
        actions.put(b"race")  # touched, not committed, and nothing refers to it yet
        collector = Worker(lambda: gc.collect(GRACE))
        deadline = time.monotonic() + 30
        while not waits_for_a_lock() and time.monotonic() < deadline:
            time.sleep(0.01)
        letters(ref.digest)
    assert collector.outcome() == Collected(0, 0, 0)
    assert queries.get(ref.digest) == b"race"


def test_a_collection_that_deleted_first_lets_the_writer_write_again(
    home: Path, letters: object, age: Callable[..., None]
) -> None:
    ref = actions.put(b"race")
    age(3, home / "blobs")
    with db.transaction():
        db.execute("delete from blob_blob")  # what a collection does, not committed
        writer = Worker(lambda: actions.put(b"race"))
        deadline = time.monotonic() + 30
        while not waits_for_a_lock() and time.monotonic() < deadline:
            time.sleep(0.01)
    writer.outcome()
    gc.collect(GRACE)
    assert queries.get(ref.digest) == b"race"


def test_many_more_than_a_batch(
    home: Path, letters: Callable[[bytes], None], age: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gc, "_BATCH", 7)
    refs = [actions.put(str(number).encode()) for number in range(30)]
    for ref in refs[::3]:
        letters(ref.digest)
    age(3, home / "blobs")
    assert gc.collect(GRACE).rows == 20
    assert len(objects(home)) == 10
