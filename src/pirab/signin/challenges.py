"""Challenges that are given out without being kept: signed, short-lived, bound to a purpose and good for one answer.

Nothing is written until an answer is right, so nobody fills a table by asking; then the digest is written down, and a
second answer, even at the same moment, finds it there.
"""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any, Final

from django.core import signing

from pirab.core import clock, db
from pirab.signin.errors import ChallengeRefused
from pirab.signin.models import SpentChallenge

LIFETIME_SECONDS: Final = 600
_SALT: Final = "pirab.signin.challenge"
_LONGEST: Final = 2000


def seal(purpose: str, content: dict[str, Any]) -> str:
    """A text that gives `content` back to `unseal` for ten minutes."""
    return signing.dumps({"purpose": purpose} | content, salt=_SALT)


def unseal(purpose: str, sealed: str) -> dict[str, Any]:
    """What was sealed for this purpose. Raises `ChallengeRefused` for anything else, and for what is too old."""
    if len(sealed) > _LONGEST:
        raise ChallengeRefused()
    try:
        content: dict[str, Any] = signing.loads(sealed, salt=_SALT, max_age=LIFETIME_SECONDS)
    except signing.BadSignature as error:
        raise ChallengeRefused() from error
    if content.pop("purpose", None) != purpose:
        raise ChallengeRefused()
    return content


def spend(sealed: str) -> None:
    """The challenge has its answer. Raises `ChallengeRefused` where it had one already."""
    digest = hashlib.sha256(sealed.encode("utf-8", "surrogatepass")).digest()
    until = clock.now() + timedelta(seconds=2 * LIFETIME_SECONDS)
    if not db.execute(_SPEND, (digest, until)):
        raise ChallengeRefused()


_SPEND: Final = """
    insert into signin_spentchallenge (digest, expires_at) values (%s, %s) on conflict do nothing
"""


def forget() -> None:
    """Remove what is too old to be answered anyway."""
    SpentChallenge.objects.filter(expires_at__lt=clock.now()).delete()
