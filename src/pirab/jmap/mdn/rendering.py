"""MDN objects, from JSON to receipts and from notifications to JSON (rfc9007#2)."""

from __future__ import annotations

import re
from typing import Any, Final, Literal

import msgspec

from pirab.jmap.errors import invalid_properties
from pirab.submission.receipts import Receipt
from pirab.wire.mdn import Disposition, Notification

LONGEST_TEXT: Final = 20_000
MOST_EXTENSIONS: Final = 20
_FIELD_NAME: Final = re.compile(r"X-[A-Za-z0-9-]{1,60}", re.ASCII)
_FINAL_RECIPIENT: Final = re.compile(r"(rfc822|utf-8)\s*;\s*[^\s;<>\x00-\x1f]{1,320}", re.IGNORECASE)
_WRITABLE: Final = frozenset(
    {
        "forEmailId",
        "subject",
        "textBody",
        "includeOriginalMessage",
        "reportingUA",
        "disposition",
        "finalRecipient",
        "extensionFields",
    }
)
_NULL_ONLY: Final = frozenset({"mdnGateway", "originalRecipient", "originalMessageId", "error"})


class _Disposition(msgspec.Struct, frozen=True, rename="camel", forbid_unknown_fields=True):
    action_mode: Literal["manual-action", "automatic-action"]
    sending_mode: Literal["mdn-sent-manually", "mdn-sent-automatically"]
    type: Literal["deleted", "dispatched", "displayed", "processed"]


def receipt_of(record: dict[str, Any]) -> Receipt:
    """What to say; raises `invalidProperties` naming the bad ones."""
    strange = [
        name[:100]
        for name, value in record.items()
        if name not in _WRITABLE and not (name in _NULL_ONLY and value is None)
    ]
    if strange:
        raise invalid_properties("Not a property that can be set.", *strange)
    included = record.get("includeOriginalMessage", False)
    if not isinstance(included, bool):
        raise invalid_properties("true or false is needed.", "includeOriginalMessage")
    return Receipt(
        disposition=_disposition(record.get("disposition")),
        subject=_text(record, "subject"),
        text=_text(record, "textBody"),
        returns_all=included,
        reporting_ua=_text(record, "reportingUA"),
        final_recipient=_recipient(record),
        extensions=_extensions(record.get("extensionFields")),
    )


def render(found: Notification) -> dict[str, Any]:
    """The MDN object a notification is."""
    return {
        "forEmailId": None,
        "subject": found.subject,
        "textBody": found.text,
        "includeOriginalMessage": found.holds_original,
        "reportingUA": found.reporting_ua,
        "disposition": found.disposition,
        "mdnGateway": found.gateway,
        "originalRecipient": found.original_recipient,
        "finalRecipient": found.final_recipient,
        "originalMessageId": found.original_message_id,
        "error": found.errors or None,
        "extensionFields": found.extensions or None,
    }


def _disposition(value: Any) -> Disposition:
    try:
        given = msgspec.convert(value, _Disposition, strict=True)
    except msgspec.ValidationError as error:
        raise invalid_properties(str(error), "disposition") from error
    return Disposition(action_mode=given.action_mode, sending_mode=given.sending_mode, type=given.type)


def _text(record: dict[str, Any], name: str) -> str | None:
    value = record.get(name)
    if value is not None and (not isinstance(value, str) or len(value) > LONGEST_TEXT or "\0" in value):
        raise invalid_properties(f"Null or at most {LONGEST_TEXT} characters are needed.", name)
    return value


def _recipient(record: dict[str, Any]) -> str | None:
    value = _text(record, "finalRecipient")
    if value is not None and not _FINAL_RECIPIENT.fullmatch(value):
        raise invalid_properties("Null or a type and an address are needed: rfc822; a@b.", "finalRecipient")
    return value


def _extensions(value: Any) -> tuple[tuple[str, str], ...]:
    if value is None:
        return ()
    is_good = isinstance(value, dict) and len(value) <= MOST_EXTENSIONS
    if not is_good or not all(
        _FIELD_NAME.fullmatch(name) and isinstance(text, str) and len(text) <= 800
        for name, text in value.items()
    ):
        raise invalid_properties(
            "Fields that begin with X-, with short texts, are needed.", "extensionFields"
        )
    return tuple(value.items())
