"""News of mail that has just been put into accounts, for whoever reacts to it.

Mail comes in by several doors (SMTP, and straight from a colleague on this service). Each of them announces what it
stored, in the transaction that stored it; `pirab.conf` registers who listens.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

import msgspec

from pirab.store.types import MailboxRole


class Arrival(msgspec.Struct, frozen=True):
    """One message that came into mailboxes with the role `role`.

    `content` are its bytes; `reverse_path` is without brackets, "" for the null path (rfc5321#4.5.5); `emails` maps
    each account that got it now (not those that had it already) to the new email.
    """

    content: bytes
    reverse_path: str
    role: MailboxRole
    received_at: datetime
    emails: Mapping[int, int]


Listener = Callable[[Arrival], None]
"""Called inside the delivering transaction: it must be quick, and what it raises undoes the delivery."""

_listeners: list[Listener] = []


def register_listener(listener: Listener) -> None:
    """Have `listener` told of every arrival. Registering it again changes nothing."""
    if listener not in _listeners:
        _listeners.append(listener)


def announce(arrival: Arrival) -> None:
    """Tell every listener; nobody is told of an arrival that reached no account anew."""
    if arrival.emails:
        for listener in tuple(_listeners):
            listener(arrival)
