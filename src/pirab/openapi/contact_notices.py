"""What changed in cards that follow officials: `/api/v1/accounts/{account_id}/contact-notices`."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.http import HttpRequest
from ninja import Router, Status

from pirab.contacts import links
from pirab.core.ids import IdKind, encode_id
from pirab.directory.types import Right
from pirab.openapi.accounts import account_for
from pirab.openapi.shapes import Limit, Shape

router: Final = Router(tags=["contacts"], by_alias=True)
_PATH: Final = "/accounts/{account_id}/contact-notices"


class ChangeShown(Shape):
    """`field`: name, email, officePhone, mobile, post, unit, or entry: they are listed no more."""

    field: str
    old: str
    new: str


class NoticeShown(Shape):
    """A change of one card."""

    card_id: str
    name: str
    noticed_at: datetime
    changes: list[ChangeShown]
    is_seen: bool


class Notices(Shape):
    """The newest first."""

    items: list[NoticeShown]


@router.get(_PATH, response=Notices, summary="What changed in linked contacts")
def list_notices(request: HttpRequest, account_id: str, limit: Limit = 50) -> Notices:
    """A move, a new telephone, a new post: the cards have it already."""
    key = account_for(request, account_id, Right.READ)
    return Notices(
        items=[
            NoticeShown(
                card_id=encode_id(IdKind.CONTACT_CARD, each.card_id),
                name=each.name,
                noticed_at=each.noticed_at,
                changes=[ChangeShown(field=one.field, old=one.old, new=one.new) for one in each.changes],
                is_seen=each.is_seen,
            )
            for each in links.notices(key, limit)
        ]
    )


@router.post(f"{_PATH}/seen", response={204: None}, summary="The changes have been read")
def seen(request: HttpRequest, account_id: str) -> Status[None]:
    """All of them."""
    links.mark_seen(account_for(request, account_id, Right.WRITE))
    return Status(204, None)
