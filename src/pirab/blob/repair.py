"""Repair: the only code that changes what `verify` found damaged.

A missing or damaged object is brought back from a second blob directory (a backup, a replica) when that one
holds the object and it opens to the right bytes. A damaged object that cannot be replaced is moved aside
under `<root>/set-aside/`, never deleted, so that the next arrival of the same bytes heals the row.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from pirab.blob import queries, store, verify
from pirab.blob.backend import BlobBackend
from pirab.blob.errors import BlobCorrupt, BlobMissing, BlobStoreUnavailable
from pirab.blob.types import BlobRow, Finding, FindingKind, RepairOutcome


def repair(backup: BlobBackend | None = None) -> Iterator[tuple[Finding, RepairOutcome]]:
    """Look for damaged blobs and mend each as far as possible, saying what was done, one by one."""
    for finding in verify.damaged_blobs():
        yield finding, _mend(finding, backup)


def _mend(finding: Finding, backup: BlobBackend | None) -> RepairOutcome:
    row = None if finding.digest is None else queries.row_of(finding.digest)
    if row is None or finding.kind not in (FindingKind.MISSING, FindingKind.CORRUPT):
        return RepairOutcome.BEYOND_REPAIR
    if backup is not None and _is_sound(row, backup):
        if finding.kind is FindingKind.CORRUPT:
            store.backend().set_aside(row.locator)
        store.backend().write(row.locator, [backup.read(row.locator)])
        return RepairOutcome.RESTORED
    if finding.kind is FindingKind.CORRUPT:
        store.backend().set_aside(row.locator)
        return RepairOutcome.SET_ASIDE
    return RepairOutcome.BEYOND_REPAIR


def _is_sound(row: BlobRow, backup: BlobBackend) -> bool:
    try:
        content = queries.open_object(row, backup)
    except (BlobMissing, BlobCorrupt, BlobStoreUnavailable):
        return False
    return hashlib.sha256(content).digest() == row.digest
