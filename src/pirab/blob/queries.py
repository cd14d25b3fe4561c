"""Reading: the only way from a digest to its bytes."""

from __future__ import annotations

from collections.abc import Iterator

from pirab.blob import envelope, store
from pirab.blob.backend import BlobBackend
from pirab.blob.errors import BlobCorrupt, BlobMissing
from pirab.blob.types import BlobRow, BlobStat
from pirab.core import db, metrics
from pirab.core.keyring import UnwrapFailed

BATCH = 1000
"""Rows fetched at a time by whoever walks the whole table."""

_read_octets = metrics.counter("blob_read_octets", "Octets of content read from the blob store.")


def get(digest: bytes) -> bytes:
    """The bytes, complete and unchanged.

    Raises `BlobMissing` when there are none, `BlobCorrupt` when they are damaged, `KeyMissing` when their
    key is not in the key ring, `BlobStoreUnavailable` when the medium refuses.
    """
    row = row_of(digest)
    if row is None:
        raise BlobMissing(digest.hex())
    content = open_object(row)
    _read_octets.inc(len(content))
    return content


def stat(digest: bytes) -> BlobStat:
    """Size and times without the bytes; raises `BlobMissing`."""
    found = db.row(
        "select size, stored_size, created_at, touched_at from blob_blob where digest = %s", (digest,)
    )
    if found is None:
        raise BlobMissing(digest.hex())
    return BlobStat(digest, *found)


def row_of(digest: bytes) -> BlobRow | None:
    """The row of one blob."""
    found = db.row(
        "select size, stored_size, locator, key_id, wrapped_key from blob_blob where digest = %s", (digest,)
    )
    return None if found is None else BlobRow(digest, *found)


def open_object(row: BlobRow, backend: BlobBackend | None = None) -> bytes:
    """The content of one row, out of the store or another `backend`; raises as `get` does."""
    try:
        data_key = store.keyring().unwrap(row.key_id, row.wrapped_key)
    except UnwrapFailed as error:
        raise BlobCorrupt(row.digest.hex()) from error
    return envelope.unseal((backend or store.backend()).read(row.locator), row.digest, data_key, row.size)


def all_rows() -> Iterator[list[BlobRow]]:
    """Every row, in batches ordered by digest (index: primary key). Rows added meanwhile may be missed."""
    after = b""
    while batch := db.rows(
        """
        select digest, size, stored_size, locator, key_id, wrapped_key
          from blob_blob where digest > %s order by digest limit %s
        """,
        (after, BATCH),
    ):
        yield [BlobRow(*fields) for fields in batch]
        after = batch[-1][0]
