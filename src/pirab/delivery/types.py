"""The values of delivery."""

from datetime import datetime

import msgspec


class InboundEnvelope(msgspec.Struct, frozen=True):
    """How a message came: paths without angle brackets (`reverse_path` "" is the null path, rfc5321#4.5.5).

    `queue_id` is Postfix's name for it; the client fields are who gave it to Postfix, as far as known.
    """

    reverse_path: str
    forward_paths: tuple[str, ...]
    queue_id: str | None = None
    client_address: str | None = None
    client_name: str | None = None
    helo: str | None = None


class RecipientReply(msgspec.Struct, frozen=True):
    """What is answered for one recipient: SMTP reply code, enhanced status (rfc3463) and text."""

    forward_path: str
    reply_code: int
    enhanced_status: str
    text: str


class ArrivedReport(msgspec.Struct, frozen=True):
    """A multipart/report that was just stored: its bytes, their digest, the accounts that hold it."""

    content: bytes
    digest: bytes
    account_ids: tuple[int, ...]
    received_at: datetime
