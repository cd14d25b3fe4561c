"""Who carries a notice to a person, and who welcomes a stranger; `pirab.conf` says who, so that sign-in knows nothing
of mailboxes and of how people join."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

NoticeHook = Callable[[int, bytes], None]
"""Called with the person's key and a whole message (rfc5322) for them, inside the transaction of what it tells of."""


class Vouched(msgspec.Struct, frozen=True):
    """Somebody an identity provider vouches for and nobody here knows. `email` only where the provider has verified it
    and may speak for its domain, else ""; `pid` is a national id number, or ""; `name` as the provider tells it."""

    issuer: str
    subject: str
    name: str = ""
    email: str = ""
    pid: str = ""


StrangerHook = Callable[[Vouched], str | None]
"""Answers with the path of a page of our own client where the stranger may join ("/join#…"), or None."""

_carriers: list[NoticeHook] = []
_welcomers: list[StrangerHook] = []


def register_notice(hook: NoticeHook) -> None:
    """Have `hook` carry notices. Registering it again changes nothing."""
    if hook not in _carriers:
        _carriers.append(hook)


def register_stranger(hook: StrangerHook) -> None:
    """Have `hook` asked about strangers. Registering it again changes nothing."""
    if hook not in _welcomers:
        _welcomers.append(hook)


def welcome(vouched: Vouched) -> str | None:
    """Where the stranger may join; None where nobody lets them."""
    places = (hook(vouched) for hook in tuple(_welcomers))
    # Never an address of somebody else's: the browser is sent there.
    return next(
        (place for place in places if place and place.startswith("/") and place[1:2] not in ("/", "\\")), None
    )


def carry(person_id: int, message: bytes) -> None:
    """Bring `message` to the person."""
    for hook in tuple(_carriers):
        hook(person_id, message)
