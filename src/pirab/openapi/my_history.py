"""Who signed in as the person: `/api/v1/me/sign-ins`."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Final

from django.http import HttpRequest
from ninja import Query, Router
from ninja.errors import HttpError
from pydantic import Field

from pirab.core.ids import IdError, IdKind, decode_id
from pirab.openapi.keys import page_of
from pirab.openapi.schemas import Page
from pirab.openapi.shapes import Shape
from pirab.signin import history
from pirab.signin import http as signin
from pirab.signin.types import Door, Method, Result

router: Final = Router(tags=["sign-in"])


class Line(Shape):
    """One sign-in, or the failures of one hour from one place together (`times`)."""

    at: datetime
    door: Door
    method: Method
    result: Result
    address: str
    device: str
    times: int


@router.get("/sign-ins", response=Page[Line], by_alias=True, summary="Who signed in as me")
def list_lines(
    request: HttpRequest,
    limit: Annotated[int, Query(), Field(ge=1, le=200)] = 50,
    cursor: str | None = None,
) -> dict[str, object]:
    """The last 90 days, the newest first."""
    caller = signin.present_caller(request)
    try:
        before = None if cursor is None else decode_id(IdKind.CREDENTIAL, cursor)
    except IdError as error:
        raise HttpError(400, "No such cursor.") from error
    found, following = page_of(
        history.lines_of(caller.principal.person_id, limit + 1, before), limit, IdKind.CREDENTIAL
    )
    lines = [
        Line(
            at=each.at,
            door=each.door,
            method=each.method,
            result=each.result,
            address=each.address,
            device=each.device,
            times=each.times,
        )
        for each in found
    ]
    return {"items": lines, "next": following}
