"""Whom an account writes to, remembered by itself: `/api/v1/accounts/{account_id}/correspondents`."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Final

from django.http import HttpRequest
from ninja import Field, Router, Status

from pirab.contacts import correspondents
from pirab.directory.types import Right
from pirab.openapi.accounts import account_for
from pirab.openapi.shapes import Limit, Shape

router: Final = Router(tags=["contacts"], by_alias=True)
_PATH: Final = "/accounts/{account_id}/correspondents"


class CorrespondentShown(Shape):
    """Somebody the account writes to."""

    email: str
    name: str
    letters: int
    last_at: datetime


class Correspondents(Shape):
    """Those written to most and latest first; `remembers`: whether they are counted at all."""

    remembers: bool
    items: list[CorrespondentShown]


class Remembering(Shape):
    """Whether to count; switching off forgets everybody."""

    remembers: bool


class Forgotten(Shape):
    """Addresses to forget."""

    emails: Annotated[list[str], Field(max_length=1000)]


@router.get(_PATH, response=Correspondents, summary="Whom the account writes to")
def list_correspondents(request: HttpRequest, account_id: str, limit: Limit = 50) -> Correspondents:
    """Counted on sending alone: what comes in, junk above all, teaches nothing."""
    key = account_for(request, account_id, Right.READ)
    return Correspondents(
        remembers=correspondents.remembers(key),
        items=[
            CorrespondentShown(email=each.address, name=each.name, letters=each.letters, last_at=each.last_at)
            for each in correspondents.correspondents_of(key, limit)
        ],
    )


@router.patch(_PATH, response={204: None}, summary="Remember correspondents or not")
def switch(request: HttpRequest, account_id: str, wanted: Remembering) -> Status[None]:
    """Switching off forgets whoever was counted."""
    key = account_for(request, account_id, Right.WRITE)
    if wanted.remembers:
        correspondents.start_remembering(key)
    else:
        correspondents.stop_remembering(key)
    return Status(204, None)


@router.delete(_PATH, response={204: None}, summary="Forget all correspondents")
def clear(request: HttpRequest, account_id: str) -> Status[None]:
    """Counting goes on from nothing."""
    correspondents.forget_all(account_for(request, account_id, Right.WRITE))
    return Status(204, None)


@router.post(f"{_PATH}/forget", response={204: None}, summary="Forget some correspondents")
def forget(request: HttpRequest, account_id: str, wanted: Forgotten) -> Status[None]:
    """Addresses nobody knows are passed over."""
    correspondents.forget(account_for(request, account_id, Right.WRITE), wanted.emails)
    return Status(204, None)
