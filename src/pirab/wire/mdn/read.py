"""Disposition notifications as others write them (rfc8098#3), leniently."""

import re
from collections.abc import Iterator

import msgspec

from pirab.wire.charset import decode_unlabelled
from pirab.wire.headers import unfold
from pirab.wire.mime.fields import scan_fields
from pirab.wire.mime.parse import parse_message
from pirab.wire.mime.text import part_text
from pirab.wire.mime.transfer import decode_part
from pirab.wire.types import ParsedMessage, Part

_TYPES = ("message/disposition-notification", "message/global-disposition-notification")
_ORIGINAL_TYPES = ("message/rfc822", "message/global")
_DISPOSITION = re.compile(
    r"\s*(?P<action>manual-action|automatic-action)\s*/\s*(?P<sending>mdn-sent-manually|mdn-sent-automatically)"
    r"\s*;\s*(?P<type>deleted|dispatched|displayed|processed)\b",
    re.IGNORECASE,
)
_KNOWN = frozenset(
    {
        "reporting-ua",
        "mdn-gateway",
        "original-recipient",
        "final-recipient",
        "original-message-id",
        "disposition",
        "error",
    }
)
_MOST_FIELDS = 200


class Disposition(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What was done with the message, and whether a person did it and had it told (rfc8098#3.2.6)."""

    action_mode: str
    sending_mode: str
    type: str


class Notification(msgspec.Struct, frozen=True, kw_only=True):
    """A notification. Recipients are as they stand there, their type before a semicolon."""

    subject: str | None
    text: str | None
    holds_original: bool
    reporting_ua: str | None
    gateway: str | None
    original_recipient: str | None
    final_recipient: str | None
    original_message_id: str | None
    disposition: Disposition
    errors: tuple[str, ...]
    extensions: dict[str, str]


def parse_mdn(raw: bytes, message: ParsedMessage | None = None) -> Notification | None:
    """The notification in `raw`, or None when it holds none. `message` saves parsing again. Never raises."""
    parsed = message or parse_message(raw)
    leaves = list(_leaves(parsed.root))
    part = next((leaf for leaf in leaves if leaf.type in _TYPES), None)
    if part is None:
        return None
    body = decode_part(raw, part).lstrip(b"\r\n \t")
    spelled = list(_fields(body))
    fields = {name.lower(): value for name, value in reversed(spelled)}
    found = _DISPOSITION.match(fields.get("disposition", ""))
    if found is None or not fields.get("final-recipient"):
        return None
    text = next((part_text(raw, leaf).text for leaf in leaves if leaf.type == "text/plain"), None)
    return Notification(
        subject=parsed.subject,
        text=text,
        holds_original=any(leaf.type in _ORIGINAL_TYPES for leaf in leaves),
        reporting_ua=fields.get("reporting-ua"),
        gateway=fields.get("mdn-gateway"),
        original_recipient=fields.get("original-recipient"),
        final_recipient=fields.get("final-recipient"),
        original_message_id=fields.get("original-message-id"),
        disposition=Disposition(
            action_mode=found["action"].lower(),
            sending_mode=found["sending"].lower(),
            type=found["type"].lower(),
        ),
        errors=tuple(value for name, value in spelled if name.lower() == "error"),
        extensions={name: value for name, value in spelled if name.lower() not in _KNOWN},
    )


def _leaves(root: Part) -> Iterator[Part]:
    pending = [root]
    while pending:
        part = pending.pop()
        if part.is_multipart:
            pending.extend(reversed(part.sub_parts))
        else:
            yield part


def _fields(body: bytes) -> Iterator[tuple[str, str]]:
    ranges = scan_fields(body, 0, len(body))[0]
    for start, end, value_start, value_end in ranges[:_MOST_FIELDS]:
        value = decode_unlabelled(unfold(body[value_start:value_end])).strip()
        yield body[start:end].decode("latin-1"), value
