"""Setting up and removing second factors: each act is told to its owner by letter, and the first brings paper codes."""

from __future__ import annotations

from pirab.core import db
from pirab.directory.types import Principal
from pirab.signin import factors, notices, passkeys, recovery, sessions, throttle, totp
from pirab.signin.errors import NotEnrolled, SignInRefused
from pirab.signin.passkey_types import Given
from pirab.signin.totp import Enrolment
from pirab.signin.types import Caller, Origin, Strength


def begin_totp(person: Principal) -> Enrolment:
    """Raises `AlreadyEnrolled`."""
    return totp.begin(person.person_id, person.email)


def confirm_totp(caller: Caller, code: str, origin: Origin) -> list[str]:
    """The app's first code was read; returns new recovery codes where there were none.

    The session has shown a password and a code, so it is a strong one. Raises `NotEnrolled`, `SignInRefused`,
    `TooManyAttempts`.
    """
    person_id = caller.principal.person_id
    subject = throttle.second_factor_of(caller.principal.email, origin)
    throttle.claim(subject)
    with db.transaction():
        totp.confirm(person_id, code)
        codes = _enrolled(caller, Strength.STRONG, "totp", origin)
    throttle.clear(subject)
    return codes


def add_passkey(caller: Caller, name: str, given: Given, origin: Origin) -> list[str]:
    """Returns new recovery codes where there were none. Raises as `passkeys.register` does."""
    with db.transaction():
        proof = passkeys.register(caller.principal.person_id, name, given)
        strength = Strength.STRONG if proof.is_verified else Strength.PLAIN
        return _enrolled(caller, strength, "passkey", origin)


def remove_totp(person_id: int, origin: Origin) -> None:
    """Raises `NotEnrolled`."""
    with db.transaction():
        if not totp.remove(person_id):
            raise NotEnrolled()
        _removed(person_id, "totp", origin)


def remove_passkey(person_id: int, passkey_id: int, origin: Origin) -> None:
    """Raises `PasskeyNotFound`."""
    with db.transaction():
        passkeys.remove(person_id, passkey_id)
        _removed(person_id, "passkey", origin)


def renew_codes(person_id: int, origin: Origin) -> list[str]:
    """New recovery codes for somebody who has a second factor. Raises `NotEnrolled`."""
    if not factors.are_enrolled(person_id):
        raise NotEnrolled()
    with db.transaction():
        codes = recovery.renew(person_id)
        notices.tell_change(person_id, "recovery_code", origin)
    return codes


def remove_all(person_id: int, origin: Origin) -> None:
    """For an administrator, when somebody has lost everything: no second factor, and no session, is left."""
    with db.transaction():
        totp.remove(person_id)
        passkeys.remove_all(person_id)
        recovery.remove(person_id)
        sessions.close_others(person_id, None)
        notices.tell_change(person_id, "all", origin)


def _enrolled(caller: Caller, strength: Strength, what: str, origin: Origin) -> list[str]:
    person_id = caller.principal.person_id
    if caller.session_id is None:
        raise SignInRefused()
    sessions.confirm(caller.session_id, strength)
    notices.tell_change(person_id, what, origin)
    return [] if factors.factors_of(person_id).recovery_codes else recovery.renew(person_id)


def _removed(person_id: int, what: str, origin: Origin) -> None:
    """Paper codes follow a second factor; alone they would be a password that nobody chose."""
    if not factors.are_enrolled(person_id):
        recovery.remove(person_id)
    notices.tell_change(person_id, what, origin)
