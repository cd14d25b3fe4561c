"""Values that leave and enter the blob app."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import msgspec


class BlobRef(msgspec.Struct, frozen=True):
    """Bytes that are stored: their SHA-256 `digest` (32 octets) and `size` in octets before compression."""

    digest: bytes
    size: int


class BlobStat(msgspec.Struct, frozen=True):
    """What the row says: sizes in octets (`stored_size` after compression and encryption), times in UTC."""

    digest: bytes
    size: int
    stored_size: int
    created_at: datetime
    touched_at: datetime


class StoredObject(msgspec.Struct, frozen=True):
    """One object of a backend: its `locator`, its `size` in octets and when it was written (UTC)."""

    locator: str
    size: int
    modified_at: datetime


class BlobRow(msgspec.Struct, frozen=True):
    """Where one blob is and how to open it; never leaves this app."""

    digest: bytes
    size: int
    stored_size: int
    locator: str
    key_id: str
    wrapped_key: bytes


class FindingKind(StrEnum):
    """What `verify` can find."""

    MISSING = "missing"
    """A row names an object that is not there."""
    CORRUPT = "corrupt"
    """An object does not decrypt to the bytes its row promises."""
    KEY_MISSING = "key-missing"
    """A row needs a key that is not in the key ring."""
    DANGLING = "dangling"
    """A registered reference names a digest that has no row."""
    UNCLAIMED = "unclaimed"
    """An object that no row names, older than the grace period."""
    FOREIGN = "foreign"
    """A file that Pirab did not write."""
    UNREADABLE = "unreadable"
    """The medium refused to read an object: it may be sound."""


class Finding(msgspec.Struct, frozen=True):
    """One thing `verify` found: the digest if known, and where it lies (a locator or table.column)."""

    kind: FindingKind
    digest: bytes | None
    place: str


class RepairOutcome(StrEnum):
    """What `repair` did about a finding."""

    RESTORED = "restored"
    """The object is back, taken from the backup and proven by its digest."""
    SET_ASIDE = "set-aside"
    """The damaged object was moved out of the way: the next arrival of the same bytes heals it."""
    BEYOND_REPAIR = "beyond-repair"
    """Nothing here can mend it: it needs a backup that holds it."""


class Collected(msgspec.Struct, frozen=True):
    """What one collection removed: rows, unclaimed objects, and octets of the medium."""

    rows: int
    objects: int
    octets: int


class Rotated(msgspec.Struct, frozen=True):
    """What one rotation did: rows now under the newest key, and rows whose wrapped key is damaged."""

    rewrapped: int
    damaged: int
