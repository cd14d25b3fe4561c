"""Taking many entries at once: `/api/v1/directory/exports`. With a purpose, within a measure, and on record."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Final

from django.http import HttpRequest, HttpResponse
from ninja import Field, Router

from pirab.core.ids import IdKind, encode_id
from pirab.directory import authority
from pirab.directory.errors import AgencyForbidden
from pirab.directory.finding import organisation, reading
from pirab.directory.finding.entry import units_of
from pirab.directory.finding.errors import TooMuchRead
from pirab.directory.finding.types import Card
from pirab.openapi.administered import agency_key, caller
from pirab.openapi.directory import reader
from pirab.openapi.places import cursor_at, place_of
from pirab.openapi.shapes import Cursor, Limit, Shape
from pirab.openapi.spreadsheet import csv_rows

router: Final = Router(tags=["directory"], by_alias=True)
_HEADINGS: Final = (
    "title", "nameTh", "nameEn", "rank", "post", "unitTh", "unitEn", "officePhone", "extension", "mobile", "email"
)  # fmt: skip


class WantedPeople(Shape):
    """People of which unit and all below it, and what for: the purpose is recorded with your name."""

    unit_id: Annotated[str, Field(max_length=64)]
    purpose: Annotated[str, Field(min_length=1, max_length=reading.MOST_PURPOSE)]


class BulkReadShown(Shape):
    """Who took how many entries, when, of which unit and why."""

    id: str
    login: str
    at: datetime
    unit_id: str | None
    entries: int
    purpose: str


class BulkReads(Shape):
    """The record, the newest first."""

    items: list[BulkReadShown]
    next: str | None


@router.post("/directory/exports", response={200: str}, summary="Take a unit's people as CSV")
def export(request: HttpRequest, wanted: WantedPeople) -> HttpResponse:
    """At most 2,000 people at once and 5,000 a day; 429 beyond that, and nothing is given."""
    who = reader(request)
    unit, _ = organisation.unit(agency_key(wanted.unit_id))
    cards = organisation.people_below(unit.id, reading.MOST_TAKEN_AT_ONCE + 1)
    if len(cards) > reading.MOST_TAKEN_AT_ONCE:
        raise TooMuchRead()
    reading.take(who, unit.id, len(cards), wanted.purpose)
    response = HttpResponse(_csv(cards), content_type="text/csv; charset=utf-8; header=present")
    response["Content-Disposition"] = f'attachment; filename="people-{wanted.unit_id}.csv"'
    response["Cache-Control"] = "no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response


@router.get("/directory/bulk-reads", response=BulkReads, summary="Who took many entries at once")
def bulk_reads(request: HttpRequest, cursor: Cursor = None, limit: Limit = 50) -> BulkReads:
    """For operators and the central security officer."""
    duties = authority.authority_of(caller(request))
    if not (duties.is_operator or duties.is_central_security_officer):
        raise AgencyForbidden()
    place = place_of(cursor, tuple[int])
    page = reading.bulk_reads(None if place is None else place[0], limit + 1)
    return BulkReads(
        items=[_shown(each) for each in page[:limit]],
        next=cursor_at((page[limit - 1].id,)) if len(page) > limit else None,
    )


def _shown(each: reading.BulkRead) -> BulkReadShown:
    return BulkReadShown(
        id=str(each.id),
        login=each.login,
        at=each.at,
        unit_id=None if each.agency_id is None else encode_id(IdKind.AGENCY, each.agency_id),
        entries=each.entries,
        purpose=each.purpose,
    )


def _csv(cards: list[Card]) -> bytes:
    units = units_of(cards)
    return csv_rows(
        _HEADINGS,
        (
            (card.title, card.name_th, card.name_en, card.rank, ", ".join(post.title_th for post in card.posts),
             *((unit.name_th, unit.name_en) if (unit := units.get(card.agency_id or 0)) else ("", "")),
             card.office_phone, card.extension, card.mobile, card.email)
            for card in cards
        ),
    )  # fmt: skip
