"""What is found, and by whom."""

from __future__ import annotations

import msgspec


class Asker(msgspec.Struct, frozen=True):
    """Who asks: answers near `ancestry` (from the root to their own unit) come first."""

    person_id: int
    ancestry: tuple[int, ...] = ()


class CardPost(msgspec.Struct, frozen=True):
    """A post somebody holds today."""

    post_id: int
    agency_id: int
    title_th: str
    title_en: str
    is_acting: bool
    is_head: bool


class Card(msgspec.Struct, frozen=True):
    """What a list shows of a person: nothing they or their agency hide. Texts may be empty."""

    person_id: int
    name_th: str
    name_en: str
    title: str
    rank: str
    email: str
    agency_id: int | None
    posts: tuple[CardPost, ...]
    office_phone: str
    extension: str
    mobile: str
    has_picture: bool


class Found(msgspec.Struct, frozen=True):
    """A page of answers. `total` counts those known of so far, up to `MOST_ANSWERS`; `is_exact` says whether that is
    all, `has_more` whether there is a page behind this one."""

    cards: tuple[Card, ...]
    total: int
    is_exact: bool
    has_more: bool


class Unit(msgspec.Struct, frozen=True):
    """An agency as its people's entries show it."""

    id: int
    name_th: str
    name_en: str
    abbreviation: str
    abbreviation_en: str
    ancestry: tuple[int, ...]


class Facts(msgspec.Struct, frozen=True):
    """All that the directory says of a listed person and that others may see."""

    card: Card
    given_th: str
    family_th: str
    given_en: str
    family_en: str
    expertise: str
    addresses: tuple[str, ...]
    """Every address of their own."""
    ancestry: tuple[int, ...]
    units: tuple[Unit, ...]
    """Their own unit and those of their posts, with all above them."""
