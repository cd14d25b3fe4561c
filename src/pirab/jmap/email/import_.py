"""Email/import (rfc8621#4.8)."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

import msgspec

from pirab.core import db
from pirab.core.errors import PirabError
from pirab.jmap.arguments import AccountArguments, Id, Record, StateText
from pirab.jmap.capabilities import MAIL
from pirab.jmap.context import RequestContext, Right
from pirab.jmap.email.account_blobs import AccountBlobs
from pirab.jmap.email.creation import created_properties
from pirab.jmap.email.membership import read_keywords, read_mailbox_ids, read_received_at
from pirab.jmap.email.message_blob import is_message, newest_received
from pirab.jmap.email.refusals import email_set_error
from pirab.jmap.email.state import require_email_state
from pirab.jmap.errors import SetError, invalid_properties, too_large
from pirab.jmap.limits import CORE_LIMITS
from pirab.jmap.registry import MethodResult, method
from pirab.jmap.states import hold_state
from pirab.store import actions, queries
from pirab.store.errors import BlobNotFound
from pirab.store.types import MessageRef, ObjectType

_PROPERTIES: Final = frozenset({"blobId", "mailboxIds", "keywords", "receivedAt"})


class EmailImportArguments(AccountArguments, frozen=True, kw_only=True):
    """The arguments of rfc8621#4.8."""

    if_in_state: StateText | None = None
    emails: dict[Id, Record]


class _Import(msgspec.Struct, frozen=True):
    """One message that is durable, and where it goes."""

    message: MessageRef
    mailbox_ids: frozenset[int]
    keywords: frozenset[str]
    received_at: datetime


@method("Email/import", capability=MAIL, arguments=EmailImportArguments)
def handle(context: RequestContext, arguments: EmailImportArguments) -> MethodResult:
    """Uploaded messages become Emails; each succeeds or fails by itself, unchanged to the last octet."""
    account = context.account(arguments.account_id, Right.WRITE)
    if len(arguments.emails) > CORE_LIMITS.max_objects_in_set:
        raise too_large("emails", CORE_LIMITS.max_objects_in_set)
    require_email_state(account, arguments.if_in_state)
    not_created: dict[str, dict[str, Any]] = {}
    blobs = AccountBlobs(account, person=context.principal.person_id)
    ready = _read_all(context, blobs, arguments.emails, not_created)
    created: dict[str, dict[str, Any]] = {}
    with db.transaction():
        old_state = hold_state(account, ObjectType.EMAIL, arguments.if_in_state)
        for creation_id, each in ready.items():
            try:
                row = actions.create_email(
                    account,
                    each.message,
                    each.mailbox_ids,
                    each.keywords,
                    each.received_at,
                    viewer=context.viewer(account),
                )
            except PirabError as error:
                not_created[creation_id] = email_set_error(error).as_object()
                continue
            created[creation_id] = created_properties(row, each.message)
            context.record_created(creation_id, created[creation_id]["id"])
        new_state = queries.states(account).of(ObjectType.EMAIL)
    return MethodResult(
        {
            "accountId": arguments.account_id,
            "oldState": str(old_state),
            "newState": str(new_state),
            "created": created or None,
            "notCreated": not_created or None,
        }
    )


def _read_all(
    context: RequestContext,
    blobs: AccountBlobs,
    emails: dict[str, dict[str, Any]],
    not_created: dict[str, dict[str, Any]],
) -> dict[str, _Import]:
    """Every import that can be tried, its bytes stored as a message; the others go to `not_created`."""
    ready: dict[str, _Import] = {}
    for creation_id, record in emails.items():
        try:
            ready[creation_id] = _read(context, blobs, record)
        except PirabError as error:
            not_created[creation_id] = email_set_error(error).as_object()
    return ready


def _read(context: RequestContext, blobs: AccountBlobs, record: dict[str, Any]) -> _Import:
    strange = [name for name in record if name not in _PROPERTIES]
    if strange:
        raise invalid_properties("No such property of an EmailImport.", *strange)
    mailbox_ids = read_mailbox_ids(context, record.get("mailboxIds"))
    keywords = read_keywords(record.get("keywords"))
    raw = _message(blobs, record.get("blobId"))
    received_at = record.get("receivedAt")
    moment = read_received_at(received_at, context.now())
    if received_at is None:
        moment = newest_received(raw) or moment
    return _Import(actions.ensure_message(raw), mailbox_ids, keywords, moment)


def _message(blobs: AccountBlobs, blob_id: Any) -> bytes:
    try:
        if not isinstance(blob_id, str):
            raise BlobNotFound
        raw = blobs.find(blob_id).octets
    except BlobNotFound as error:
        # rfc8621#4.8: a blob that is not found is a bad property here, not blobNotFound.
        raise invalid_properties("No such blob.", "blobId") from error
    if not is_message(raw):
        raise SetError("invalidEmail", "The blob does not start with a header field.")
    return raw
