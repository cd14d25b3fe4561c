"""Where the person is signed in: `/api/v1/me/sessions`."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.http import HttpRequest
from ninja import Router, Status

from pirab.core.ids import IdKind, encode_id
from pirab.openapi.keys import key_of
from pirab.openapi.schemas import Listed
from pirab.openapi.shapes import Shape
from pirab.signin import http as signin
from pirab.signin import sessions
from pirab.signin.errors import SessionNotFound
from pirab.signin.types import Method

router: Final = Router(tags=["sign-in"])


class MySession(Shape):
    """A browser that is signed in. `device` is "" where nothing is known of it."""

    id: str
    device: str
    address: str
    method: Method
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    is_this_one: bool


class Ended(Shape):
    """How many sessions ended."""

    ended: int


@router.get("/sessions", response=Listed[MySession], by_alias=True, summary="Where I am signed in")
def list_sessions(request: HttpRequest) -> dict[str, list[MySession]]:
    """Every open session, the latest used first; `seen_at` is exact to five minutes."""
    caller = signin.present_caller(request)
    found = sessions.sessions_of(caller.principal.person_id)
    return {
        "items": [
            MySession(
                id=encode_id(IdKind.CREDENTIAL, each.id),
                device=each.device,
                address=each.address,
                method=each.method,
                created_at=each.created_at,
                seen_at=each.seen_at,
                expires_at=each.expires_at,
                is_this_one=each.id == caller.session_id,
            )
            for each in found
        ]
    }


@router.delete("/sessions", response=Ended, by_alias=True, summary="Sign out everywhere else")
def end_others(request: HttpRequest) -> Ended:
    """End every session but this one."""
    caller = signin.present_caller(request)
    return Ended(ended=sessions.close_others(caller.principal.person_id, caller.session_id))


@router.delete("/sessions/{session_id}", response={204: None}, summary="Sign a device out")
def end_one(request: HttpRequest, session_id: str) -> Status[None]:
    """End one session; 404 for an unknown one and for somebody else's alike."""
    caller = signin.present_caller(request)
    sessions.close(caller.principal.person_id, key_of(IdKind.CREDENTIAL, session_id, SessionNotFound))
    return Status(204, None)
