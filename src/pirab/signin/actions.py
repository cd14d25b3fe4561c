"""Signing in and out."""

from __future__ import annotations

from typing import Final

from django.contrib.sessions.backends.db import SessionStore

from pirab.directory import queries as directory
from pirab.directory.types import Principal
from pirab.signin import throttle
from pirab.signin.errors import SignInRefused
from pirab.signin.types import Origin
from pirab.signin.verified import VerifiedPasswords

PERSON: Final = "person"
"""The member of a session that says whose it is: the person's key."""

_verified: Final = VerifiedPasswords()
_LONGEST_PASSWORD: Final = 1024


def sign_in(login: str, password: str, origin: Origin) -> Principal:
    """The person with this password.

    Raises `SignInRefused`, or `TooManyAttempts` while this origin has to wait before it may try this login.
    """
    normal = directory.normal_form(login)
    if normal is None or len(password) > _LONGEST_PASSWORD:
        raise SignInRefused()
    person_id = _verified.person(normal, password, lambda: _verify(normal, password, origin))
    principal = directory.principal(person_id)
    if principal is None:
        raise SignInRefused()
    return principal


def _verify(login: str, password: str, origin: Origin) -> int:
    subject = throttle.subject_of(login, origin)
    throttle.claim(subject)
    principal = directory.authenticate_password(login, password)
    if principal is None:
        raise SignInRefused()
    throttle.clear(subject)
    return principal.person_id


def open_session(person_id: int) -> str:
    """A new browser session; returns its key, which is a secret."""
    session = SessionStore()
    session[PERSON] = person_id
    session.create()
    if session.session_key is None:
        raise RuntimeError("the session store gave no key")
    return session.session_key


def close_session(key: str) -> None:
    """End a session; an unknown one is ended already."""
    SessionStore().delete(key)


def forget_expired_sessions() -> None:
    """Remove the rows of sessions that nobody can use any more."""
    SessionStore.clear_expired()
