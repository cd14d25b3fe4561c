"""People and units as the directory shows them to every official.

The shapes describe; what is sent is made of plain values, for it is asked for at every key stroke and the shapes would
take ten times as long. A test holds the two together.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec
from django.http import HttpResponse

from pirab.core.ids import IdKind, encode_id
from pirab.directory.finding.types import Card, CardPost, Unit
from pirab.openapi.shapes import Shape

Shown = dict[str, Any]
"""A value of one of the shapes below, as JSON has it."""


class UnitShown(Shape):
    """An agency. `path` is the way from the root to it, itself included, as ids."""

    id: str
    name_th: str
    name_en: str
    abbreviation: str
    abbreviation_en: str
    path: list[str]


class PostHeld(Shape):
    """A post somebody holds today; `isActing`: for whoever should hold it."""

    id: str
    unit_id: str
    title_th: str
    title_en: str
    is_acting: bool
    is_head: bool


class PersonShown(Shape):
    """An official. What they or their agency hide is empty. `title` stands before the name, `rank` is an official's."""

    id: str
    name_th: str
    name_en: str
    title: str
    rank: str
    email: str
    unit_id: str | None
    posts: list[PostHeld]
    office_phone: str
    extension: str
    mobile: str
    has_picture: bool


def answer(shown: Shown) -> HttpResponse:
    """The JSON of a page, kept by nobody on the way."""
    response = HttpResponse(msgspec.json.encode(shown), content_type="application/json")
    response["Cache-Control"] = "no-store"
    return response


def unit_shown(unit: Unit) -> Shown:
    """A `UnitShown`."""
    return {
        "id": encode_id(IdKind.AGENCY, unit.id),
        "nameTh": unit.name_th,
        "nameEn": unit.name_en,
        "abbreviation": unit.abbreviation,
        "abbreviationEn": unit.abbreviation_en,
        "path": [encode_id(IdKind.AGENCY, key) for key in unit.ancestry],
    }


def units_shown(units: Iterable[Unit]) -> list[Shown]:
    """`UnitShown`s in the order of their keys."""
    return [unit_shown(unit) for unit in sorted(units, key=lambda unit: unit.id)]


def person_shown(card: Card) -> Shown:
    """A `PersonShown`."""
    return {
        "id": encode_id(IdKind.PERSON, card.person_id),
        "nameTh": card.name_th,
        "nameEn": card.name_en,
        "title": card.title,
        "rank": card.rank,
        "email": card.email,
        "unitId": None if card.agency_id is None else encode_id(IdKind.AGENCY, card.agency_id),
        "posts": [_post_held(post) for post in card.posts],
        "officePhone": card.office_phone,
        "extension": card.extension,
        "mobile": card.mobile,
        "hasPicture": card.has_picture,
    }


def _post_held(post: CardPost) -> Shown:
    return {
        "id": encode_id(IdKind.POST, post.post_id),
        "unitId": encode_id(IdKind.AGENCY, post.agency_id),
        "titleTh": post.title_th,
        "titleEn": post.title_en,
        "isActing": post.is_acting,
        "isHead": post.is_head,
    }
