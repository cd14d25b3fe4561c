"""Collection: remove what nobody refers to, rows first and objects after.

A row goes when it was not touched within the grace period and no registered reference names it; both are
looked at in the statement that deletes it, so a row touched meanwhile stays. An object goes when it is
older than the grace period and no row names it: the leftover of a crash, of a rolled-back transaction, or
of a row just removed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import islice
from typing import Final

from psycopg import sql

from pirab.blob import store
from pirab.blob.backend import TEMPORARY_PREFIX, locator_digest
from pirab.blob.errors import CollectionRunning, GraceTooShort, NothingRegistered
from pirab.blob.registry import references
from pirab.blob.types import Collected, FindingKind, StoredObject
from pirab.core import clock, db

DEFAULT_GRACE: Final = timedelta(days=1)
SHORTEST_GRACE: Final = timedelta(hours=1)
"""Far longer than any transaction between `put` and the first reference, and than `actions.TOUCH_SECONDS`."""

_BATCH: Final = 1000
_LOCK: Final = 7_241_001
"""Number of the advisory lock that keeps two collections apart."""


def collect(grace: timedelta = DEFAULT_GRACE) -> Collected:
    """Remove every blob that was not touched within `grace` and that no registered reference names.

    Not to be called inside a transaction: rows must be gone for good before their objects are. Raises
    `GraceTooShort`, `NothingRegistered` (then everything would look unused) and `CollectionRunning`.
    """
    if grace < SHORTEST_GRACE:
        raise GraceTooShort(f"{grace}, at least {SHORTEST_GRACE}")
    if not references():
        raise NothingRegistered
    with _only_one():
        rows, row_octets = _collect_rows(grace)
        objects, object_octets = _collect_objects(grace)
    return Collected(rows, objects, row_octets + object_octets)


def strangers(objects: Iterable[StoredObject]) -> Iterator[tuple[StoredObject, FindingKind]]:
    """Those `objects` that no row names: `UNCLAIMED` when ours, `FOREIGN` when Pirab never wrote them."""
    objects = iter(objects)
    while batch := list(islice(objects, _BATCH)):
        ours = [digest for found in batch if (digest := locator_digest(found.locator)) is not None]
        named = {
            locator for (locator,) in db.rows("select locator from blob_blob where digest = any(%s)", (ours,))
        }
        for found in batch:
            if found.locator not in named:
                is_ours = locator_digest(found.locator) is not None or _is_unfinished(found)
                yield found, FindingKind.UNCLAIMED if is_ours else FindingKind.FOREIGN


def _is_unfinished(found: StoredObject) -> bool:
    """Whether an object is the beginning of one whose writer died."""
    return found.locator.rpartition("/")[2].startswith(TEMPORARY_PREFIX)


def _collect_rows(grace: timedelta) -> tuple[int, int]:
    cutoff = db.scalar("select clock_timestamp() - %s", (grace,))
    removed = octets = 0
    for digests in _untouched_since(cutoff):
        with db.durable_transaction():
            gone = db.rows(_delete_unused(), {"digests": digests, "cutoff": cutoff})
        for locator, stored_size in gone:
            store.backend().delete(locator)
            octets += stored_size
        removed += len(gone)
    return removed, octets


def _untouched_since(cutoff: datetime) -> Iterator[list[bytes]]:
    after = b""
    while batch := db.rows(
        "select digest from blob_blob where digest > %s and touched_at < %s order by digest limit %s",
        (after, cutoff, _BATCH),
    ):
        digests = [digest for (digest,) in batch]
        yield digests
        after = digests[-1]


def _delete_unused() -> sql.Composed:
    unused = [
        sql.SQL(" and not exists (select from {} r where r.{} = b.digest)").format(
            sql.Identifier(table), sql.Identifier(column)
        )
        for table, column in references()
    ]
    statement = sql.SQL(
        "delete from blob_blob b where b.digest = any(%(digests)s) and b.touched_at < %(cutoff)s{} "
        "returning b.locator, b.stored_size"
    )
    return statement.format(sql.Composed(unused))


def _collect_objects(grace: timedelta) -> tuple[int, int]:
    cutoff = clock.now() - grace
    removed = octets = 0
    for found, kind in strangers(found for found in store.backend().list() if found.modified_at < cutoff):
        if kind is FindingKind.UNCLAIMED:
            store.backend().delete(found.locator)
            removed += 1
            octets += found.size
    return removed, octets


@contextmanager
def _only_one() -> Iterator[None]:
    if not db.scalar("select pg_try_advisory_lock(%s)", (_LOCK,)):
        raise CollectionRunning
    try:
        yield
    finally:
        db.scalar("select pg_advisory_unlock(%s)", (_LOCK,))
