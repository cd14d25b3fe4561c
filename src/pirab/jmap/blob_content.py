"""The octets a blob id stands for: a whole blob, or a section of it with its transfer encoding undone."""

from __future__ import annotations

from typing import Final

from pirab.blob.errors import BlobMissing
from pirab.core.ids import BlobId, IdError, Section, SectionEncoding, decode_blob_id
from pirab.store import queries as store
from pirab.store.errors import BlobNotFound
from pirab.wire.mime.transfer import decode_octets

_ENCODING_NAMES: Final = {
    SectionEncoding.IDENTITY: "8bit",
    SectionEncoding.BASE64: "base64",
    SectionEncoding.QUOTED_PRINTABLE: "quoted-printable",
    SectionEncoding.UUENCODE: "x-uuencode",
}


def accessible(account_id: int, blob_id: str, *, person: int) -> BlobId:
    """The blob `blob_id` names, if `person` may read it in the account; raises `BlobNotFound` for all others alike."""
    try:
        blob = decode_blob_id(blob_id)
    except IdError as error:
        raise BlobNotFound() from error
    store.access_blob(account_id, blob.digest, person=person)
    return blob


def content(blob: BlobId) -> bytes:
    """The octets of `blob`; ask `accessible` first. Raises `BlobNotFound` for a section outside the blob."""
    try:
        raw = store.message_bytes(blob.digest)
    except BlobMissing as error:
        raise BlobNotFound() from error
    return raw if blob.section is None else cut(raw, blob.section)


def cut(raw: bytes, section: Section) -> bytes:
    """The octets of `section` of the blob `raw`; raises `BlobNotFound` when it reaches past the end."""
    end = section.start + section.length
    if end > len(raw):
        raise BlobNotFound()
    return decode_octets(raw[section.start : end], _ENCODING_NAMES[section.encoding])
