"""EmailSubmission objects and envelopes, from rows to JSON and back (rfc8621#7)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

import msgspec

from pirab.core.ids import IdKind, encode_blob_id, encode_id
from pirab.jmap.errors import invalid_properties
from pirab.submission.types import Envelope, EnvelopeAddress, SubmissionRow

PROPERTIES: Final = (
    "id",
    "identityId",
    "emailId",
    "threadId",
    "envelope",
    "sendAt",
    "undoStatus",
    "deliveryStatus",
    "dsnBlobIds",
    "mdnBlobIds",
)


class _EnvelopeJson(msgspec.Struct, frozen=True, rename="camel", forbid_unknown_fields=True):
    mail_from: _AddressJson
    rcpt_to: tuple[_AddressJson, ...]


class _AddressJson(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    email: str
    parameters: dict[str, str | None] | None = None


def render(row: SubmissionRow) -> dict[str, Any]:
    """The whole EmailSubmission object."""
    return {
        "id": encode_id(IdKind.SUBMISSION, row.id),
        "identityId": encode_id(IdKind.IDENTITY, row.identity_id),
        "emailId": encode_id(IdKind.EMAIL, row.email_id),
        "threadId": encode_id(IdKind.THREAD, row.thread_id),
        "envelope": {
            "mailFrom": _address(row.envelope.mail_from),
            "rcptTo": [_address(address) for address in row.envelope.rcpt_to],
        },
        "sendAt": utc_date(row.send_at),
        "undoStatus": row.undo_status,
        "deliveryStatus": {
            address: {
                "smtpReply": status.smtp_reply,
                "delivered": status.delivered,
                "displayed": status.displayed,
            }
            for address, status in row.delivery_status.items()
        },
        "dsnBlobIds": [encode_blob_id(digest) for digest in row.dsn_digests],
        "mdnBlobIds": [encode_blob_id(digest) for digest in row.mdn_digests],
    }


def envelope_of(value: Any) -> Envelope | None:
    """A client's envelope, None for "derive it"; raises `invalidProperties` for anything that is no envelope."""
    if value is None:
        return None
    try:
        parsed = msgspec.convert(value, _EnvelopeJson, strict=True)
    except msgspec.ValidationError as error:
        raise invalid_properties(f"Not an envelope: {error}", "envelope") from error
    return Envelope(
        EnvelopeAddress(parsed.mail_from.email, parsed.mail_from.parameters),
        tuple(EnvelopeAddress(each.email, each.parameters) for each in parsed.rcpt_to),
    )


def utc_date(moment: datetime) -> str:
    """A UTCDate (rfc8620#1.4); the fraction is left out where there is none."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _address(address: EnvelopeAddress) -> dict[str, Any]:
    return {"email": address.email, "parameters": address.parameters}
