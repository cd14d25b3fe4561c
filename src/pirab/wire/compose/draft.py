"""A letter from what a person wrote."""

from datetime import datetime

import msgspec

from pirab.wire.compose.fields import (
    ComposeError,
    FieldLine,
    address_field,
    date_field,
    is_message_id,
    message_ids_field,
    text_field,
)
from pirab.wire.compose.structure import MimeNode, compose_structure
from pirab.wire.html.text import html_to_text
from pirab.wire.types import Address

_KEPT_REFERENCES = 50
_OWN_FIELDS = frozenset(
    [
        "from",
        "sender",
        "reply-to",
        "to",
        "cc",
        "bcc",
        "subject",
        "message-id",
        "in-reply-to",
        "references",
        "date",
        "mime-version",
        "content-type",
        "content-transfer-encoding",
        "content-disposition",
        "content-id",
        "received",
        "return-path",
    ]
)


class Attachment(msgspec.Struct, frozen=True):
    """A file. With a `cid` and the disposition "inline" it belongs to the HTML body, which shows it as
    `cid:<cid>`."""

    type: str
    name: str | None
    data: bytes
    cid: str | None = None
    disposition: str = "attachment"
    charset: str | None = None


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be written. Fields left None or empty are left out; message ids are without brackets."""

    from_: tuple[Address, ...] = ()
    sender: Address | None = None
    reply_to: tuple[Address, ...] = ()
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    bcc: tuple[Address, ...] = ()
    subject: str | None = None
    message_id: str | None = None
    in_reply_to: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    date: datetime | None = None
    text: str | None = None
    html: str | None = None
    attachments: tuple[Attachment, ...] = ()
    extra_headers: tuple[tuple[str, str], ...] = ()


def compose(draft: Draft) -> bytes:
    """The message, Bcc included: it is the author's copy. `strip_bcc` makes the copy that is sent.

    HTML without text gets a text alternative made from it. Raises ComposeError.
    """
    return compose_structure(draft_structure(draft))


def draft_structure(draft: Draft) -> MimeNode:
    """The tree `compose` writes: mixed(related(alternative(text, HTML), pictures), files), as far as
    needed."""
    body = _body(draft)
    files = [attachment for attachment in draft.attachments if not _belongs_to_html(attachment, draft)]
    if files:
        body = MimeNode("multipart/mixed", children=(body, *(_attached(attachment) for attachment in files)))
    return msgspec.structs.replace(body, headers=_fields(draft))


def _body(draft: Draft) -> MimeNode:
    if draft.html is None:
        return MimeNode("text/plain", content=draft.text or "")
    text = draft.text if draft.text is not None else html_to_text(draft.html)
    html = MimeNode("text/html", content=draft.html)
    pictures = tuple(_attached(item) for item in draft.attachments if _belongs_to_html(item, draft))
    if pictures:
        html = MimeNode("multipart/related", children=(html, *pictures), parameters=(("type", "text/html"),))
    return MimeNode("multipart/alternative", children=(MimeNode("text/plain", content=text), html))


def _belongs_to_html(attachment: Attachment, draft: Draft) -> bool:
    return draft.html is not None and attachment.cid is not None and attachment.disposition == "inline"


def _attached(attachment: Attachment) -> MimeNode:
    return MimeNode(
        type=attachment.type,
        content=attachment.data,
        charset=attachment.charset,
        disposition=attachment.disposition,
        name=attachment.name,
        cid=attachment.cid,
    )


def _fields(draft: Draft) -> tuple[FieldLine, ...]:
    fields: list[FieldLine] = []
    if draft.date is not None:
        fields.append(date_field("Date", draft.date))
    for name, addresses in (
        ("From", draft.from_),
        ("Sender", (draft.sender,) if draft.sender else ()),
        ("Reply-To", draft.reply_to),
        ("To", draft.to),
        ("Cc", draft.cc),
        ("Bcc", draft.bcc),
    ):
        if addresses:
            fields.append(address_field(name, addresses))
    if draft.subject is not None:
        fields.append(text_field("Subject", draft.subject.strip()))
    if draft.message_id is not None:
        fields.append(message_ids_field("Message-ID", (draft.message_id,)))
    fields += _thread_fields(draft)
    for name, value in draft.extra_headers:
        if name.lower() in _OWN_FIELDS:
            raise ComposeError(name, "has its own place in a draft")
        fields.append(text_field(name, value))
    return tuple(fields)


def _thread_fields(draft: Draft) -> list[FieldLine]:
    """rfc5322#3.6.4. Ids that cannot be written came from somebody else's message: they are left out."""
    fields: list[FieldLine] = []
    for name, ids in (("In-Reply-To", draft.in_reply_to), ("References", draft.references)):
        kept = [item for item in ids if is_message_id(item)]
        if len(kept) > _KEPT_REFERENCES:
            kept = [kept[0], *kept[1 - _KEPT_REFERENCES :]]
        if kept:
            fields.append(message_ids_field(name, kept))
    return fields
