"""The whole entry of one person, as others may see it."""

from __future__ import annotations

from typing import Final

import msgspec

from pirab.core import db
from pirab.directory.errors import EntryNotFound
from pirab.directory.finding import facts
from pirab.directory.finding.searching import cards
from pirab.directory.finding.types import Card, Unit


class Entry(msgspec.Struct, frozen=True):
    """What can be seen of a person. `units` are those the card speaks of, with all above them, by key."""

    card: Card
    units: dict[int, Unit]
    expertise: str
    about: str
    picture: bytes | None
    """Digest of a blob."""


def entry(person_id: int) -> Entry:
    """The entry; raises `EntryNotFound` for who is not there, not active or not listed: all look alike."""
    found = cards([person_id])
    if not found:
        raise EntryNotFound(str(person_id))
    expertise, about, picture = db.row(_SHOWN, (person_id,)) or ("", "", None)
    return Entry(found[0], units_of(found), expertise, about, None if picture is None else bytes(picture))


def units_of(shown: list[Card]) -> dict[int, Unit]:
    """Every unit these cards speak of, with all above it."""
    keys = {card.agency_id for card in shown} | {post.agency_id for card in shown for post in card.posts}
    return facts.units_with_ancestors(key for key in keys if key is not None)


_SHOWN: Final = """
    select case when 'expertise' = any(hidden) then '' else expertise end,
           case when 'about' = any(hidden) then '' else about end,
           case when 'picture' = any(hidden) then null else picture end
      from directory_profile where person_id = %s
"""
