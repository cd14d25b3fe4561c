"""From an Email object to an Email: compose the message, make it durable, put it into the account (rfc8621#4.6)."""

from __future__ import annotations

import uuid
from typing import Any

import msgspec
from django.conf import settings

from pirab.core.ids import IdKind, encode_blob_id, encode_id
from pirab.jmap.context import RequestContext
from pirab.jmap.email.account_blobs import AccountBlobs
from pirab.jmap.email.draft import Draft, read_draft
from pirab.jmap.email.draft_body import DraftPart
from pirab.jmap.email.draft_message import check_size, write_message
from pirab.jmap.email.problems import Problems
from pirab.jmap.errors import SetError
from pirab.jmap.limits import MAX_SIZE_ATTACHMENTS
from pirab.store import actions
from pirab.store.errors import BlobNotFound
from pirab.store.types import EmailRow, MessageRef


class Composed(msgspec.Struct, frozen=True):
    """A message that is durable, and where it goes."""

    draft: Draft
    message: MessageRef


class Composer:
    """Composes the messages of one Email/set."""

    def __init__(self, context: RequestContext, account: int) -> None:
        self._context = context
        self._blobs = AccountBlobs(account, person=context.principal.person_id)

    def compose(self, record: dict[str, Any]) -> Composed:
        """The message `record` describes, its bytes durable; raises SetError."""
        draft = read_draft(self._context, record)
        raw = write_message(draft, self._contents(draft.body), self._message_id(), self._context.now())
        check_size(raw, settings.ENVIRONMENT.message_size_limit)
        return Composed(draft, actions.ensure_message(raw))

    def _contents(self, body: DraftPart) -> dict[str, bytes]:
        """The octets of every blob the parts name; raises `blobNotFound` with all that are missing."""
        problems = Problems()
        contents: dict[str, bytes] = {}
        size = 0
        for blob_id in _blob_ids(body):
            if blob_id not in contents:
                try:
                    contents[blob_id] = self._blobs.find(blob_id).octets
                except BlobNotFound:
                    problems.add_missing_blob(blob_id)
                    continue
            size += len(contents[blob_id])
            if size > MAX_SIZE_ATTACHMENTS:
                raise SetError("tooLarge", f"Attachments of more than {MAX_SIZE_ATTACHMENTS} octets.")
        problems.raise_if_any()
        return contents

    def _message_id(self) -> str:
        domain = self._context.principal.email.rpartition("@")[2]
        return f"{uuid.uuid4()}@{domain if domain.isascii() and domain else 'localhost'}"


def file_email(account: int, ready: Composed, *, viewer: int | None) -> dict[str, Any]:
    """Put a composed message into the account; what the client does not know of the new Email. Raises store errors.

    `viewer` is the person whose own `$seen` and `$flagged` the draft has in a shared account.
    """
    draft = ready.draft
    row = actions.create_email(
        account, ready.message, draft.mailbox_ids, draft.keywords, draft.received_at, viewer=viewer
    )
    return created_properties(row, ready.message)


def created_properties(row: EmailRow, message: MessageRef) -> dict[str, Any]:
    """What a create, import or copy answers with (rfc8621#4.6, #4.7, #4.8)."""
    return {
        "id": encode_id(IdKind.EMAIL, row.id),
        "blobId": encode_blob_id(message.digest),
        "threadId": encode_id(IdKind.THREAD, row.thread_id),
        "size": message.size,
    }


def _blob_ids(part: DraftPart) -> list[str]:
    own = [] if part.blob_id is None else [part.blob_id]
    return own + [blob_id for below in part.sub_parts for blob_id in _blob_ids(below)]
