"""Writing: how bytes become stored and how they are kept."""

from __future__ import annotations

import hashlib
import os
from enum import Enum
from typing import Final

import psycopg
from django.db import OperationalError

from pirab.blob import envelope, store
from pirab.blob.backend import new_locator
from pirab.blob.errors import BlobMissing, BlobStoreFull, BlobTooLarge
from pirab.blob.types import BlobRef, BlobRow
from pirab.core import db, keyring, metrics

TOUCH_SECONDS: Final = 900
"""A row touched this recently is not touched again: ten thousand copies of one letter write it once."""

_puts = metrics.counter("blob_put", "Contents handed to the blob store.", ["outcome"])
_put_time = metrics.duration("blob_put", "Time to store one content durably.")


class _Held(Enum):
    """What the store has of a digest already."""

    NOTHING = "new"
    ROW_ONLY = "healed"
    ALL = "known"


def put(data: bytes) -> BlobRef:
    """Store `data`, once however often it comes; its object is durable on return.

    The row commits with the caller's transaction, or at once where there is none. The bytes are safe from
    collection for the grace period, in which the caller makes something refer to them. Raises
    `BlobStoreFull`, `BlobStoreUnavailable`, `KeyMissing` or `BlobTooLarge`; then nothing was stored.
    """
    return put_and_tell(data)[0]


def put_and_tell(data: bytes) -> tuple[BlobRef, bool]:
    """As `put`; also whether the bytes are new, so that nothing can refer to them yet."""
    if len(data) > envelope.LARGEST_BLOB:
        raise BlobTooLarge(f"{len(data)} octets")
    digest = hashlib.sha256(data).digest()
    is_new = False
    with _put_time.time():
        # Row first: once it is touched, a collection that runs at this moment leaves the object alone.
        held, locator = _touch(digest)
        if held is not _Held.ALL:
            row = _written(digest, data)
            held_by = _inserted(row) if held is _Held.NOTHING else _healed(row, locator)
            is_new = held is _Held.NOTHING and held_by == row.locator
            if held_by != row.locator:
                store.backend().delete(row.locator)  # another writer of the same bytes was faster
    _puts.labels(held.value).inc()
    return BlobRef(digest, len(data)), is_new


def put_unseen(data: bytes) -> tuple[BlobRef, bool]:
    """As `put_and_tell`, for bytes that are hardly known: they are written without asking first."""
    if len(data) > envelope.LARGEST_BLOB:
        raise BlobTooLarge(f"{len(data)} octets")
    digest = hashlib.sha256(data).digest()
    with _put_time.time():
        row = _written(digest, data)
        is_new = _inserted(row) == row.locator
    if not is_new:
        # Known after all. What is there may have lost its object, so it is looked at as ever.
        store.backend().delete(row.locator)
        return put_and_tell(data)
    _puts.labels(_Held.NOTHING.value).inc()
    return BlobRef(digest, len(data)), True


def keep(digest: bytes) -> None:
    """Restart the grace period of a blob before a new reference to it is written; raises `BlobMissing`."""
    held, _locator = _touch(digest)
    if held is not _Held.ALL:
        raise BlobMissing(digest.hex())


def _touch(digest: bytes) -> tuple[_Held, str]:
    found = db.row(
        """
        select locator, touched_at < clock_timestamp() - make_interval(secs => %s)
          from blob_blob where digest = %s
        """,
        (TOUCH_SECONDS, digest),
    )
    if found is None:
        return _Held.NOTHING, ""
    locator, is_stale = found
    touch = "update blob_blob set touched_at = clock_timestamp() where digest = %s"
    if is_stale and not db.execute(touch, (digest,)):
        return _Held.NOTHING, ""  # collected between the two statements
    # A lost file must not turn an arriving letter into a row without bytes: the letter heals it.
    return (_Held.ROW_ONLY if store.backend().stat(locator) is None else _Held.ALL), locator


def _written(digest: bytes, data: bytes) -> BlobRow:
    """The row for an object that is written, under a data key of its own, and durable."""
    data_key = os.urandom(keyring.KEY_BYTES)
    key_id, wrapped = store.keyring().wrap(data_key)
    chunks = envelope.seal(data, digest, data_key)
    locator = new_locator(digest)
    store.backend().write(locator, chunks)
    return BlobRow(digest, len(data), sum(map(len, chunks)), locator, key_id, wrapped)


def _inserted(row: BlobRow) -> str:
    """Insert the row; returns the locator that counts, another writer's where that one was first."""
    try:
        return str(
            db.scalar(
                """
                insert into blob_blob
                       (digest, size, stored_size, locator, key_id, wrapped_key, created_at, touched_at)
                values (%s, %s, %s, %s, %s, %s, clock_timestamp(), clock_timestamp())
                    on conflict (digest) do update set touched_at = excluded.touched_at
                returning locator
                """,
                (row.digest, row.size, row.stored_size, row.locator, row.key_id, row.wrapped_key),
            )
        )
    except OperationalError as error:
        _translate_disk_full(error, row)
        raise


def _healed(row: BlobRow, lost_locator: str) -> str:
    """Point the row at the new object, unless another writer did first; returns the locator that counts."""
    changed = db.execute(
        """
        update blob_blob
           set locator = %s, stored_size = %s, key_id = %s, wrapped_key = %s, touched_at = clock_timestamp()
         where digest = %s and locator = %s
        """,
        (row.locator, row.stored_size, row.key_id, row.wrapped_key, row.digest, lost_locator),
    )
    return row.locator if changed else ""


def _translate_disk_full(error: OperationalError, row: BlobRow) -> None:
    # PostgreSQL refused the statement, so the row is certainly not there and the object may go. Any other
    # failure may hide a commit that did happen: then the object stays, and collection decides later.
    if isinstance(error.__cause__, psycopg.errors.DiskFull):
        store.backend().delete(row.locator)
        raise BlobStoreFull("database") from error
