"""Walking the organisation: `/api/v1/directory/units/…`, down to posts and the addresses to write to them."""

from __future__ import annotations

from typing import Annotated, Final

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from pirab.core.ids import IdKind, encode_id
from pirab.directory.finding import organisation, reading
from pirab.directory.finding.entry import units_of
from pirab.directory.finding.organisation import StaffedPost
from pirab.directory.types import AgencyKind
from pirab.openapi.administered import agency_key
from pirab.openapi.directory import reader
from pirab.openapi.directory_shapes import (
    PersonShown,
    Shown,
    UnitShown,
    answer,
    person_shown,
    unit_shown,
    units_shown,
)
from pirab.openapi.places import cursor_at, place_of
from pirab.openapi.shapes import Cursor, Shape

router: Final = Router(tags=["directory"], by_alias=True)
_UNIT: Final = "/directory/units/{unit_id}"
_Limit = Annotated[int, Query(ge=1, le=100, description="How many at most.")]


class Child(UnitShown):
    """A unit in a list."""

    kind: AgencyKind
    has_children: bool


class Children(Shape):
    """Units in their order. `next` is the cursor of the page after it, null at the end."""

    items: list[Child]
    next: str | None


class UnitWhole(UnitShown):
    """A unit with the way to it. `writeTo` is its central address, where it has one."""

    above: list[UnitShown]
    write_to: list[str]


class HolderShown(Shape):
    """Somebody who holds a post today."""

    person: PersonShown
    is_acting: bool


class PostShown(Shape):
    """A post. `writeTo` is its own address, else its holders', else the unit's central one: a letter to it reaches
    whoever holds it."""

    id: str
    title_th: str
    title_en: str
    is_head: bool
    holders: list[HolderShown]
    write_to: list[str]


class Posts(Shape):
    """Posts of a unit in their order, its head first."""

    items: list[PostShown]
    next: str | None


class People(Shape):
    """People of exactly this unit, by name; `units` are those their posts stand in."""

    items: list[PersonShown]
    units: list[UnitShown]
    next: str | None


@router.get("/directory/units", response=Children, summary="The roots of the organisation")
def roots(request: HttpRequest, cursor: Cursor = None, limit: _Limit = 100) -> HttpResponse:
    """Ministries, provinces, and whatever else stands by itself."""
    reader(request)
    return _children(None, cursor, limit)


@router.get(_UNIT, response=UnitWhole, summary="A unit of the organisation")
def unit(request: HttpRequest, unit_id: str) -> HttpResponse:
    """The unit and the way to it; 404 for one that is no more."""
    reader(request)
    found, above = organisation.unit(agency_key(unit_id))
    write_to = list(organisation.saraban_of([found.id]).get(found.id, ()))
    return answer(unit_shown(found) | {"above": [unit_shown(each) for each in above], "writeTo": write_to})


@router.get(f"{_UNIT}/children", response=Children, summary="Units below a unit")
def children(request: HttpRequest, unit_id: str, cursor: Cursor = None, limit: _Limit = 100) -> HttpResponse:
    """Those directly below, in their order."""
    reader(request)
    found, _ = organisation.unit(agency_key(unit_id))
    return _children(found.id, cursor, limit)


@router.get(f"{_UNIT}/posts", response=Posts, summary="Posts of a unit")
def posts(request: HttpRequest, unit_id: str, cursor: Cursor = None, limit: _Limit = 50) -> HttpResponse:
    """Each with those who hold it today and where to write to it."""
    who = reader(request)
    found, _ = organisation.unit(agency_key(unit_id))
    page = organisation.posts(found.id, place_of(cursor, tuple[int, int]), limit + 1)
    reading.note(who.person_id, sum(len(post.holders) for post in page[:limit]))
    last = page[limit - 1] if len(page) > limit else None
    place = None if last is None else cursor_at((last.position, last.id))
    return answer({"items": [_post(post) for post in page[:limit]], "next": place})


@router.get(f"{_UNIT}/people", response=People, summary="People of a unit")
def people(request: HttpRequest, unit_id: str, cursor: Cursor = None, limit: _Limit = 50) -> HttpResponse:
    """Everybody listed in exactly this unit, in the order of a Thai dictionary."""
    who = reader(request)
    found, _ = organisation.unit(agency_key(unit_id))
    page = organisation.people(found.id, place_of(cursor, tuple[str, int]), limit + 1)
    cards = [card for card, _ in page[:limit]]
    reading.note(who.person_id, len(cards))
    shown = {
        "items": [person_shown(card) for card in cards],
        "units": units_shown(units_of(cards).values()),
        "next": cursor_at(page[limit - 1][1]) if len(page) > limit else None,
    }
    return answer(shown)


def _children(above: int | None, cursor: str | None, limit: int) -> HttpResponse:
    page = organisation.children(above, place_of(cursor, tuple[int, str, int]), limit + 1)
    items = [
        unit_shown(each.unit) | {"kind": each.kind, "hasChildren": each.has_children} for each in page[:limit]
    ]
    return answer({"items": items, "next": cursor_at(page[limit - 1].order) if len(page) > limit else None})


def _post(post: StaffedPost) -> Shown:
    return {
        "id": encode_id(IdKind.POST, post.id),
        "titleTh": post.title_th,
        "titleEn": post.title_en,
        "isHead": post.is_head,
        "holders": [{"person": person_shown(each.card), "isActing": each.is_acting} for each in post.holders],
        "writeTo": list(post.write_to),
    }
