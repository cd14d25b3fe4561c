"""Blob/copy (rfc8620#6.3)."""

from __future__ import annotations

from typing import Annotated, Any, Final

import msgspec

from pirab.blob import actions as blobs
from pirab.blob import queries as blob_queries
from pirab.core import db
from pirab.core.ids import BlobId, encode_blob_id
from pirab.jmap import blob_content
from pirab.jmap.arguments import AccountArguments, Id
from pirab.jmap.capabilities import CORE
from pirab.jmap.context import RequestContext, Right
from pirab.jmap.errors import MethodError, invalid_arguments, too_large
from pirab.jmap.limits import CORE_LIMITS
from pirab.jmap.media import OCTET_STREAM
from pirab.jmap.registry import MethodResult, method
from pirab.store import actions as store
from pirab.store.errors import BlobNotFound

_NOT_FOUND: Final = {"type": "blobNotFound"}


class BlobCopyArguments(AccountArguments, frozen=True, kw_only=True):
    """From where, to where, what. Blob ids are checked one by one, so any text may stand for one."""

    from_account_id: Id
    blob_ids: list[Annotated[str, msgspec.Meta(max_length=255)]]


@method("Blob/copy", capability=CORE, arguments=BlobCopyArguments)
def handle(context: RequestContext, arguments: BlobCopyArguments) -> MethodResult:
    """Let one account use blobs of another; nothing is stored twice."""
    if arguments.from_account_id == arguments.account_id:
        raise invalid_arguments("The two accounts must differ.", "fromAccountId")
    source = _source(context, arguments.from_account_id)
    target = context.account(arguments.account_id, Right.WRITE)
    if len(arguments.blob_ids) > CORE_LIMITS.max_objects_in_set:
        raise too_large("blobs", CORE_LIMITS.max_objects_in_set)
    person = context.principal.person_id
    copied: dict[str, str] = {}
    not_copied: dict[str, Any] = {}
    for blob_id in dict.fromkeys(arguments.blob_ids):
        try:
            blob = blob_content.accessible(source, blob_id, person=person)
            copied[blob_id] = _copy(blob, target, person)
        except BlobNotFound:
            not_copied[blob_id] = _NOT_FOUND
    return MethodResult(
        {
            "fromAccountId": arguments.from_account_id,
            "accountId": arguments.account_id,
            "copied": copied or None,
            "notCopied": not_copied or None,
        }
    )


def _source(context: RequestContext, account_id: str) -> int:
    try:
        return context.account(account_id, Right.READ)
    except MethodError as error:
        raise MethodError("fromAccountNotFound") from error


def _copy(blob: BlobId, target: int, person: int) -> str:
    """Put the blob among the person's uploads in the target; returns its id there."""
    with db.transaction():
        if blob.section is None:
            size = blob_queries.stat(blob.digest).size
            blobs.keep(blob.digest)
            digest = blob.digest
        else:
            # A part becomes a blob of its own: with the whole's digest the target could read the whole letter.
            part = blobs.put(blob_content.content(blob))
            digest, size = part.digest, part.size
        store.record_upload(target, digest, size, OCTET_STREAM, person=person)
    return encode_blob_id(digest)
