"""Blob/upload (rfc9404#4.1): make blobs out of text, base64 and ranges of other blobs."""

from __future__ import annotations

import base64
import binascii
from functools import partial
from typing import Any, Final

from pirab.blob import actions as blobs
from pirab.core.ids import encode_blob_id
from pirab.jmap import media
from pirab.jmap.arguments import AccountArguments, Id, Record, check_set_count
from pirab.jmap.capabilities import BLOB, MAX_DATA_SOURCES
from pirab.jmap.context import RequestContext, Right
from pirab.jmap.email.account_blobs import AccountBlobs
from pirab.jmap.errors import SetError, invalid_properties
from pirab.jmap.limits import CORE_LIMITS
from pirab.jmap.registry import MethodResult, method
from pirab.jmap.set_outcome import SetOutcome
from pirab.store import actions as store
from pirab.store.errors import BlobNotFound

_SOURCES: Final = ("data:asText", "data:asBase64", "blobId")


class BlobUploadArguments(AccountArguments, frozen=True, kw_only=True):
    """What to make, by creation id."""

    create: dict[Id, Record]


@method("Blob/upload", capability=BLOB, arguments=BlobUploadArguments)
def handle(context: RequestContext, arguments: BlobUploadArguments) -> MethodResult:
    """Each blob is put together on its own; one may name another of the same call, in any order."""
    account = context.account(arguments.account_id, Right.WRITE)
    check_set_count(arguments.create)
    outcome = SetOutcome()
    readable = AccountBlobs(account, person=context.principal.person_id)
    waiting = dict(arguments.create)
    while waiting:
        for creation_id, record in waiting.items():
            make = partial(_create, context, account, readable, creation_id, record)
            outcome.create(creation_id, make)
        # A name of this call that was not known yet may be known now.
        left = {name: waiting[name] for name in outcome.not_created if name in waiting}
        waiting = left if len(left) < len(waiting) and any(map(_names_another, left.values())) else {}
    return MethodResult(
        {
            "accountId": arguments.account_id,
            "created": outcome.created or None,
            "notCreated": outcome.not_created or None,
        }
    )


def _names_another(record: Record) -> bool:
    data = record.get("data")
    sources = data if isinstance(data, list) else []
    return any(isinstance(each, dict) and str(each.get("blobId", "")).startswith("#") for each in sources)


def _create(
    context: RequestContext, account: int, readable: AccountBlobs, creation_id: str, record: Record
) -> dict[str, Any]:
    kind = record.get("type")
    if kind is not None and (not isinstance(kind, str) or media.media_type(kind) != kind):
        raise invalid_properties("Null or a media type is needed.", "type")
    strange = [name[:100] for name in record if name not in ("data", "type")]
    if strange:
        raise invalid_properties("Not a property of an upload.", *strange)
    blob = blobs.put(_joined(context, readable, record.get("data")))
    person = context.principal.person_id
    store.record_upload(account, blob.digest, blob.size, kind or media.OCTET_STREAM, person=person)
    name = encode_blob_id(blob.digest)
    context.record_created(creation_id, name)
    return {"id": name, "type": kind, "size": blob.size}


def _joined(context: RequestContext, readable: AccountBlobs, sources: Any) -> bytes:
    if not isinstance(sources, list) or len(sources) > MAX_DATA_SOURCES:
        raise invalid_properties(f"A list of at most {MAX_DATA_SOURCES} sources is needed.", "data")
    pieces: list[bytes] = []
    size = 0
    for source in sources:
        pieces.append(_octets(context, readable, source))
        size += len(pieces[-1])
        if size > CORE_LIMITS.max_size_upload:
            raise SetError("tooLarge", maxSize=CORE_LIMITS.max_size_upload)
    return b"".join(pieces)


def _octets(context: RequestContext, readable: AccountBlobs, source: Any) -> bytes:
    given = [name for name in _SOURCES if isinstance(source, dict) and source.get(name) is not None]
    if len(given) != 1 or not isinstance(source[given[0]], str):
        raise invalid_properties("A source has one of data:asText, data:asBase64 and blobId.", "data")
    allowed = {*_SOURCES, "offset", "length"} if given == ["blobId"] else set(_SOURCES)
    if source.keys() - allowed:
        raise invalid_properties("A source has a member it may not have.", "data")
    value: str = source[given[0]]
    match given[0]:
        case "data:asText":
            return value.encode()
        case "data:asBase64":
            return _from_base64(value)
        case _:
            return _range(_found(context, readable, value), source)


def _from_base64(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (ValueError, binascii.Error) as error:
        raise invalid_properties("data:asBase64 is no base64.", "data") from error


def _found(context: RequestContext, readable: AccountBlobs, text: str) -> bytes:
    name = context.created_ids.get(text[1:]) if text.startswith("#") else text
    try:
        if name is None:
            raise BlobNotFound
        return readable.find(name).octets
    except BlobNotFound as error:
        raise SetError("blobNotFound", notFound=[text[:256]]) from error


def _range(octets: bytes, source: dict[str, Any]) -> bytes:
    offset, length = source.get("offset"), source.get("length")
    for number in (offset, length):
        if number is not None and (not isinstance(number, int) or isinstance(number, bool) or number < 0):
            raise invalid_properties("offset and length are null or whole numbers from 0 on.", "data")
    start = offset or 0
    end = len(octets) if length is None else start + length
    if start > len(octets) or end > len(octets):
        raise invalid_properties("The range reaches past the end of the blob.", "data")
    return octets[start:end]
