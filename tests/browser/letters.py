"""Messages from outside for the browser's tests."""

from __future__ import annotations

import os
import smtplib
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid

from tests.acceptance.system import System

SENDER = "wipa@outside.test"
# One blue pixel.
PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de"
    "0000000c49444154789c6360a8ff0f000203018061f4a4bc0000000049454e44ae426082"
)


def letter(
    subject: str, text: str = "เรียน ผู้อำนวยการ\n\nเพื่อโปรดทราบ\n", html: str | None = None
) -> EmailMessage:
    message = EmailMessage()
    message["From"] = f"วิภา รัตนชัย <{SENDER}>"
    message["Subject"] = subject
    message["Date"] = format_datetime(datetime.now(UTC))
    message["Message-ID"] = make_msgid(domain="outside.test")
    message.set_content(text)
    if html is not None:
        message.add_alternative(html, subtype="html")
    return message


def deliver(system: System, to: str, message: EmailMessage) -> None:
    """By SMTP, as any server in the world would."""
    if message["To"] is None:
        message["To"] = to
    with smtplib.SMTP("127.0.0.1", system.ports.smtp, local_hostname="outside.test", timeout=60) as session:
        session.send_message(message, SENDER, [to])


def unique(words: str) -> str:
    """A subject no other test has."""
    return f"{words} {os.urandom(3).hex()}"
