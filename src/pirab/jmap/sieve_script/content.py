"""The octets of a script that a client names by a blob id."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from pirab.core.ids import IdKind, encode_id
from pirab.filtering.errors import NameTaken, ScriptInvalid
from pirab.jmap.email.account_blobs import AccountBlobs
from pirab.jmap.errors import SetError
from pirab.store.errors import BlobNotFound


def script_octets(blobs: AccountBlobs, blob_id: str) -> bytes:
    """The octets; raises the SetError `blobNotFound` (rfc8621#4.6) for a blob the account cannot read."""
    try:
        return blobs.find(blob_id).octets
    except BlobNotFound as error:
        raise SetError("blobNotFound", "There is no such blob.", notFound=[blob_id]) from error


@contextmanager
def telling_why() -> Iterator[None]:
    """Turn refusals whose details a client needs into SetErrors that carry them (rfc9661#2.4)."""
    try:
        yield
    except ScriptInvalid as error:
        raise SetError(error.kind, error.detail) from error
    except NameTaken as error:
        raise SetError(error.kind, existingId=encode_id(IdKind.SIEVE, error.script_id)) from error
