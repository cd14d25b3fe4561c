"""Browser sessions: opened, raised by a second factor, listed and ended. Only a digest of each key is kept."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from typing import Final

from django.conf import settings

from pirab.core import clock, db
from pirab.signin import agents
from pirab.signin.errors import SessionNotFound
from pirab.signin.models import Session
from pirab.signin.types import Method, OpenSession, Origin, SessionView, Stage, Strength

SECOND_FACTOR_SECONDS: Final = 600
"""How long somebody whose password was right may look for their second factor."""
SEEN_EVERY: Final = timedelta(minutes=5)
"""How exact `seen_at` is: a write for each request would cost more than the request."""
_LONGEST_KEY: Final = 64
_NOWHERE: Final = Origin("")


def digest_of(key: str) -> bytes:
    """What is kept of a session key."""
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).digest()


def open_session(
    person_id: int,
    strength: Strength = Strength.PLAIN,
    method: Method = Method.PASSWORD,
    origin: Origin = _NOWHERE,
    stage: Stage = Stage.OPEN,
) -> str:
    """A new browser session; returns its key, which is a secret and always a new one (no fixation)."""
    key, now = secrets.token_urlsafe(32), clock.now()
    seconds = settings.SESSION_COOKIE_AGE if stage is Stage.OPEN else SECOND_FACTOR_SECONDS
    Session.objects.create(
        person_id=person_id,
        digest=digest_of(key),
        stage=stage,
        method=method,
        address=origin.address[:100],
        agent=origin.agent[: agents.LONGEST],
        created_at=now,
        seen_at=now,
        confirmed_at=now,
        strong_at=now if strength is Strength.STRONG else None,
        expires_at=now + timedelta(seconds=seconds),
    )
    return key


def find(key: str) -> OpenSession | None:
    """The session with this key, whatever its stage; None when it is unknown, ended or expired."""
    if len(key) > _LONGEST_KEY:
        return None
    found = db.row(_FIND, (digest_of(key), clock.now()))
    return None if found is None else OpenSession(found[0], found[1], Stage(found[2]), *found[3:])


_FIND: Final = """
    select id, person_id, stage, seen_at, confirmed_at, strong_at
      from signin_session where digest = %s and expires_at > %s
"""


def note_use(session: OpenSession, origin: Origin) -> None:
    """Remember when and where a session was used, at most every `SEEN_EVERY`."""
    now = clock.now()
    if now - session.seen_at >= SEEN_EVERY:
        db.execute(
            "update signin_session set seen_at = %s, address = %s where id = %s and seen_at = %s",
            (now, origin.address[:100], session.id, session.seen_at),
        )


def complete(session: OpenSession, method: Method) -> str:
    """The second factor was right: the session opens under a new key, which is returned.

    Of two that come at once one wins; the other raises `SessionNotFound`.
    """
    key, now = secrets.token_urlsafe(32), clock.now()
    changed = Session.objects.filter(pk=session.id, stage=Stage.SECOND_FACTOR, expires_at__gt=now).update(
        digest=digest_of(key),
        stage=Stage.OPEN,
        method=method,
        confirmed_at=now,
        strong_at=now,
        expires_at=now + timedelta(seconds=settings.SESSION_COOKIE_AGE),
    )
    if not changed:
        raise SessionNotFound()
    return key


def confirm(session_id: int, strength: Strength) -> None:
    """The person at this session has proved once more who they are."""
    now = clock.now()
    fields = {"confirmed_at": now} | ({"strong_at": now} if strength is Strength.STRONG else {})
    Session.objects.filter(pk=session_id).update(**fields)


def close_session(key: str) -> None:
    """End a session; an unknown one is ended already."""
    Session.objects.filter(digest=digest_of(key)).delete()


def close(person_id: int, session_id: int) -> None:
    """End one of the person's sessions. Raises `SessionNotFound`, also for somebody else's."""
    if not Session.objects.filter(pk=session_id, person_id=person_id).delete()[0]:
        raise SessionNotFound()


def close_others(person_id: int, kept: int | None) -> int:
    """End every session of the person but `kept`; returns how many ended."""
    theirs = Session.objects.filter(person_id=person_id)
    return (theirs if kept is None else theirs.exclude(pk=kept)).delete()[0]


def sessions_of(person_id: int) -> list[SessionView]:
    """The person's open sessions, the latest used first."""
    found = Session.objects.filter(person_id=person_id, stage=Stage.OPEN, expires_at__gt=clock.now())
    return [
        SessionView(
            row.pk,
            agents.name_of(row.agent),
            row.address,
            Method(row.method),
            row.created_at,
            row.seen_at,
            row.expires_at,
        )
        for row in found.order_by("-seen_at", "-pk")
    ]


def forget_expired() -> None:
    """Remove the rows of sessions that nobody can use any more."""
    Session.objects.filter(expires_at__lte=clock.now()).delete()
