"""Codes on paper for the day a phone is lost: ten of them, each good once, kept as digests of 80 random bits."""

from __future__ import annotations

import hashlib
import secrets
from typing import Final

from pirab.core import clock, db
from pirab.signin.errors import SignInRefused
from pirab.signin.models import RecoveryCode

HOW_MANY: Final = 10
_LETTERS: Final = "abcdefghijkmnpqrstuvwxyz23456789"
_LENGTH: Final = 16


def renew(person_id: int) -> list[str]:
    """New codes, seen this once; the old ones are worthless."""
    codes = ["".join(secrets.choice(_LETTERS) for _ in range(_LENGTH)) for _ in range(HOW_MANY)]
    now = clock.now()
    with db.transaction():
        db.execute("select id from directory_person where id = %s for update", (person_id,))
        RecoveryCode.objects.filter(person_id=person_id).delete()
        RecoveryCode.objects.bulk_create(
            RecoveryCode(person_id=person_id, digest=_digest(code), created_at=now) for code in codes
        )
    return ["-".join(code[start : start + 4] for start in range(0, _LENGTH, 4)) for code in codes]


def prove(person_id: int, code: str) -> None:
    """Use a code up. Raises `SignInRefused`; of two that come at once with one code, one is refused."""
    used = RecoveryCode.objects.filter(
        person_id=person_id, digest=_digest(code), used_at__isnull=True
    ).update(used_at=clock.now())
    if not used:
        raise SignInRefused()


def remove(person_id: int) -> None:
    """Nobody gets in with a code of this person any more."""
    RecoveryCode.objects.filter(person_id=person_id).delete()


def _digest(code: str) -> bytes:
    letters = "".join(letter for letter in code[:100].lower() if letter in _LETTERS)
    return hashlib.sha256(f"recovery\0{letters}".encode()).digest()
