"""The bytes behind a blob id, for one person in one account within one call (rfc8620#6).

A blob id names whole bytes or a section of them with a transfer encoding to undo (`pirab.core.ids`). Both are reached
only through an account that may read the whole; absent, malformed and somebody else's look the same.
"""

from __future__ import annotations

from typing import ClassVar, Final

import msgspec

from pirab.blob.errors import BlobMissing
from pirab.core.errors import PirabError
from pirab.core.ids import Section, SectionEncoding
from pirab.jmap import blob_content
from pirab.jmap.limits import CORE_LIMITS
from pirab.store import queries
from pirab.store.errors import BlobNotFound

MAX_OCTETS_IN_CALL: Final = 4 * CORE_LIMITS.max_size_upload
"""Octets one call may have read: naming one large blob a thousand times costs the caller nothing."""


class BudgetSpent(PirabError):
    """Too much was read in one call; send the rest in the next one."""

    kind: ClassVar[str] = "rateLimit"


class FoundBlob(msgspec.Struct, frozen=True):
    """Octets, and where they lie: in the stored blob `digest` from `offset` on, or nowhere as they are (None) when a
    transfer encoding was undone."""

    octets: bytes
    digest: bytes
    offset: int | None


class AccountBlobs:
    """Reads blobs that `person` may read in `account`.

    Keeps the last whole blob, for parts of one message come in a row.
    """

    def __init__(self, account: int, *, person: int) -> None:
        self._account = account
        self._person = person
        self._digest: bytes | None = None
        self._whole = b""
        self._left = MAX_OCTETS_IN_CALL

    def find(self, blob_id: str) -> FoundBlob:
        """The bytes of `blob_id`; raises `BlobNotFound`, also for a section that reaches past the end, and
        `BudgetSpent` (for one record the SetError `rateLimit`) when the call has read too much."""
        name = blob_content.accessible(self._account, blob_id, person=self._person)
        whole = self._read(name.digest)
        self._left -= len(whole) if name.section is None else name.section.length
        if self._left < 0:
            raise BudgetSpent
        if name.section is None:
            return FoundBlob(whole, name.digest, 0)
        octets = blob_content.cut(whole, name.section)
        return FoundBlob(octets, name.digest, _offset(name.section))

    def _read(self, digest: bytes) -> bytes:
        if digest != self._digest:
            try:
                self._whole = queries.message_bytes(digest)
            except BlobMissing as error:
                raise BlobNotFound from error
            self._digest = digest
        return self._whole


def _offset(section: Section) -> int | None:
    return section.start if section.encoding is SectionEncoding.IDENTITY else None
