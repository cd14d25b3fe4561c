"""What a credential leaves behind that something may be tied to, and whether it still opens the door."""

from __future__ import annotations

import hashlib
import hmac

from pirab.core import clock, db
from pirab.signin.types import Caller, CredentialKind


def mark_of(caller: Caller) -> bytes:
    """32 octets that stand for the credential `caller` signed in with; no secret can be found from them.

    Two sessions or tokens of one person have different marks; a password has one until it is changed.
    """
    if caller.kind is CredentialKind.PASSWORD:
        return _password_mark(caller.principal.person_id)
    return caller.digest


def is_alive(person_id: int, kind: CredentialKind, mark: bytes) -> bool:
    """Whether the credential with this mark would still sign the person in (rfc8620#7.2)."""
    if not db.scalar("select true from directory_person where id = %s and is_active", (person_id,)):
        return False
    match kind:
        case CredentialKind.PASSWORD:
            return hmac.compare_digest(_password_mark(person_id), mark)
        case CredentialKind.TOKEN:
            return bool(db.scalar(_BEARER, (mark, person_id, clock.now())))
        case CredentialKind.SESSION:
            return bool(db.scalar(_COOKIE, (mark, person_id, clock.now())))


_BEARER = """
    select true from signin_token
     where digest = %s and person_id = %s and (expires_at is null or expires_at > %s)
"""
_COOKIE = """
    select true from signin_session
     where digest = %s and person_id = %s and stage = 'open' and expires_at > %s
"""


def _password_mark(person_id: int) -> bytes:
    stored = db.scalar("select password from directory_person where id = %s", (person_id,))
    return hashlib.sha256(b"password\0" + str(stored).encode()).digest()
