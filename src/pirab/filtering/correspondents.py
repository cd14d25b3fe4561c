"""Whom an account has answered lately, without keeping a list of who writes to whom (rfc3834#2, rfc5230#4.2)."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import Final

from pirab.core import db
from pirab.directory.queries import normal_form

LONGEST_PERIOD: Final = timedelta(days=30)
"""No answer keeps anybody in mind for longer."""


def remember(account_id: int, correspondent: bytes, now: datetime, period: timedelta) -> bool:
    """Note that they are being answered; False when they were, less than `period` ago."""
    return bool(
        db.execute(
            """
            insert into filtering_answered as a (account_id, correspondent, answered_at, is_sent)
            values (%s, %s, %s, false)
            on conflict (account_id, correspondent) do update set answered_at = excluded.answered_at, is_sent = false
             where a.answered_at <= %s
            """,
            (account_id, correspondent, now, now - period),
        )
    )


def claim(account_id: int, correspondent: bytes) -> bool:
    """Be the only one to send this answer."""
    return _mark(account_id, correspondent, is_sent=True)


def release(account_id: int, correspondent: bytes) -> None:
    """It has gone nowhere: the next run may try."""
    _mark(account_id, correspondent, is_sent=False)


def name_of(reverse_path: str, handle: str = "") -> bytes:
    """SHA-256 of the address in normal form; `handle` tells different answers apart."""
    name = normal_form(reverse_path) or reverse_path.lower()
    tail = f"\0{handle}" if handle else ""
    return hashlib.sha256((name + tail).encode("utf-8", "surrogatepass")).digest()


def _mark(account_id: int, correspondent: bytes, *, is_sent: bool) -> bool:
    return bool(
        db.execute(
            """
            update filtering_answered set is_sent = %s
             where account_id = %s and correspondent = %s and is_sent <> %s
            """,
            (is_sent, account_id, correspondent, is_sent),
        )
    )
