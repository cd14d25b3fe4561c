"""Email objects from the account's rows: the properties a message list needs, without touching a message's bytes.

Addresses travel from the database to the response as the JSON they were stored in; a plan is compiled once a call into
a list of small functions, so that an email costs one dictionary.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any, Final

from pirab.core.ids import IdKind, encode_blob_id, encode_id
from pirab.jmap.email.properties import PropertyPlan, abbreviation
from pirab.store.types import EmailView

RowValue = Callable[[EmailView], Any]


@lru_cache(maxsize=4096)
def mailbox_id(key: int) -> str:
    """The id of a Mailbox; cached because every email of a list repeats a few of them."""
    return encode_id(IdKind.MAILBOX, key)


@lru_cache(maxsize=4096)
def _keyword_map(keywords: frozenset[str]) -> dict[str, bool]:
    return dict.fromkeys(sorted(keywords), True)


ROW_VALUES: Final[dict[str, RowValue]] = {
    "id": lambda view: encode_id(IdKind.EMAIL, view.email.id),
    "blobId": lambda view: encode_blob_id(view.digest),
    "threadId": lambda view: encode_id(IdKind.THREAD, view.email.thread_id),
    "mailboxIds": lambda view: {mailbox_id(key): True for key in view.email.mailbox_ids},
    "keywords": lambda view: _keyword_map(view.email.keywords),
    "size": lambda view: view.email.size,
    "receivedAt": lambda view: view.email.received_at,
    "hasAttachment": lambda view: view.envelope.has_attachment,
    "preview": lambda view: view.envelope.preview,
    "messageId": lambda view: view.envelope.message_id,
    "inReplyTo": lambda view: view.envelope.in_reply_to,
    "references": lambda view: view.envelope.references,
    "sender": lambda view: view.envelope.sender,
    "from": lambda view: view.envelope.from_,
    "to": lambda view: view.envelope.to,
    "cc": lambda view: view.envelope.cc,
    "bcc": lambda view: view.envelope.bcc,
    "replyTo": lambda view: view.envelope.reply_to,
    "subject": lambda view: view.envelope.subject,
    "sentAt": lambda view: view.envelope.sent_at,
}
"""How each property of `Depth.ROW` is read from a row."""


def compile_row_plan(plan: PropertyPlan) -> list[tuple[str, RowValue]]:
    """The properties of `plan` that a row answers, each with its reader, in the order asked."""
    compiled = [(name, ROW_VALUES[name]) for name in plan.names if name in ROW_VALUES]
    for header in plan.headers:
        short = abbreviation(header)
        if short is not None:
            compiled.append((header.key, ROW_VALUES[short]))
    return compiled


def render_row(compiled: list[tuple[str, RowValue]], view: EmailView) -> dict[str, Any]:
    """One Email object with the compiled properties."""
    return {name: read(view) for name, read in compiled}
