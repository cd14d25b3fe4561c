"""Rotation: put every data key under the newest key of the ring. Objects are not touched."""

from __future__ import annotations

from typing import Final

from pirab.blob import store
from pirab.blob.types import BlobRow, Rotated
from pirab.core import db
from pirab.core.keyring import UnwrapFailed

_BATCH: Final = 500


def rotate_keys() -> Rotated:
    """Re-wrap every row that an older key wraps; how many were, and how many wrapped keys are damaged.

    May be stopped and run again at any time: each batch commits by itself and every row opens before and
    after. New blobs arrive meanwhile under the newest key. Raises `KeyMissing` when a row needs a key that
    is not in the ring.
    """
    ring = store.keyring()
    current = ring.current_key_id
    rewrapped = damaged = 0
    after = b""
    while batch := db.rows(
        """
        select digest, size, stored_size, locator, key_id, wrapped_key
          from blob_blob where digest > %s and key_id <> %s order by digest limit %s
        """,
        (after, current, _BATCH),
    ):
        with db.transaction():
            for fields in batch:
                try:
                    rewrapped += _rewrap(BlobRow(*fields))
                except UnwrapFailed:
                    damaged += 1  # one bad row must not keep the others under an old key; verify names it
        after = batch[-1][0]
    return Rotated(rewrapped, damaged)


def keys_in_use() -> dict[str, int]:
    """How many rows each key wraps; a key that is absent here may leave the ring. Reads the whole table."""
    counts = db.rows("select key_id, count(*) from blob_blob group by key_id order by key_id")
    return {str(key_id): int(count) for key_id, count in counts}


def _rewrap(row: BlobRow) -> int:
    ring = store.keyring()
    key_id, wrapped = ring.wrap(ring.unwrap(row.key_id, row.wrapped_key))
    # The row may have been healed (another data key) since it was read: then it already has a newer wrapping.
    return db.execute(
        "update blob_blob set key_id = %s, wrapped_key = %s where digest = %s and wrapped_key = %s",
        (key_id, wrapped, row.digest, row.wrapped_key),
    )
