"""Where objects lie: the few verbs every medium has, and the first medium, a directory.

A locator is `aa/bb/<digest>-<nonce>`: the first two octets of the digest in hexadecimal, the whole digest,
and eight random octets, so that two writers of one content never share an object.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from typing import Final, Protocol

from pirab.blob.types import StoredObject

TEMPORARY_PREFIX: Final = ".new-"
"""How the name of an unfinished file begins; a crash may leave one behind."""

_LOCATOR: Final = re.compile(r"([0-9a-f]{2})/([0-9a-f]{2})/(\1\2[0-9a-f]{60})-[0-9a-f]{16}", re.ASCII)


class BlobBackend(Protocol):
    """A medium for immutable objects."""

    def write(self, locator: str, chunks: Sequence[bytes]) -> None:
        """Store the chunks, joined, under a new locator; durable on return, absent after any error.

        Raises `BlobStoreFull` or `BlobStoreUnavailable`.
        """

    def read(self, locator: str) -> bytes:
        """The whole object; raises `BlobMissing` or `BlobStoreUnavailable`."""

    def stat(self, locator: str) -> StoredObject | None:
        """The object without its bytes, or None when it is not there; raises `BlobStoreUnavailable`."""

    def delete(self, locator: str) -> None:
        """Remove the object; one that is not there is fine. Raises `BlobStoreUnavailable`."""

    def set_aside(self, locator: str) -> None:
        """Move a damaged object out of the way without losing it; `list` no longer shows it.

        Raises `BlobMissing` or `BlobStoreUnavailable`.
        """

    def list(self) -> Iterator[StoredObject]:
        """Everything there, foreign and unfinished files too, in bounded memory and no particular order."""


def new_locator(digest: bytes) -> str:
    """A fresh name for an object that will hold the content of `digest` (32 octets)."""
    name = digest.hex()
    return f"{name[:2]}/{name[2:4]}/{name}-{os.urandom(8).hex()}"


def locator_digest(locator: str) -> bytes | None:
    """The digest a locator was made for; None for a name that `new_locator` never makes."""
    match = _LOCATOR.fullmatch(locator)
    return bytes.fromhex(match[3]) if match else None
