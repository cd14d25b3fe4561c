"""What waits for me as the manager of a group: `/api/v1/me/groups/…`."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.http import HttpRequest, HttpResponse
from ninja import Router

from pirab.core.ids import IdKind, encode_id
from pirab.directory import queries as directory
from pirab.directory.errors import GroupNotFound
from pirab.directory.types import GroupInfo, Principal
from pirab.groups import moderation, queries
from pirab.groups.errors import LetterNotFound
from pirab.groups.types import State, Waiting
from pirab.openapi.administered import caller
from pirab.openapi.groups import Group, shown
from pirab.openapi.keys import key_of, page_of
from pirab.openapi.schemas import Listed, Page
from pirab.openapi.shapes import Cursor, Limit, Shape

router: Final = Router(tags=["groups"], by_alias=True)
_ONE: Final = "/groups/{group_id}"
_LETTER: Final = f"{_ONE}/letters/{{letter_id}}"


class Letter(Shape):
    """A letter to a moderated group. `size` in octets."""

    id: str
    writer: str
    subject: str
    preview: str
    size: int
    received_at: datetime
    state: State
    decided_by: str | None
    decided_at: datetime | None


def _shown(letter: Waiting) -> Letter:
    return Letter(
        id=encode_id(IdKind.APPROVAL, letter.id),
        writer=letter.writer,
        subject=letter.subject,
        preview=letter.preview,
        size=letter.size,
        received_at=letter.received_at,
        state=letter.state,
        decided_by=letter.decided_by,
        decided_at=letter.decided_at,
    )


@router.get("/groups", response=Listed[Group], summary="The groups I manage")
def mine(request: HttpRequest) -> Listed[Group]:
    """Directly, or by a post the caller holds."""
    found = directory.groups_managed_by(caller(request).person_id)
    return Listed[Group](items=[shown(group) for group in found])


@router.get(f"{_ONE}/letters", response=Page[Letter], summary="Letters that wait for a manager")
def letters(request: HttpRequest, group_id: str, cursor: Cursor = None, limit: Limit = 50) -> Page[Letter]:
    """Waiting and decided, the newest first."""
    group = _managed(caller(request), group_id)
    before = 2**62 if cursor is None else _key(cursor)
    found, more = page_of(queries.waiting(group.id, before, limit + 1), limit, IdKind.APPROVAL)
    return Page[Letter](items=[_shown(letter) for letter in found], next=more)


@router.get(f"{_LETTER}/content", response={200: None}, summary="Read a waiting letter")
def content(request: HttpRequest, group_id: str, letter_id: str) -> HttpResponse:
    """The letter itself (message/rfc822), while it waits."""
    group = _managed(caller(request), group_id)
    response = HttpResponse(
        queries.bytes_waiting(group.id, _key(letter_id)),
        content_type="message/rfc822",
    )
    response["Content-Disposition"] = 'attachment; filename="letter.eml"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


@router.post(f"{_LETTER}/release", response=Letter, summary="Let a letter through")
def release(request: HttpRequest, group_id: str, letter_id: str) -> Letter:
    """To whoever is in the group now; 409 when somebody has decided already."""
    who = caller(request)
    group = _managed(who, group_id)
    moderation.release(_key(letter_id), group.id, who.person_id)
    return _one(group, letter_id)


@router.post(f"{_LETTER}/refuse", response=Letter, summary="Refuse a letter")
def refuse(request: HttpRequest, group_id: str, letter_id: str) -> Letter:
    """It goes no further; its writer is told."""
    who = caller(request)
    group = _managed(who, group_id)
    moderation.refuse(_key(letter_id), group.id, who.person_id)
    return _one(group, letter_id)


def _managed(who: Principal, group_id: str) -> GroupInfo:
    group = directory.group(key_of(IdKind.GROUP, group_id, GroupNotFound))
    if not directory.is_manager(group.id, who.person_id):
        raise GroupNotFound()
    return group


def _one(group: GroupInfo, letter_id: str) -> Letter:
    return _shown(queries.waiting(group.id, _key(letter_id) + 1, 1)[0])


def _key(text: str) -> int:
    return key_of(IdKind.APPROVAL, text, LetterNotFound)
