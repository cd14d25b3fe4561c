"""The device cookie: proof that a browser signed in as a login before, and nothing more.

It opens no door. It gives the browser a brake of its own, so that strangers behind the same address (a whole
ministry may share one) cannot make its owner wait by guessing.
"""

from __future__ import annotations

import hashlib
import secrets
from typing import Final

from django.core import signing

COOKIE: Final = "pirab_device"
LIFETIME_SECONDS: Final = 365 * 24 * 3600
_SALT: Final = "pirab.signin.device"
_LONGEST: Final = 300


def issue(login: str) -> str:
    """A new cookie value for a device that has just signed in as `login`."""
    return signing.TimestampSigner(salt=_SALT).sign(f"{secrets.token_hex(12)}.{_digest(login)}")


def number(cookie: str | None, login: str) -> str | None:
    """The device's number, when `cookie` is ours, young enough and was issued for `login`; None otherwise."""
    if not cookie or len(cookie) > _LONGEST:
        return None
    try:
        value = signing.TimestampSigner(salt=_SALT).unsign(cookie, max_age=LIFETIME_SECONDS)
    except signing.BadSignature:
        return None
    known, _, owner = value.partition(".")
    return known if owner == _digest(login) else None


def _digest(login: str) -> str:
    return hashlib.sha256(login.encode("utf-8", "surrogatepass")).hexdigest()[:24]
