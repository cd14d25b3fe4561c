"""Our own delivery reports (rfc3464#2, rfc6533#3), readable in Thai and English."""

import re
from datetime import datetime
from enum import Enum

import msgspec

from pirab.wire.charset import clean
from pirab.wire.compose.fields import (
    ComposeError,
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
from pirab.wire.dates import format_date
from pirab.wire.dsn.read import DsnAction, RecipientReport
from pirab.wire.headers import as_message_ids
from pirab.wire.mime.fields import scan_fields
from pirab.wire.types import Address

_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")
_LONGEST_VALUE = 800
_SUBJECTS = {
    DsnAction.FAILED: "ส่งจดหมายไม่สำเร็จ / Undelivered mail",
    DsnAction.DELAYED: "จดหมายยังส่งไม่ถึง / Delayed mail",
    DsnAction.DELIVERED: "ส่งจดหมายถึงแล้ว / Delivered mail",
    DsnAction.RELAYED: "ส่งต่อจดหมายแล้ว / Relayed mail",
    DsnAction.EXPANDED: "กระจายจดหมายแล้ว / Expanded mail",
}
_SENTENCES = {
    DsnAction.FAILED: (
        "ระบบส่งจดหมายของท่านถึงผู้รับต่อไปนี้ไม่ได้ และจะไม่ส่งอีก",
        "Your message could not be delivered to the following recipients. It will not be tried again.",
    ),
    DsnAction.DELAYED: (
        "จดหมายของท่านยังส่งไม่ถึงผู้รับต่อไปนี้ ระบบจะพยายามส่งต่อไป ท่านไม่ต้องส่งซ้ำ",
        "Your message has not reached the following recipients yet. Delivery goes on; do not send it again.",
    ),
    DsnAction.DELIVERED: (
        "จดหมายของท่านถึงผู้รับต่อไปนี้แล้ว",
        "Your message has been delivered to the following recipients.",
    ),
    DsnAction.RELAYED: (
        "จดหมายของท่านถูกส่งต่อไปยังระบบที่ไม่แจ้งผลการส่ง",
        "Your message was passed on to a system that does not report deliveries.",
    ),
    DsnAction.EXPANDED: (
        "จดหมายของท่านถูกกระจายไปยังสมาชิกของรายชื่อต่อไปนี้",
        "Your message was passed on to the members of the following lists.",
    ),
}
_ORDER = (DsnAction.FAILED, DsnAction.DELAYED, DsnAction.RELAYED, DsnAction.EXPANDED, DsnAction.DELIVERED)


class ReturnedContent(Enum):
    """How much of the message goes back (RET, rfc3461#4.3)."""

    FULL = "full"
    HEADERS = "hdrs"


class DsnRequest(msgspec.Struct, frozen=True, kw_only=True):
    """All that a report says. `sender` is the reverse path of the message: the report goes there, from
    `author`."""

    author: Address
    sender: str
    reporting_mta: str
    message_id: str
    date: datetime
    recipients: tuple[RecipientReport, ...]
    original: bytes
    envelope_id: str | None = None
    arrival_date: datetime | None = None
    returned: ReturnedContent = ReturnedContent.HEADERS


def compose_dsn(request: DsnRequest) -> bytes:
    """The report as a message, to be sent with a null reverse path (rfc3464#2, rfc5321#4.5.5). Raises
    ComposeError.

    A null `sender` gets no report: that would be a loop.
    """
    if not request.recipients:
        raise ComposeError("recipients", "a report is about somebody")
    if request.sender in ("", "<>"):
        raise ComposeError("sender", "a report about a report would go on for ever")
    is_international = any(not _both(recipient).isascii() for recipient in request.recipients)
    status = MimeNode(
        "message/global-delivery-status" if is_international else "message/delivery-status",
        content=_status_body(request, is_international=is_international),
    )
    root = MimeNode(
        "multipart/report",
        headers=_fields(request),
        children=(MimeNode("text/plain", content=_words(request)), status, _returned(request)),
        parameters=(("report-type", "delivery-status"),),
    )
    return compose_structure(root)


def _fields(request: DsnRequest) -> tuple[FieldLine, ...]:
    worst = next(action for action in _ORDER if any(item.action is action for item in request.recipients))
    thread: tuple[FieldLine, ...] = ()
    original_id = _original_id(request.original)
    if original_id:
        thread = (
            message_ids_field("In-Reply-To", (original_id,)),
            message_ids_field("References", (original_id,)),
        )
    return (
        date_field("Date", request.date),
        address_field("From", (request.author,)),
        address_field("To", (Address(None, request.sender),)),
        text_field("Subject", _SUBJECTS[worst]),
        message_ids_field("Message-ID", (request.message_id,)),
        *thread,
        raw_field("Auto-Submitted", "auto-replied"),  # rfc3834#5.2
    )


def _original_id(original: bytes) -> str | None:
    header = header_of(original)
    for name_start, name_end, value_start, value_end in scan_fields(header, 0, len(header))[0]:
        if header[name_start:name_end].lower() == b"message-id":
            ids = as_message_ids(header[value_start:value_end])
            return ids[0] if ids and is_message_id(ids[0]) else None
    return None


def _words(request: DsnRequest) -> str:
    paragraphs: list[str] = []
    for action in _ORDER:
        concerned = [item for item in request.recipients if item.action is action]
        if concerned:
            thai, english = _SENTENCES[action]
            paragraphs += [f"{thai}\n{english}", "\n".join(_line(item) for item in concerned)]
    paragraphs.append(f"ระบบจดหมาย {request.reporting_mta}\nMail system {request.reporting_mta}")
    return "\n\n".join(paragraphs) + "\n"


def _line(report: RecipientReport) -> str:
    said = f": {_one_line(report.diagnostic)}" if report.diagnostic else ""
    by = f" ({report.remote_mta})" if report.remote_mta else ""
    return f"  {_one_line(report.final or report.original or '')}{by}: {report.status}{said}"


def _status_body(request: DsnRequest, *, is_international: bool) -> bytes:
    """rfc3464#2.1: one group about the message, then one for each recipient."""
    groups: list[list[tuple[str, str | None]]] = [
        [
            ("Original-Envelope-Id", request.envelope_id),
            ("Reporting-MTA", f"dns; {request.reporting_mta}"),
            ("Arrival-Date", format_date(request.arrival_date) if request.arrival_date else None),
        ]
    ]
    groups += [_recipient_group(report) for report in request.recipients]
    lines: list[str] = []
    for group in groups:
        lines += [f"{name}: {_one_line(value)}" for name, value in group if value]
        lines.append("")
    text = "\r\n".join(lines)
    return text.encode() if is_international else text.encode("ascii", "replace")


def _recipient_group(report: RecipientReport) -> list[tuple[str, str | None]]:
    kind = report.diagnostic_type or "smtp"
    return [
        ("Original-Recipient", _typed_address(report.original)),
        ("Final-Recipient", _typed_address(report.final or report.original)),
        ("Action", report.action.value),
        ("Status", report.status),
        ("Remote-MTA", f"dns; {report.remote_mta}" if report.remote_mta else None),
        ("Diagnostic-Code", f"{kind}; {report.diagnostic}" if report.diagnostic else None),
        ("Last-Attempt-Date", format_date(report.last_attempt) if report.last_attempt else None),
        ("Will-Retry-Until", format_date(report.will_retry_until) if report.will_retry_until else None),
    ]


def _typed_address(address: str | None) -> str | None:
    if address is None:
        return None
    return f"rfc822; {address}" if address.isascii() else f"utf-8; {address}"


def _both(report: RecipientReport) -> str:
    return f"{report.original or ''}{report.final or ''}"


def _one_line(text: str) -> str:
    return _UNPRINTABLE.sub(" ", clean(text)).strip()[:_LONGEST_VALUE]


def _returned(request: DsnRequest) -> MimeNode:
    if request.returned is ReturnedContent.FULL:
        return MimeNode("message/rfc822", content=request.original)
    header = header_of(request.original)
    if header.isascii():
        return MimeNode("text/rfc822-headers", content=header)
    return MimeNode("message/global-headers", content=header)  # rfc6533#4
