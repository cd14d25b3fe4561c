"""Codes of an authenticator app (rfc6238): six digits each thirty seconds, each good once."""

from __future__ import annotations

import base64
import unicodedata
from typing import Final

import msgspec
import pyotp
import segno

from pirab.blob import store as keys
from pirab.core import clock, db
from pirab.signin.errors import AlreadyEnrolled, NotEnrolled, SignInRefused
from pirab.signin.models import Totp

SECRET_BYTES: Final = 20
"""160 bits, as long as the HMAC (rfc4226#4 R6)."""
_PADDED_BYTES: Final = 24  # key wrapping takes multiples of eight
_WINDOW: Final = 1
"""Steps before and after the present one that are good too: clocks of phones differ."""
_ISSUER: Final = "Pirab"


class Enrolment(msgspec.Struct, frozen=True):
    """What an app needs: the secret for typing, the URI, and the URI as a QR code in rows of 0 and 1."""

    secret: str
    uri: str
    qr: tuple[str, ...]


def begin(person_id: int, login: str) -> Enrolment:
    """A new secret, of no use until `confirm`; one that was begun before is replaced. Raises `AlreadyEnrolled`."""
    secret = pyotp.random_base32(SECRET_BYTES * 8 // 5)
    key_id, wrapped = keys.keyring().wrap(pyotp.TOTP(secret).byte_secret().ljust(_PADDED_BYTES, b"\0"))
    changed = db.execute(_BEGIN, (person_id, key_id, wrapped, clock.now()))
    if not changed:
        raise AlreadyEnrolled()
    uri = pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name=_ISSUER)
    matrix = segno.make(uri, error="m", micro=False).matrix
    return Enrolment(secret, uri, tuple("".join("1" if dark else "0" for dark in row) for row in matrix))


_BEGIN: Final = """
    insert into signin_totp as t (person_id, key_id, wrapped, is_active, last_step, created_at)
    values (%s, %s, %s, false, 0, %s)
    on conflict (person_id) do update set key_id = excluded.key_id, wrapped = excluded.wrapped,
           created_at = excluded.created_at, last_step = 0
     where not t.is_active
"""


def confirm(person_id: int, code: str) -> None:
    """The first code of the new secret: from now on it is asked for.

    Raises `NotEnrolled` where nothing was begun, `SignInRefused` for a wrong code.
    """
    row = Totp.objects.filter(person_id=person_id, is_active=False).first()
    if row is None:
        raise NotEnrolled()
    step = _step_of(row, code)
    if not Totp.objects.filter(person_id=person_id, is_active=False, wrapped=bytes(row.wrapped)).update(
        is_active=True, last_step=step, last_used_at=clock.now()
    ):
        raise NotEnrolled()


def prove(person_id: int, code: str) -> None:
    """Return when this is a code of the person's app that nobody has used. Raises `SignInRefused`."""
    row = Totp.objects.filter(person_id=person_id, is_active=True).first()
    if row is None:
        raise SignInRefused()
    step = _step_of(row, code)
    # Of two that come at once with one code, one finds the step used.
    if not Totp.objects.filter(person_id=person_id, is_active=True, last_step__lt=step).update(
        last_step=step, last_used_at=clock.now()
    ):
        raise SignInRefused()


def remove(person_id: int) -> bool:
    """The app's codes are no longer asked for; whether they were."""
    return bool(Totp.objects.filter(person_id=person_id).delete()[0])


def _step_of(row: Totp, code: str) -> int:
    secret = keys.keyring().unwrap(row.key_id, bytes(row.wrapped))[:SECRET_BYTES]
    app = pyotp.TOTP(_base32(secret))
    try:
        return app.verify_and_get_timecode(
            _digits(code), for_time=clock.now().timestamp(), valid_window=_WINDOW
        )
    except pyotp.exceptions.OTPVerificationError as error:
        raise SignInRefused() from error


def _base32(secret: bytes) -> str:

    return base64.b32encode(secret).decode("ascii")


def _digits(code: str) -> str:
    """The code in ASCII digits, without the spaces apps show; Thai digits count."""
    found = (unicodedata.digit(letter, None) for letter in code[:20])
    return "".join(str(digit) for digit in found if digit is not None)
