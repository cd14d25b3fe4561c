"""Signing in: one function for every door that takes a login and a password, and the beginning of a browser session."""

from __future__ import annotations

import unicodedata
from typing import Final

import msgspec

from pirab.core import db
from pirab.directory import queries as directory
from pirab.directory.types import ALL_SCOPES, Principal, Scope
from pirab.signin import agency_directory, factors, history, throttle, tokens
from pirab.signin.errors import AppPasswordNeeded, SignInRefused, TooManyAttempts
from pirab.signin.types import Caller, CredentialKind, Door, Method, Origin, Result
from pirab.signin.verified import VerifiedPasswords

PLAIN_SCOPES: Final = ALL_SCOPES - {Scope.ADMIN}
"""What one proof opens: everything of one's own, no act of administration."""

_verified: Final = VerifiedPasswords()
_LONGEST_PASSWORD: Final = 1024


def authenticate(login: str, secret: str, origin: Origin, door: Door) -> Caller:
    """Who a program signs in: with an app password, or with the person's own password.

    Every door that takes a login and a password asks here; whether the caller's scopes suffice is asked afterwards
    (`stepup.require_scope`, and `directory.policy` for accounts). Who has a second factor needs an app password: their
    own would open everything on one proof. Raises `SignInRefused`, its kind `AppPasswordNeeded`, `TooManyAttempts`.
    """
    proof = tokens.prove(secret, origin)
    if proof is not None:
        holder = principal_of(proof.person_id, proof.scopes)
        if holder.email == directory.normal_form(login):
            if proof.is_news:
                history.record(proof.person_id, door, Method.APP_PASSWORD, Result.OK, origin)
            return Caller(holder, CredentialKind.TOKEN, proof.digest)
    person_id = prove_password(login, secret, origin, door)
    if factors.are_enrolled(person_id):
        raise AppPasswordNeeded()
    return Caller(principal_of(person_id, PLAIN_SCOPES), CredentialKind.PASSWORD)


def prove_password(login: str, password: str, origin: Origin, door: Door) -> int:
    """The key of the person with this password; failures go into their history, and so do programs that get in.

    Raises `SignInRefused`, or `TooManyAttempts` while this origin has to wait before it may try this login.
    """
    normal = directory.normal_form(login)
    if normal is None or len(password) > _LONGEST_PASSWORD:
        raise SignInRefused()
    password = unicodedata.normalize("NFC", password)
    person_id, stored = _stored(normal)
    # The stored hash is part of the name, so a changed password is forgotten everywhere at once.
    name = f"{normal}\0{stored}"
    try:
        return _verified.person(name, password, lambda: _verify(normal, password, origin, door))
    except (SignInRefused, TooManyAttempts) as error:
        if person_id is not None:
            result = Result.BRAKED if isinstance(error, TooManyAttempts) else Result.WRONG
            history.record(person_id, door, Method.PASSWORD, result, origin)
        raise


def principal_of(person_id: int, scopes: frozenset[Scope]) -> Principal:
    """The person with no more than these scopes, and without accounts where none of them reads mail.

    Raises `SignInRefused` for somebody who is gone or disabled.
    """
    principal = directory.principal(person_id)
    if principal is None:
        raise SignInRefused()
    if scopes & {Scope.MAIL, Scope.MAIL_READ}:
        return msgspec.structs.replace(principal, scopes=scopes)
    return msgspec.structs.replace(
        principal, scopes=scopes, roles={}, primary_account_id=None, shared=frozenset()
    )


def _stored(login: str) -> tuple[int | None, str]:
    row = db.row("select id, password from directory_person where login = %s and is_active", (login,))
    return (None, "") if row is None else (row[0], row[1])


def _verify(login: str, password: str, origin: Origin, door: Door) -> int:
    subject = throttle.subject_of(login, origin)
    spraying = throttle.network_of(login, origin)
    throttle.claim(subject)
    if spraying is not None:
        throttle.claim(spraying, throttle.SPRAYING)
    person_id = _owner_of(login, password)
    throttle.clear(subject)
    if spraying is not None:
        throttle.take_back(spraying)
    if door is not Door.WEB:  # a browser's line is written once it is in
        result = Result.NEEDS_APP_PASSWORD if factors.are_enrolled(person_id) else Result.OK
        history.record(person_id, door, Method.PASSWORD, result, origin)
    return person_id


def _owner_of(login: str, password: str) -> int:
    """Whose password this is, as whoever keeps it says: we, or the person's agency."""
    person_id, _ = _stored(login)
    kept_by = None if person_id is None else agency_directory.serving(person_id)
    if person_id is not None and kept_by is not None:
        if not agency_directory.is_right(kept_by, login, password):
            raise SignInRefused()
        return person_id
    principal = directory.authenticate_password(login, password)
    if principal is None:
        raise SignInRefused()
    return principal.person_id
