"""The second proof: after a password, and again before a dangerous act. Guesses meet a brake of their own.

Whoever guesses codes knows the password already. Eight mistakes are free for one address, fifty a day for all unknown
ones together, so a million codes cannot be tried from many places; the owner's known devices never feel the latter.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

import msgspec

from pirab.directory.types import Principal
from pirab.signin import actions, factors, history, notices, passkeys, recovery, throttle, totp
from pirab.signin.errors import SignInRefused, TooManyAttempts
from pirab.signin.passkey_types import Given
from pirab.signin.types import Door, Method, Origin, Result, Strength

SECOND_FACTOR: Final = "second-factor"
CONFIRM: Final = "confirm"
"""Purposes of a passkey's challenge."""


class Way(StrEnum):
    """What may be shown."""

    TOTP = "totp"
    RECOVERY_CODE = "recovery_code"
    PASSKEY = "passkey"
    PASSWORD = "password"  # noqa: S105 - the name of a way
    """Only to confirm, by somebody who has no second factor."""


class Proof(msgspec.Struct, frozen=True):
    """What somebody shows: a code or password as `secret`, or the answer of a passkey."""

    way: Way
    secret: str = ""
    passkey: Given | None = None


_METHODS: Final = {
    Way.TOTP: Method.TOTP,
    Way.RECOVERY_CODE: Method.RECOVERY_CODE,
    Way.PASSKEY: Method.PASSKEY,
    Way.PASSWORD: Method.PASSWORD,
}


def prove_second(person: Principal, session_id: int, purpose: str, proof: Proof, origin: Origin) -> Method:
    """Return how the person has proved themselves a second time; a failure goes into their history.

    Raises `SignInRefused`, `ChallengeRefused`, `TooManyAttempts`.
    """
    method = _METHODS[proof.way]
    own = throttle.second_factor_of(person.email, origin)
    shared = throttle.second_factors_everywhere(person.email, origin)
    try:
        throttle.claim(own)
        if shared is not None:
            throttle.claim(shared, throttle.CODES)
        _check(person, session_id, purpose, proof)
    except (SignInRefused, TooManyAttempts) as error:
        result = Result.BRAKED if isinstance(error, TooManyAttempts) else Result.WRONG
        history.record(person.person_id, Door.WEB, method, result, origin)
        raise
    throttle.clear(own)
    if shared is not None:
        throttle.take_back(shared)
    if proof.way is Way.RECOVERY_CODE:
        notices.tell_change(person.person_id, "recovery_code", origin)
    return method


def confirm(person: Principal, session_id: int, proof: Proof, origin: Origin) -> Strength:
    """The same for somebody who is signed in; a password suffices only for who has nothing else, and proves one thing.

    Raises as `prove_second` does.
    """
    if proof.way is not Way.PASSWORD:
        prove_second(person, session_id, CONFIRM, proof, origin)
        return Strength.STRONG
    if factors.are_enrolled(person.person_id):
        raise SignInRefused()
    if actions.prove_password(person.email, proof.secret, origin, Door.WEB) != person.person_id:
        raise SignInRefused()
    return Strength.PLAIN


def _check(person: Principal, session_id: int, purpose: str, proof: Proof) -> None:
    match proof.way:
        case Way.TOTP:
            totp.prove(person.person_id, proof.secret)
        case Way.RECOVERY_CODE:
            recovery.prove(person.person_id, proof.secret)
        case Way.PASSKEY if proof.passkey is not None:
            passkeys.prove(purpose, proof.passkey, person.person_id, session_id)
        case _:
            raise SignInRefused()
