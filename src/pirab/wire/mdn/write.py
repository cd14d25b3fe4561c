"""Our own disposition notifications (rfc8098#3), readable in Thai and English."""

import re
from datetime import datetime

import msgspec

from pirab.wire.charset import clean
from pirab.wire.compose.fields import (
    FieldLine,
    address_field,
    date_field,
    is_message_id,
    message_ids_field,
    raw_field,
    text_field,
)
from pirab.wire.compose.rewrite import header_of
from pirab.wire.compose.structure import MimeNode, compose_structure
from pirab.wire.headers import as_addresses, as_message_ids, as_text, unfold
from pirab.wire.mdn.read import Disposition
from pirab.wire.mime.fields import scan_fields
from pirab.wire.parameters import parse_media_type
from pirab.wire.types import Address

_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")
_REQUIRED = re.compile(rb"=\s*required\b", re.IGNORECASE)
_LONGEST_VALUE = 800
_LONGEST_SUBJECT = 200
_WORDS = {
    "displayed": (
        "เปิดอ่านจดหมายแล้ว",
        "The message was displayed. This does not say that it was read or understood.",
    ),
    "deleted": ("ลบจดหมายแล้ว", "The message was deleted. The recipient may or may not have seen it."),
    "dispatched": ("ส่งต่อจดหมายแล้ว", "The message was sent on."),
    "processed": ("ระบบดำเนินการกับจดหมายแล้ว", "The message was processed without being displayed."),
}


class MdnRequest(msgspec.Struct, frozen=True, kw_only=True):
    """All that a notification says. `original` are the octets of the message it is about, of which the header goes
    back, or all of it when `returns_all`."""

    author: Address
    to: str
    message_id: str
    date: datetime
    disposition: Disposition
    final_recipient: str
    original: bytes
    reporting_ua: str | None = None
    subject: str | None = None
    text: str | None = None
    returns_all: bool = False
    extensions: tuple[tuple[str, str], ...] = ()


def notification_addresses(original: bytes) -> tuple[str, ...]:
    """Whom the author of a message wants told (Disposition-Notification-To, rfc8098#2.1); each once.

    Nobody, where a notification must not be sent: about another one (rfc8098#2.1), and where the author requires
    something of it that we do not know (rfc8098#2.2).
    """
    if _is_notification(original) or _is_beyond_us(original):
        return ()
    values = _values(original, b"disposition-notification-to")
    found = (address.email for value in values[:1] for address in as_addresses(value))
    return tuple(dict.fromkeys(email for email in found if "@" in email))


def _is_notification(original: bytes) -> bool:
    kinds = _values(original, b"content-type")
    found = parse_media_type(kinds[0]) if kinds else None
    if found is None or found.value != "multipart/report":
        return False
    return found.parameters.get("report-type", "").lower() == "disposition-notification"


def _is_beyond_us(original: bytes) -> bool:
    options = _values(original, b"disposition-notification-options")
    return any(_REQUIRED.search(unfold(value)) for value in options)


def compose_mdn(request: MdnRequest) -> bytes:
    """The notification as a message, to be sent with a null reverse path (rfc8098#3). Raises ComposeError."""
    body = _body(request)
    kind = "disposition-notification" if body.isascii() else "global-disposition-notification"
    root = MimeNode(
        "multipart/report",
        headers=_fields(request),
        children=(
            MimeNode("text/plain", content=request.text or _words(request)),
            MimeNode(f"message/{kind}", content=body),
            _returned(request),
        ),
        parameters=(("report-type", "disposition-notification"),),
    )
    return compose_structure(root)


def original_recipient(original: bytes) -> str | None:
    """The Original-Recipient field of a message (rfc8098#2.3), as it stands there."""
    values = _values(original, b"original-recipient")
    return _one_line(unfold(values[0]).decode("ascii", "replace")) if values else None


def original_message_id(original: bytes) -> str | None:
    """The Message-ID of a message, without its brackets."""
    values = _values(original, b"message-id")
    ids = as_message_ids(values[0]) if values else None
    return ids[0] if ids and is_message_id(ids[0]) else None


def default_subject(original: bytes) -> str:
    """The subject of a notification whose author gave none."""
    values = _values(original, b"subject")
    about = _one_line(as_text(values[0]))[:_LONGEST_SUBJECT] if values else ""
    return f"แจ้งการเปิดอ่าน / Read receipt: {about}".rstrip(": ")


def _fields(request: MdnRequest) -> tuple[FieldLine, ...]:
    about = original_message_id(request.original)
    thread = (
        (message_ids_field("In-Reply-To", (about,)), message_ids_field("References", (about,)))
        if about
        else ()
    )
    return (
        date_field("Date", request.date),
        address_field("From", (request.author,)),
        address_field("To", (Address(None, request.to),)),
        text_field("Subject", _one_line(request.subject or default_subject(request.original))),
        message_ids_field("Message-ID", (request.message_id,)),
        *thread,
        raw_field("Auto-Submitted", "auto-replied"),  # rfc3834#5.2
    )


def _words(request: MdnRequest) -> str:
    thai, english = _WORDS[request.disposition.type]
    return f"{thai}\n{english}\n\n{request.final_recipient.partition(';')[2].strip()}\n"


def _body(request: MdnRequest) -> bytes:
    """rfc8098#3.1."""
    about = original_message_id(request.original)
    mode = request.disposition
    fields: list[tuple[str, str | None]] = [
        ("Reporting-UA", request.reporting_ua),
        ("Original-Recipient", original_recipient(request.original)),
        ("Final-Recipient", request.final_recipient),
        ("Original-Message-ID", f"<{about}>" if about else None),
        ("Disposition", f"{mode.action_mode}/{mode.sending_mode}; {mode.type}"),
        *request.extensions,
    ]
    return "".join(f"{name}: {_one_line(value)}\r\n" for name, value in fields if value).encode()


def _returned(request: MdnRequest) -> MimeNode:
    if request.returns_all:
        return MimeNode("message/rfc822", content=request.original)
    header = header_of(request.original)
    return MimeNode("text/rfc822-headers" if header.isascii() else "message/global-headers", content=header)


def _values(raw: bytes, wanted: bytes) -> list[bytes]:
    header = header_of(raw)
    ranges = scan_fields(header, 0, len(header))[0]
    return [header[start:end] for first, last, start, end in ranges if header[first:last].lower() == wanted]


def _one_line(text: str) -> str:
    return _UNPRINTABLE.sub(" ", clean(text)).strip()[:_LONGEST_VALUE]
