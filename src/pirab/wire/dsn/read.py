"""Delivery reports as others write them (rfc3464#2), leniently."""

import re
from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum

import msgspec

from pirab.wire.charset import decode_unlabelled
from pirab.wire.headers import as_date, as_message_ids, unfold
from pirab.wire.mime.fields import scan_fields
from pirab.wire.mime.parse import parse_message
from pirab.wire.mime.transfer import decode_octets, decode_part
from pirab.wire.types import ParsedMessage, Part

_STATUS = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")  # rfc3463#2
_ESCAPED = re.compile(r"\\x\{([0-9A-Fa-f]{2,6})\}")  # rfc6533#3
_COMMENT = re.compile(r"\([^()]*\)")
_EMPTY_LINES = re.compile(rb"(?:\r?\n[ \t]*){2,}")
_TYPE = re.compile(r"\s*([A-Za-z0-9-]+)\s*;\s*(.*)", re.DOTALL)
_INNER_ENCODING = re.compile(
    rb"^Content-Transfer-Encoding:[ \t]*(base64|quoted-printable)", re.IGNORECASE | re.MULTILINE
)
_REPORT_TYPES = ("message/delivery-status", "message/global-delivery-status")
_RETURNED_TYPES = ("message/rfc822", "message/global", "text/rfc822-headers", "message/global-headers")
_MAX_RECIPIENTS = 10_000
_FIRST_FIELDS = ("original-recipient", "final-recipient")


class DsnAction(StrEnum):
    """rfc3464#2.3.3."""

    FAILED = "failed"
    DELAYED = "delayed"
    DELIVERED = "delivered"
    RELAYED = "relayed"
    EXPANDED = "expanded"


