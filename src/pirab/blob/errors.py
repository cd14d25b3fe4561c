"""What can go wrong with stored bytes."""

from __future__ import annotations

from pirab.core.errors import PirabError, TemporaryError


class BlobError(PirabError):
    """Stored bytes cannot be had."""


class BlobMissing(BlobError):
    """No bytes are stored under this digest."""


class BlobCorrupt(BlobError):
    """Stored bytes are damaged: run `./pirab blob verify` and restore them from the backup"""


class BlobStoreUnavailable(BlobError, TemporaryError):
    """The blob store cannot be written or read at present."""


class BlobStoreFull(BlobStoreUnavailable):
    """The blob store has no room left."""


class BlobTooLarge(BlobError):
    """More bytes than one blob may hold."""


class GraceTooShort(BlobError):
    """A grace period this short could remove bytes that are being delivered right now."""


class NothingRegistered(BlobError):
    """No table has registered its references to blobs, so every blob would look unused."""


class CollectionRunning(BlobError):
    """Another collection is running."""
