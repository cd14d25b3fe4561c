"""The words of a vacation reply (rfc3834#3)."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from pirab.core.ids import IdKind, encode_id
from pirab.directory.types import SenderAddress
from pirab.filtering.types import VacationResponse
from pirab.wire.compose import Draft, compose
from pirab.wire.types import Address, ParsedMessage

LONGEST_SUBJECT: Final = 200
"""Characters of somebody else's subject that are repeated."""
_SUBJECT: Final = "ตอบอัตโนมัติ (Auto): "
_NO_SUBJECT: Final = "ไม่อยู่ที่ทำงาน (Out of office)"
_NO_TEXT: Final = """ขณะนี้ข้าพเจ้าไม่สะดวกตอบจดหมาย และจะตอบกลับโดยเร็ว

I am away and will answer your letter as soon as I can.
"""


def compose_reply(
    response: VacationResponse,
    letter: ParsedMessage,
    author: SenderAddress,
    to: str,
    email_id: int,
    now: datetime,
) -> bytes:
    """The reply to `letter` as a message. One letter has one reply: its Message-ID says so too."""
    domain = author.address.rpartition("@")[2]
    ids = letter.message_id or ()
    return compose(
        Draft(
            from_=(Address(author.display_name or None, author.address),),
            to=(Address(None, to),),
            subject=response.subject or _subject(letter.subject),
            message_id=f"vacation.{encode_id(IdKind.EMAIL, email_id)}@{domain}",
            in_reply_to=ids,
            references=(*(letter.references or letter.in_reply_to or ()), *ids),
            date=now,
            text=response.text_body if response.text_body or response.html_body else _NO_TEXT,
            html=response.html_body,
            extra_headers=(
                ("Auto-Submitted", "auto-replied"),
                ("Precedence", "bulk"),
                ("X-Auto-Response-Suppress", "All"),
            ),
        )
    )


def _subject(original: str | None) -> str:
    return f"{_SUBJECT}{original[:LONGEST_SUBJECT]}" if original else _NO_SUBJECT
