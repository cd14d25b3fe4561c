"""Looking officials up: `/api/v1/directory/search` and `/api/v1/directory/people/…`.

For whoever works in the government, to reach each other for official business: what somebody hides is not there, how
much is read is counted, and who reads far more than that needs is stopped for the day (429).
"""

from __future__ import annotations

from typing import Annotated, Final

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from ninja.errors import HttpError

from pirab.blob import queries as blobs
from pirab.core.ids import IdKind
from pirab.directory import queries
from pirab.directory.errors import EntryNotFound
from pirab.directory.finding import entry as entries
from pirab.directory.finding import reading, searching
from pirab.directory.finding.types import Asker
from pirab.directory.types import Principal, Scope
from pirab.openapi.directory_shapes import PersonShown, UnitShown, answer, person_shown, units_shown
from pirab.openapi.keys import key_of
from pirab.openapi.shapes import Cursor, Shape
from pirab.signin import http as signin
from pirab.signin.stepup import require_scope

router: Final = Router(tags=["directory"], by_alias=True)
_PAGE: Final = 50
_PERSON: Final = "/directory/people/{person_id}"
_PICTURES: Final = {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png", b"RIFF": "image/webp"}

Question = Annotated[str, Query(max_length=200, description="Any of: name, post, unit, telephone, address.")]


class PeopleFound(Shape):
    """A page of answers, the best first. `total` counts those known of; unless `isExact`, there are more: ask more
    closely. `next` is the cursor of the page after it, null at the end."""

    people: list[PersonShown]
    units: list[UnitShown]
    total: int
    is_exact: bool
    next: str | None


class EntryShown(PersonShown):
    """The whole entry of an official."""

    expertise: str
    about: str
    units: list[UnitShown]


def reader(request: HttpRequest) -> Principal:
    """Who looks people up. Raises `SignInError`, `ScopeMissing`, and `TooMuchRead` once the day's measure is full."""
    caller = signin.caller_of(request)
    require_scope(caller, Scope.DIRECTORY)
    reading.require_measure(caller.principal.person_id)
    return caller.principal


@router.get("/directory/search", response=PeopleFound, summary="Find officials")
def search(
    request: HttpRequest,
    q: Question,
    cursor: Cursor = None,
    limit: Annotated[int, Query(ge=1, le=_PAGE, description="How many at most.")] = 20,
) -> HttpResponse:
    """Whom the text means: however it is spelled, in either script, while it is being typed.

    The order is exactness, then closeness in the organisation, then past correspondence. At most 200 can be paged
    through.
    """
    who = reader(request)
    offset = _offset(cursor)
    found = searching.search(asker(who), q, offset, limit)
    reading.note(who.person_id, len(found.cards))
    shown = {
        "people": [person_shown(card) for card in found.cards],
        "units": units_shown(entries.units_of(list(found.cards)).values()),
        "total": found.total,
        "isExact": found.is_exact,
        "next": str(offset + len(found.cards)) if found.has_more else None,
    }
    return answer(shown)


@router.get(_PERSON, response=EntryShown, summary="An official's entry")
def person(request: HttpRequest, person_id: str) -> HttpResponse:
    """All that the directory shows of one person; 404 for who is not listed."""
    who = reader(request)
    found = _entry(person_id)
    reading.note(who.person_id, 1)
    units = units_shown(found.units.values())
    return answer(
        person_shown(found.card) | {"expertise": found.expertise, "about": found.about, "units": units}
    )


@router.get(f"{_PERSON}/picture", response={200: None}, summary="An official's picture")
def picture(request: HttpRequest, person_id: str) -> HttpResponse:
    """The picture the person shows; 404 where there is none."""
    require_scope(signin.caller_of(request), Scope.DIRECTORY)
    digest = _entry(person_id).picture
    content = b"" if digest is None else blobs.get(digest)
    kind = next((kind for magic, kind in _PICTURES.items() if content.startswith(magic)), None)
    if digest is None or kind is None:
        raise HttpError(404, "No picture.")
    response = HttpResponse(content, content_type=kind)
    response["ETag"] = f'"{digest.hex()}"'
    response["Cache-Control"] = "private, max-age=3600"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def asker(who: Principal) -> Asker:
    """The person with the place they ask from."""
    agency_id = queries.person(who.person_id).agency_id
    found = [] if agency_id is None else queries.agencies([agency_id])
    return Asker(who.person_id, found[0].ancestry if found else ())


def _entry(person_id: str) -> entries.Entry:
    return entries.entry(key_of(IdKind.PERSON, person_id, EntryNotFound))


def _offset(cursor: str | None) -> int:
    if cursor is None:
        return 0
    if not (cursor.isascii() and cursor.isdigit()) or not 0 < int(cursor[:6]) < searching.MOST_ANSWERS:
        raise HttpError(422, "The cursor is none of ours.")
    return int(cursor)
