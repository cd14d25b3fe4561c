"""What a recipient field offers: `/api/v1/completions`."""

from __future__ import annotations

from typing import Annotated, Final

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from pirab.contacts import completion
from pirab.contacts.completion import Suggestion
from pirab.core.ids import IdKind, encode_id
from pirab.directory import policy
from pirab.directory.finding import reading
from pirab.directory.finding.errors import TooMuchRead
from pirab.directory.types import Principal, Right, Scope
from pirab.openapi.directory import asker
from pirab.openapi.shapes import Shape
from pirab.signin import http as signin

router: Final = Router(tags=["contacts"], by_alias=True)

Typed = Annotated[str, Query(max_length=200, description="What was typed: part of a name or address.")]


class MemberShown(Shape):
    """Somebody in a group of one's own."""

    name: str
    email: str


class SuggestionShown(Shape):
    """One offer. `kind`: `official`, `contact`, `correspondent`, `group` (of the directory, written to by its address)
    or `list` (a group of one's own: write to its `members`)."""

    kind: str
    name: str
    name_en: str
    email: str
    post_th: str
    post_en: str
    unit_th: str
    unit_en: str
    person_id: str | None
    card_id: str | None
    members: list[MemberShown]


class Completions(Shape):
    """The offers, the likeliest first, each address once."""

    items: list[SuggestionShown]


@router.get("/completions", response=Completions, summary="Offer recipients for what is typed")
def completions(
    request: HttpRequest,
    response: HttpResponse,
    q: Typed,
    limit: Annotated[int, Query(ge=1, le=completion.MOST, description="How many at most.")] = 10,
) -> Completions:
    """One's own contacts, correspondents and groups, and officials and groups of the directory, in one list.

    Once the day's measure of the directory is full, one's own contacts are still offered.
    """
    who = signin.caller_of(request).principal
    asks = _may_ask_directory(who)
    found = completion.complete(_account(who), asker(who), q, limit, asks_directory=asks)
    reading.note(who.person_id, sum(each.kind == "official" for each in found))
    response["Cache-Control"] = "no-store"
    return Completions(items=[_shown(each) for each in found])


def _account(who: Principal) -> int | None:
    """The account whose contacts are offered: one's own, if the credential may read it."""
    own = who.primary_account_id
    return own if own is not None and policy.may(who, own, Right.READ) else None


def _may_ask_directory(who: Principal) -> bool:
    if Scope.DIRECTORY not in who.scopes:
        return False
    try:
        reading.require_measure(who.person_id)
    except TooMuchRead:
        return False
    return True


def _shown(each: Suggestion) -> SuggestionShown:
    return SuggestionShown(
        kind=each.kind,
        name=each.name,
        name_en=each.name_en,
        email=each.email,
        post_th=each.post_th,
        post_en=each.post_en,
        unit_th=each.unit_th,
        unit_en=each.unit_en,
        person_id=None if each.person_id is None else encode_id(IdKind.PERSON, each.person_id),
        card_id=None if each.card_id is None else encode_id(IdKind.CONTACT_CARD, each.card_id),
        members=[MemberShown(name=member.name, email=member.email) for member in each.members],
    )
