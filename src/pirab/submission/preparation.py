"""From the mail its author kept to the bytes that leave: no Bcc, a verdict, a signature, a trace field.

The result is the same for every recipient, inside and outside, and is made once a submission.
"""

from __future__ import annotations

import re
from datetime import datetime
from email.utils import format_datetime
from enum import Enum
from typing import Final

import msgspec
from django.conf import settings

from pirab.core.ids import IdKind, encode_id
from pirab.scanning import client
from pirab.scanning.types import Action, ScanEnvelope, Verdict
from pirab.submission.records import OutboundRow
from pirab.submission.types import RecipientRow
from pirab.wire.compose import strip_bcc

_LINE_END: Final = re.compile(rb"\r\n|\r|\n")


class Ruling(Enum):
    """What the scanners want done with a mail."""

    SEND = "send"
    REFUSE = "refuse"
    LATER = "later"


class Prepared(msgspec.Struct, frozen=True):
    """The outcome: `outbound` are the bytes to send where the ruling is SEND; `reply` is an SMTP reply otherwise."""

    ruling: Ruling
    outbound: bytes = b""
    is_junk: bool = False
    reply: str = ""


def prepare(source: bytes, row: OutboundRow, recipients: list[RecipientRow], now: datetime) -> Prepared:
    """Scan the mail and make the bytes that leave. Raises `ScannerUnavailable` while there is nobody to ask."""
    body = clean_line_ends(strip_bcc(source))
    envelope = ScanEnvelope(
        reverse_path=row.mail_from,
        forward_paths=tuple(recipient.address for recipient in recipients),
        user=row.mail_from,
    )
    verdict = client.scan(body, envelope)
    if verdict.action is Action.DEFER:
        return Prepared(Ruling.LATER, reply=_reply("451 4.7.1", verdict.reply_text))
    if verdict.action is Action.REJECT:
        return Prepared(Ruling.REFUSE, reply=_reply("554 5.7.1", verdict.reply_text))
    outbound = trace_field(row, now) + signature_fields(verdict) + body
    return Prepared(Ruling.SEND, outbound, verdict.action is Action.JUNK)


def clean_line_ends(raw: bytes) -> bytes:
    """`raw` with CRLF at every line end: SMTP knows no other (rfc5321#2.3.8), and a stray one invites smuggling."""
    pairs = raw.count(b"\r\n")
    if raw.count(b"\n") == pairs and raw.count(b"\r") == pairs:
        return raw
    return _LINE_END.sub(b"\r\n", raw)


def trace_field(row: OutboundRow, now: datetime) -> bytes:
    """Received (rfc5321#4.4): which service took the mail in and when; not from which machine its author wrote."""
    name = encode_id(IdKind.SUBMISSION, row.id)
    host = settings.ENVIRONMENT.hostname
    return f"Received: by {host} (Pirab) with HTTP id {name};\r\n\t{format_datetime(now)}\r\n".encode("ascii")


def signature_fields(verdict: Verdict) -> bytes:
    """The signatures that Rspamd has made (rfc6376), as fields to stand on top of the message."""
    return b"".join(
        _field(name, value) for name, value in verdict.headers_to_add if name.lower() == "dkim-signature"
    )


def _field(name: str, value: str) -> bytes:
    lines = [line.strip() for line in value.splitlines() if line.strip()]
    return f"{name}: {(chr(13) + chr(10) + chr(9)).join(lines)}\r\n".encode()


def _reply(code: str, text: str) -> str:
    words = " ".join(text.split()) or "Refused by the content scanners"
    return words if re.match(r"[45][0-9]{2} ", words) else f"{code} {words}"
