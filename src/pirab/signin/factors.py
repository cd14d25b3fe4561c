"""What a person can prove themselves with beside a password, and whether their office demands it."""

from __future__ import annotations

from typing import Final

import msgspec

from pirab.core import db
from pirab.directory import queries as directory
from pirab.signin import agency_directory


class Factors(msgspec.Struct, frozen=True):
    """A person's second factors. `recovery_codes` are those not yet used; `password`: they have one, kept here or by
    their agency."""

    totp: bool
    passkeys: int
    recovery_codes: int
    password: bool

    @property
    def are_enrolled(self) -> bool:
        """Whether a password alone does not suffice any more."""
        return self.totp or self.passkeys > 0

    @property
    def ways(self) -> tuple[str, ...]:
        """The second factors that can be asked for, the best first."""
        offered = (
            ("passkey", self.passkeys > 0),
            ("totp", self.totp),
            ("recovery_code", self.are_enrolled and self.recovery_codes > 0),
        )
        return tuple(way for way, is_there in offered if is_there)


def factors_of(person_id: int) -> Factors:
    """The person's factors, in one question."""
    totp, passkeys, codes, password = db.rows(_FACTORS, {"person": person_id})[0]
    has_own = bool(password) and not password.startswith("!")
    return Factors(totp, passkeys, codes, has_own or agency_directory.serving(person_id) is not None)


def are_enrolled(person_id: int) -> bool:
    """Whether the person has a second factor, so that a password alone does not suffice."""
    return bool(db.scalar(_ENROLLED, {"person": person_id}))


def are_demanded(person_id: int) -> bool:
    """Whether the person has a duty of administration, which nobody may do on a password alone."""
    return bool(directory.duties_of(person_id))


_FACTORS: Final = """
    select exists (select from signin_totp where person_id = %(person)s and is_active),
           (select count(*)::int from signin_passkey where person_id = %(person)s),
           (select count(*)::int from signin_recoverycode where person_id = %(person)s and used_at is null),
           (select password from directory_person where id = %(person)s)
"""
_ENROLLED: Final = """
    select exists (select from signin_totp where person_id = %(person)s and is_active)
        or exists (select from signin_passkey where person_id = %(person)s)
"""
