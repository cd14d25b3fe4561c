"""Whose session it is."""

from __future__ import annotations

from django.contrib.sessions.backends.db import SessionStore

from pirab.core import clock, db
from pirab.signin.actions import PERSON

_LONGEST_KEY = 40


def person_of_session(key: str) -> int | None:
    """The key of the person a browser session belongs to; None when it is unknown, ended or expired."""
    if len(key) > _LONGEST_KEY or not key.isalnum():
        return None
    data = db.scalar(
        "select session_data from django_session where session_key = %s and expire_date > %s",
        (key, clock.now()),
    )
    person_id = SessionStore().decode(data).get(PERSON) if data is not None else None
    return person_id if isinstance(person_id, int) else None
