"""People and units as the directory shows them to every official."""

from __future__ import annotations

from collections.abc import Iterable

from pirab.core.ids import IdKind, encode_id
from pirab.directory.finding.types import Card, Unit
from pirab.openapi.shapes import Shape


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


class Units(Shape):
    """What a page's people and posts refer to: the units and all above them."""

    units: list[UnitShown]


def unit_shown(unit: Unit) -> UnitShown:
    """A unit as clients see it."""
    return UnitShown(
        id=encode_id(IdKind.AGENCY, unit.id),
        name_th=unit.name_th,
        name_en=unit.name_en,
        abbreviation=unit.abbreviation,
        abbreviation_en=unit.abbreviation_en,
        path=[encode_id(IdKind.AGENCY, key) for key in unit.ancestry],
    )


def units_shown(units: Iterable[Unit]) -> list[UnitShown]:
    """Units in the order of their keys."""
    return [unit_shown(unit) for unit in sorted(units, key=lambda unit: unit.id)]


def person_shown(card: Card) -> PersonShown:
    """A person as clients see them."""
    return PersonShown(
        id=encode_id(IdKind.PERSON, card.person_id),
        name_th=card.name_th,
        name_en=card.name_en,
        title=card.title,
        rank=card.rank,
        email=card.email,
        unit_id=None if card.agency_id is None else encode_id(IdKind.AGENCY, card.agency_id),
        posts=[
            PostHeld(
                id=encode_id(IdKind.POST, post.post_id),
                unit_id=encode_id(IdKind.AGENCY, post.agency_id),
                title_th=post.title_th,
                title_en=post.title_en,
                is_acting=post.is_acting,
                is_head=post.is_head,
            )
            for post in card.posts
        ],
        office_phone=card.office_phone,
        extension=card.extension,
        mobile=card.mobile,
        has_picture=card.has_picture,
    )
