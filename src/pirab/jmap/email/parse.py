"""Email/parse (rfc8621#4.9): a blob read as a message, without putting it anywhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import msgspec

from pirab.blob import actions as blob_actions
from pirab.core import db
from pirab.jmap.arguments import AccountArguments, UnsignedInt, check_get_size
from pirab.jmap.capabilities import MAIL
from pirab.jmap.context import RequestContext, Right
from pirab.jmap.email.account_blobs import AccountBlobs, BudgetSpent, FoundBlob
from pirab.jmap.email.content import MessageContent, render_content
from pirab.jmap.email.message_blob import is_message
from pirab.jmap.email.properties import (
    DEFAULT_PARSE_PROPERTIES,
    BodyValueArguments,
    PropertyPlan,
    abbreviation,
    plan_properties,
)
from pirab.jmap.errors import MethodError
from pirab.jmap.registry import MethodResult, method
from pirab.store import actions
from pirab.store.errors import BlobNotFound
from pirab.wire.mime import parse_message
from pirab.wire.types import ParsedMessage


class EmailParseArguments(AccountArguments, frozen=True, kw_only=True):
    """The arguments of rfc8621#4.9."""

    blob_ids: list[str]
    properties: list[str] | None = None
    body_properties: list[str] | None = None
    fetch_text_body_values: bool = False
    fetch_html_body_values: bool = msgspec.field(default=False, name="fetchHTMLBodyValues")
    fetch_all_body_values: bool = False
    max_body_value_bytes: UnsignedInt = 0

    def plan(self, using: frozenset[str]) -> PropertyPlan:
        """What to answer of each message; raises `invalidArguments` for an unknown property."""
        return plan_properties(
            self.properties,
            default=DEFAULT_PARSE_PROPERTIES,
            body_asked=self.body_properties,
            values=BodyValueArguments(
                fetch_text=self.fetch_text_body_values,
                fetch_html=self.fetch_html_body_values,
                fetch_all=self.fetch_all_body_values,
                max_bytes=self.max_body_value_bytes,
            ),
            using=using,
        )


@method("Email/parse", capability=MAIL, arguments=EmailParseArguments)
def handle(context: RequestContext, arguments: EmailParseArguments) -> MethodResult:
    """Email objects of blobs: uploads, messages, and messages attached to messages."""
    account = context.account(arguments.account_id, Right.READ)
    check_get_size(arguments.blob_ids)
    plan = arguments.plan(context.using)
    blobs = AccountBlobs(account, person=context.principal.person_id)
    parsed: dict[str, dict[str, Any]] = {}
    not_parsable: list[str] = []
    not_found: list[str] = []
    for blob_id in dict.fromkeys(arguments.blob_ids):
        try:
            found = blobs.find(blob_id)
        except BlobNotFound:
            not_found.append(blob_id)
            continue
        except BudgetSpent as error:
            raise MethodError("requestTooLarge", "These blobs are too large together.") from error
        if is_message(found.octets):
            parsed[blob_id] = _render(
                plan, blob_id, _addressable(context, account, found), arguments.account_id
            )
        else:
            not_parsable.append(blob_id)
    return MethodResult(
        {
            "accountId": arguments.account_id,
            "parsed": parsed or None,
            "notParsable": not_parsable or None,
            "notFound": not_found or None,
        }
    )


def _addressable(context: RequestContext, account: int, found: FoundBlob) -> FoundBlob:
    """A message that came out of a transfer encoding becomes a blob of its own, so that its parts have names.

    The bytes are in the person's hands already; as an upload of theirs they live a day longer at most.
    """
    if found.offset is not None:
        return found
    with db.transaction():
        blob = blob_actions.put(found.octets)
        person = context.principal.person_id
        actions.record_upload(account, blob.digest, blob.size, "message/rfc822", person=person)
    return FoundBlob(found.octets, blob.digest, 0)


def _render(plan: PropertyPlan, blob_id: str, found: FoundBlob, account_id: str) -> dict[str, Any]:
    message = parse_message(found.octets)
    rendered: dict[str, Any] = {
        name: _message_value(message, name, blob_id, found) for name in plan.names if name in _ROW_PROPERTIES
    }
    for header in plan.headers:
        short = abbreviation(header)
        if short is not None:
            rendered[header.key] = _VALUES[short](message)
    content = MessageContent(
        message.root,
        message.text_body,
        message.html_body,
        message.attachments,
        digest=found.digest,
        read=lambda: found.octets,
        offset=found.offset or 0,
    )
    return rendered | render_content(plan, content, account_id)


def _message_value(message: ParsedMessage, name: str, blob_id: str, found: FoundBlob) -> Any:
    if name == "blobId":
        return blob_id
    if name == "size":
        return len(found.octets)
    read = _VALUES.get(name)
    return None if read is None else read(message)


_VALUES: Final[dict[str, Callable[[ParsedMessage], Any]]] = {
    "hasAttachment": lambda message: message.has_attachment,
    "preview": lambda message: message.preview,
    "messageId": lambda message: message.message_id,
    "inReplyTo": lambda message: message.in_reply_to,
    "references": lambda message: message.references,
    "sender": lambda message: message.sender,
    "from": lambda message: message.from_,
    "to": lambda message: message.to,
    "cc": lambda message: message.cc,
    "bcc": lambda message: message.bcc,
    "replyTo": lambda message: message.reply_to,
    "subject": lambda message: message.subject,
    "sentAt": lambda message: message.sent_at,
}
# Of a message that is in no account there is no id, no Thread, no Mailbox, no keyword and no time of arrival.
_ROW_PROPERTIES: Final = frozenset(_VALUES) | frozenset(
    ["id", "blobId", "threadId", "mailboxIds", "keywords", "size", "receivedAt"]
)
