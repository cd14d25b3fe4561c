"""Step-up: before a dangerous act, a proof of who is there that was given a moment ago.

What everybody else calls is `require_recent_strong_auth`. A token is never enough, for it proves no presence.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from pirab.core import clock
from pirab.directory.types import Scope
from pirab.signin import factors
from pirab.signin.errors import ScopeMissing, StrongAuthNeeded
from pirab.signin.types import Caller, CredentialKind

RECENT: Final = timedelta(minutes=10)
"""How long a proof counts as given a moment ago."""


def require_recent_strong_auth(caller: Caller) -> None:
    """Return when this session proved two things within `RECENT`.

    Raises `StrongAuthNeeded`: the person has to confirm with one of its `ways` (`POST /api/v1/session/confirm`), or,
    where `must_enrol`, to set up a second factor first.
    """
    now = clock.now()
    if caller.kind is CredentialKind.SESSION and caller.strong_at and now - caller.strong_at <= RECENT:
        return
    enrolled = factors.factors_of(caller.principal.person_id)
    raise StrongAuthNeeded(enrolled.ways, must_enrol=not enrolled.are_enrolled)


def require_recent_proof(caller: Caller) -> None:
    """As above for the person's own means of signing in: who has no second factor confirms with their password.

    Raises `StrongAuthNeeded`.
    """
    enrolled = factors.factors_of(caller.principal.person_id)
    at = caller.strong_at if enrolled.are_enrolled else caller.confirmed_at
    if caller.kind is CredentialKind.SESSION and at is not None and clock.now() - at <= RECENT:
        return
    ways = enrolled.ways or (("password",) if enrolled.password else ())
    raise StrongAuthNeeded(ways, must_enrol=False)


def require_scope(caller: Caller, scope: Scope) -> None:
    """Return when the caller's credential lets this through. Raises `ScopeMissing`."""
    if scope not in caller.principal.scopes:
        raise ScopeMissing(scope.value)
