"""Verification: compare rows, objects, keys and references, and only read.

Every object is opened and its SHA-256 computed, so what is found sound is sound. On a busy system a blob
may arrive or be collected while we look: a finding about a row is looked at twice before it is reported.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from psycopg import sql

from pirab.blob import gc, queries, store
from pirab.blob.backend import locator_digest
from pirab.blob.errors import BlobCorrupt, BlobMissing, BlobStoreUnavailable
from pirab.blob.registry import references
from pirab.blob.types import BlobRow, Finding, FindingKind
from pirab.core import clock, db
from pirab.core.keyring import KeyMissing

_BATCH: Final = 1000


def verify(grace: timedelta = gc.DEFAULT_GRACE) -> Iterator[Finding]:
    """Everything that is not as it should be, as it is found; an object younger than `grace` needs no row."""
    yield from damaged_blobs()
    for table, column in references():
        yield from _dangling(table, column)
    yield from _strangers(grace)


def damaged_blobs() -> Iterator[Finding]:
    """Rows whose content cannot be had, with the reason."""
    for batch in queries.all_rows():
        for row in batch:
            if _damage(row) is not None and (again := _second_look(row)) is not None:
                yield again


def _second_look(row: BlobRow) -> Finding | None:
    """The row may have been collected, healed or re-wrapped since its batch was read."""
    current = queries.row_of(row.digest)
    kind = None if current is None else _damage(current)
    if current is None or kind is None:
        return None
    return Finding(kind, current.digest, current.locator)


def _damage(row: BlobRow) -> FindingKind | None:
    try:
        content = queries.open_object(row)
    except BlobMissing:
        return FindingKind.MISSING
    except KeyMissing:
        return FindingKind.KEY_MISSING
    except BlobCorrupt:
        return FindingKind.CORRUPT
    except BlobStoreUnavailable:
        return FindingKind.UNREADABLE
    return None if hashlib.sha256(content).digest() == row.digest else FindingKind.CORRUPT


def _dangling(table: str, column: str) -> Iterator[Finding]:
    statement = sql.SQL(
        """
        select distinct r.{column} from {table} r
         where r.{column} > %s and not exists (select from blob_blob b where b.digest = r.{column})
         order by 1 limit %s
        """
    ).format(table=sql.Identifier(table), column=sql.Identifier(column))
    after = b""
    while batch := db.rows(statement, (after, _BATCH)):
        for (digest,) in batch:
            yield Finding(FindingKind.DANGLING, digest, f"{table}.{column}")
        after = batch[-1][0]


def _strangers(grace: timedelta) -> Iterator[Finding]:
    cutoff = clock.now() - grace
    old = (found for found in store.backend().list() if found.modified_at < cutoff)
    for found, kind in gc.strangers(old):
        yield Finding(kind, locator_digest(found.locator), found.locator)
