"""When to try again and when to give up. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

_WAITS: Final = (5, 15, 30, 60, 120, 300, 600, 900)
"""Seconds after the first, second, … attempt: a scanner that restarts is back in seconds, a full mailbox is not."""
LONGEST_WAIT: Final = 1800
"""Seconds between two attempts once the list is used up."""


def next_attempt(attempts: int, now: datetime) -> datetime:
    """When to try again after `attempts` earlier attempts and the one that just did not finish the work."""
    wait = _WAITS[attempts] if attempts < len(_WAITS) else LONGEST_WAIT
    return now + timedelta(seconds=wait)


def is_expired(send_at: datetime, now: datetime, lifetime_seconds: int) -> bool:
    """Whether a mail released at `send_at` has been tried for as long as mail is kept in a queue (rfc5321#4.5.4.1)."""
    return now - send_at >= timedelta(seconds=lifetime_seconds)