class RecipientReport(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one recipient. Addresses are without their type; `status` is an enhanced code (rfc3463).

    `diagnostic` holds the remote words, `diagnostic_type` who spoke ("smtp", "x-postfix", …).
    """

    original: str | None = None
    final: str | None
    action: DsnAction
    status: str
    diagnostic: str | None = None
    diagnostic_type: str | None = None
    remote_mta: str | None = None
    last_attempt: datetime | None = None
    will_retry_until: datetime | None = None


class DeliveryReport(msgspec.Struct, frozen=True, kw_only=True):
    """A report: `envelope_id` is the ENVID the sender gave (rfc3461#4.4), `original_message_id` that of the
    message."""

    envelope_id: str | None
    reporting_mta: str | None
    arrival_date: datetime | None
    original_message_id: str | None
    recipients: tuple[RecipientReport, ...]


def parse_dsn(raw: bytes, message: ParsedMessage | None = None) -> DeliveryReport | None:
    """The report in `raw`, or None when it holds none. `message` saves parsing again. Never raises."""
    root = (message or parse_message(raw)).root
    leaves = list(_leaves(root))
    status = next((part for part in leaves if part.type in _REPORT_TYPES), None)
    if status is None:
        return None
    groups = list(_groups(decode_part(raw, status)))
    about_message: dict[str, str] = {}
    for group in groups:
        if any(name in group for name in (*_FIRST_FIELDS, "action", "status")):
            break
        about_message |= group
    if groups and not about_message:
        about_message = groups[0]
    reports = (_recipient(group) for group in groups)
    arrival = about_message.get("arrival-date")
    return DeliveryReport(
        envelope_id=about_message.get("original-envelope-id") or None,
        reporting_mta=_typed(about_message.get("reporting-mta"))[1],
        arrival_date=as_date(arrival.encode()) if arrival else None,
        original_message_id=_returned_id(raw, leaves),
        recipients=tuple(report for report in reports if report is not None),
    )


def _leaves(root: Part) -> Iterator[Part]:
    pending = [root]
    while pending:
        part = pending.pop()
        if part.is_multipart:
            pending.extend(reversed(part.sub_parts))
        else:
            yield part


def _groups(body: bytes) -> Iterator[dict[str, str]]:
    """Groups of fields, names in lower case. A group that forgot its empty line is cut where a field comes
    again."""
    group: dict[str, str] = {}
    for count, block in enumerate(_EMPTY_LINES.split(_without_inner_encoding(body).strip(b"\r\n"))):
        if count > _MAX_RECIPIENTS:
            return
        for name, value in _fields(block):
            if name in _FIRST_FIELDS and (name in group or "reporting-mta" in group):
                yield group
                group = {}
            group.setdefault(name, value)
        if group:
            yield group
            group = {}


def _without_inner_encoding(body: bytes) -> bytes:
    """Some gateways encode the groups after the first one, and say so in the first one."""
    match = _INNER_ENCODING.search(body)
    end = _EMPTY_LINES.search(body, match.end()) if match else None
    if match is None or end is None:
        return body
    return body[: end.end()] + decode_octets(body[end.end() :], match[1].decode("ascii").lower())


def _fields(block: bytes) -> Iterator[tuple[str, str]]:
    position = 0
    while position < len(block):
        fields, stop = scan_fields(block, position, len(block))
        for name_start, name_end, value_start, value_end in fields:
            value = decode_unlabelled(unfold(block[value_start:value_end])).strip()
            yield block[name_start:name_end].decode("latin-1").lower(), value
        next_line = block.find(b"\n", stop)  # a line that is no field is stepped over
        position = next_line + 1 if next_line >= 0 else len(block)


def _recipient(group: dict[str, str]) -> RecipientReport | None:
    original, final = _address(group.get("original-recipient")), _address(group.get("final-recipient"))
    if final is None and original is None:
        return None
    kind, diagnostic = _typed(group.get("diagnostic-code"))
    status = _status(group.get("status"), diagnostic)
    last_attempt, retry = group.get("last-attempt-date"), group.get("will-retry-until")
    return RecipientReport(
        original=original,
        final=final,
        action=_action(group.get("action"), status),
        status=status or _status_of_action(group.get("action")),
        diagnostic=diagnostic,
        diagnostic_type=kind,
        remote_mta=_typed(group.get("remote-mta"))[1],
        last_attempt=as_date(last_attempt.encode()) if last_attempt else None,
        will_retry_until=as_date(retry.encode()) if retry else None,
    )


def _typed(value: str | None) -> tuple[str | None, str | None]:
    """`type; value` in two (rfc3464#2.1.2); a missing type is None."""
    if value is None:
        return None, None
    match = _TYPE.match(value)
    if match:
        return match[1].lower(), match[2].strip() or None
    return None, value.strip() or None


def _address(value: str | None) -> str | None:
    kind, text = _typed(value)
    if text is None:
        return None
    if kind == "utf-8":  # rfc6533#3
        text = _ESCAPED.sub(_unescaped, text)
    text = _COMMENT.sub("", text) if "@" in _COMMENT.sub("", text) else text
    return text.strip().strip("<>") or None


def _unescaped(match: re.Match[str]) -> str:
    number = int(match[1], 16)
    is_character = 0x20 <= number <= 0x10FFFF and not 0xD800 <= number <= 0xDFFF
    return chr(number) if is_character else "\ufffd"


def _status(value: str | None, diagnostic: str | None) -> str | None:
    for text in (value, diagnostic):
        match = _STATUS.search(text) if text else None
        if match:
            return match[0]
    return None


def _action(value: str | None, status: str | None) -> DsnAction:
    word = _COMMENT.sub("", value or "").strip().lower()
    try:
        return DsnAction(word)
    except ValueError:
        by_class = {"2": DsnAction.DELIVERED, "4": DsnAction.DELAYED}
        return by_class.get((status or "5")[0], DsnAction.FAILED)


def _status_of_action(value: str | None) -> str:
    action = _action(value, None)
    return {DsnAction.FAILED: "5.0.0", DsnAction.DELAYED: "4.0.0"}.get(action, "2.0.0")


def _returned_id(raw: bytes, leaves: list[Part]) -> str | None:
    for part in leaves:
        if part.type in _RETURNED_TYPES:
            returned = decode_part(raw, part)
            fields, _ = scan_fields(returned, 0, len(returned))
            for name_start, name_end, value_start, value_end in fields:
                if returned[name_start:name_end].lower() == b"message-id":
                    ids = as_message_ids(returned[value_start:value_end])
                    return ids[0] if ids else None
    return None
