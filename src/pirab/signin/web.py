"""How a browser signs in: a first proof, a second one where the person has it, and an open session at the end."""

from __future__ import annotations

import msgspec

from pirab.core import db
from pirab.directory.types import ALL_SCOPES, Principal
from pirab.signin import actions, agency_directory, device, factors, history, notices, sessions
from pirab.signin.errors import SessionNotFound
from pirab.signin.types import Door, Method, OpenSession, Origin, Result, Stage, Strength


class Entered(msgspec.Struct, frozen=True):
    """Where a browser stands: `key` is the secret of its session; at stage `SECOND_FACTOR`, `ways` are the proofs
    that may follow."""

    principal: Principal
    key: str
    stage: Stage
    ways: tuple[str, ...]


def enter_with_password(login: str, password: str, origin: Origin) -> Entered:
    """Raises as `actions.prove_password` does."""
    person_id = actions.prove_password(login, password, origin, Door.WEB)
    method = Method.PASSWORD if agency_directory.serving(person_id) is None else Method.AGENCY_PASSWORD
    return enter(person_id, method, Strength.PLAIN, origin)


def enter(person_id: int, method: Method, strength: Strength, origin: Origin) -> Entered:
    """Open a session for somebody who has proved one thing or two. Raises `SignInRefused` for who is disabled."""
    scopes = ALL_SCOPES if strength is Strength.STRONG else actions.PLAIN_SCOPES
    principal = actions.principal_of(person_id, scopes)
    enrolled = factors.factors_of(person_id)
    if strength is Strength.PLAIN and enrolled.are_enrolled:
        history.record(person_id, Door.WEB, method, Result.SECOND_FACTOR, origin)
        key = sessions.open_session(person_id, strength, method, origin, Stage.SECOND_FACTOR)
        return Entered(principal, key, Stage.SECOND_FACTOR, enrolled.ways)
    with db.transaction():
        key = sessions.open_session(person_id, strength, method, origin)
        _arrived(principal, method, origin)
    return Entered(principal, key, Stage.OPEN, ())


def complete(session: OpenSession, method: Method, origin: Origin) -> Entered:
    """The second factor of a waiting session was right. Raises `SessionNotFound` where it waits no more."""
    if session.stage is not Stage.SECOND_FACTOR:
        raise SessionNotFound()
    principal = actions.principal_of(session.person_id, ALL_SCOPES)
    with db.transaction():
        key = sessions.complete(session, method)
        _arrived(principal, method, origin)
    return Entered(principal, key, Stage.OPEN, ())


def _arrived(principal: Principal, method: Method, origin: Origin) -> None:
    is_new = device.number(origin.device, principal.email) is None and history.has_signed_in(
        principal.person_id
    )
    history.record(principal.person_id, Door.WEB, method, Result.OK, origin)
    if is_new:
        notices.tell_new_device(principal.person_id, origin)
