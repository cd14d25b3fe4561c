"""The words of submission: envelopes, states, and rows as readers see them."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Final

import msgspec

FAILED_KEYWORD: Final = "$pirab_failed"
"""Keyword on the sent Email when at least one recipient could not be reached."""

LONGEST_HOLD_SECONDS: Final = 365 * 24 * 3600
"""How far ahead sending may be put off; the capability's `maxDelayedSend`."""

MOST_RECIPIENTS: Final = 1000
"""Recipients of one submission; a letter to more people than this is a circular."""


class UndoStatus(StrEnum):
    """Whether sending may still be stopped (rfc8621#7)."""

    PENDING = "pending"
    FINAL = "final"
    CANCELED = "canceled"


class Delivered(StrEnum):
    """What is known of one recipient, in the words of rfc8621#7."""

    QUEUED = "queued"
    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class ReportKind(StrEnum):
    """What a notification tells: what servers did (rfc3464), or what the recipient did (rfc8098)."""

    DSN = "dsn"
    MDN = "mdn"


class Displayed(StrEnum):
    """What is known of a recipient's reading, in the words of rfc8621#7."""

    UNKNOWN = "unknown"
    YES = "yes"


class Phase(StrEnum):
    """How far the pipeline came with a submission."""

    WAITING = "waiting"
    """Not scanned yet: on hold, or the scanners are away."""
    SENDING = "sending"
    """The outbound bytes exist; some recipients have no result yet."""
    DONE = "done"
    """Nothing is left to do for us; reports may still arrive."""


class RecipientState(StrEnum):
    """How far one recipient came."""

    PENDING = "pending"
    STORED = "stored"
    HANDED_OVER = "handed_over"
    DELAYED = "delayed"
    RELAYED = "relayed"
    DELIVERED = "delivered"
    FAILED = "failed"
    CANCELED = "canceled"


class EnvelopeAddress(msgspec.Struct, frozen=True):
    """A reverse-path or forward-path with its SMTP parameters (rfc8621#7: Address); values are not xtext-encoded."""

    email: str
    parameters: dict[str, str | None] | None = None


class Envelope(msgspec.Struct, frozen=True):
    """What SMTP is told (rfc8621#7: Envelope)."""

    mail_from: EnvelopeAddress
    rcpt_to: tuple[EnvelopeAddress, ...]


class DeliveryStatusValue(msgspec.Struct, frozen=True):
    """One value of `deliveryStatus`; `smtp_reply` is a reply line such as `250 2.1.5 OK`."""

    smtp_reply: str
    delivered: Delivered
    displayed: Displayed = Displayed.UNKNOWN


class RecipientRow(msgspec.Struct, frozen=True):
    """One recipient. `key` is the address in normal form; `last_event_at` is when `state` was learnt; `displayed` is
    what notifications of theirs say."""

    position: int
    address: str
    key: str
    parameters: dict[str, str | None] | None
    state: RecipientState
    smtp_reply: str
    last_event_at: datetime
    displayed: Displayed = Displayed.UNKNOWN


class SubmissionRow(msgspec.Struct, frozen=True):
    """One submission as readers see it; `delivery_status` is by address as given in the envelope."""

    id: int
    identity_id: int
    email_id: int
    thread_id: int
    envelope: Envelope
    send_at: datetime
    undo_status: UndoStatus
    delivery_status: dict[str, DeliveryStatusValue]
    dsn_digests: tuple[bytes, ...]
    mdn_digests: tuple[bytes, ...] = ()


class MailAddress(msgspec.Struct, frozen=True):
    """A name and an address in a header field (rfc8621#4.1.2.3)."""

    name: str | None
    email: str


class IdentityDraft(msgspec.Struct, frozen=True):
    """What a new identity is made of (rfc8621#6)."""

    email: str
    name: str = ""
    reply_to: tuple[MailAddress, ...] | None = None
    bcc: tuple[MailAddress, ...] | None = None
    text_signature: str = ""
    html_signature: str = ""


class IdentityPatch(msgspec.Struct, frozen=True):
    """What changes in an identity; the address never does (rfc8621#6)."""

    name: str | msgspec.UnsetType = msgspec.UNSET
    reply_to: tuple[MailAddress, ...] | msgspec.UnsetType | None = msgspec.UNSET
    bcc: tuple[MailAddress, ...] | msgspec.UnsetType | None = msgspec.UNSET
    text_signature: str | msgspec.UnsetType = msgspec.UNSET
    html_signature: str | msgspec.UnsetType = msgspec.UNSET


class IdentityRow(msgspec.Struct, frozen=True):
    """One identity; the default one of each address may not be deleted."""

    id: int
    name: str
    email: str
    reply_to: tuple[MailAddress, ...] | None
    bcc: tuple[MailAddress, ...] | None
    text_signature: str
    html_signature: str
    may_delete: bool


class SubmissionFilter(msgspec.Struct, frozen=True):
    """A condition of EmailSubmission/query (rfc8621#7.3); None means it is not asked for."""

    identity_ids: tuple[int, ...] | None = None
    email_ids: tuple[int, ...] | None = None
    thread_ids: tuple[int, ...] | None = None
    undo_status: UndoStatus | None = None
    before: datetime | None = None
    after: datetime | None = None


class FilterGroup(msgspec.Struct, frozen=True):
    """Conditions joined by `AND`, `OR` or `NOT` (none of them may hold) (rfc8620#5.5)."""

    operator: str
    conditions: tuple[SubmissionFilter | FilterGroup, ...]


class SortKey(StrEnum):
    """What a query may be ordered by (rfc8621#7.3)."""

    EMAIL = "email_id"
    THREAD = "thread_id"
    SENT_AT = "send_at"


class SortOrder(msgspec.Struct, frozen=True):
    """One key of an ordering."""

    key: SortKey
    is_ascending: bool = True
