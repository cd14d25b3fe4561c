"""Blob/lookup (rfc9404#4.3): which records of an account refer to a blob."""

from __future__ import annotations

from typing import Annotated, Final

import msgspec

from pirab.core.ids import BlobId, IdKind, encode_id
from pirab.jmap import blob_content
from pirab.jmap.arguments import AccountArguments, check_get_size
from pirab.jmap.capabilities import BLOB, BLOB_TYPES
from pirab.jmap.context import RequestContext, Right
from pirab.jmap.errors import MethodError
from pirab.jmap.registry import MethodResult, method
from pirab.store import queries
from pirab.store.errors import BlobNotFound
from pirab.store.types import BlobHolder

_KINDS: Final = {"Mailbox": IdKind.MAILBOX, "Thread": IdKind.THREAD, "Email": IdKind.EMAIL}


class BlobLookupArguments(AccountArguments, frozen=True, kw_only=True):
    """`type_names` are the types to look among. Blob ids are checked one by one, so any text may stand for one."""

    type_names: list[str]
    ids: list[Annotated[str, msgspec.Meta(max_length=255)]]


@method("Blob/lookup", capability=BLOB, arguments=BlobLookupArguments)
def handle(context: RequestContext, arguments: BlobLookupArguments) -> MethodResult:
    """A part of a message belongs to every Email with that message, its Thread and its Mailboxes."""
    account = context.account(arguments.account_id, Right.READ)
    check_get_size(arguments.ids)
    strange = [name for name in arguments.type_names if name not in BLOB_TYPES]
    if strange:
        raise MethodError("unknownDataType", f"Blobs are not looked up by {strange[0][:100]!r}.")
    blobs: dict[str, BlobId] = {}
    missing: list[str] = []
    for text in dict.fromkeys(arguments.ids):
        try:
            blobs[text] = blob_content.accessible(account, text, person=context.principal.person_id)
        except BlobNotFound:
            missing.append(text)
    holders = queries.blob_holders(account, {blob.digest for blob in blobs.values()})
    found = [
        {"id": text, "matchedIds": _matched(arguments.type_names, holders.get(blob.digest, []))}
        for text, blob in blobs.items()
    ]
    return MethodResult({"accountId": arguments.account_id, "list": found, "notFound": missing})


def _matched(type_names: list[str], holders: list[BlobHolder]) -> dict[str, list[str]]:
    keys = {
        "Email": {holder.email_id for holder in holders},
        "Thread": {holder.thread_id for holder in holders},
        "Mailbox": {box for holder in holders for box in holder.mailbox_ids},
    }
    return {name: [encode_id(_KINDS[name], key) for key in sorted(keys[name])] for name in type_names}
