"""What a card that follows an official's entry says of them: entries of its own beside those the person wrote.

Everything taken from the directory stands under ids that begin with `dir`, so that what the person added stays theirs.
The name is taken along as long as nobody has written another one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import msgspec

from pirab.directory.finding.types import Card, Unit

NAME: Final = "pirab.go.th:name"
"""The vendor property that keeps the official's name as it was taken last."""
_OWN: Final = "dir"
_MEMBERS: Final = ("emails", "phones", "titles", "organizations")
_FIELDS: Final = {
    ("emails", "dir"): ("email", "address"),
    ("phones", "dir-office"): ("officePhone", "number"),
    ("phones", "dir-mobile"): ("mobile", "number"),
    ("titles", "dir"): ("post", "name"),
    ("organizations", "dir"): ("unit", "name"),
}


class Change(msgspec.Struct, frozen=True):
    """One thing that is otherwise now: name, email, officePhone, mobile, post, unit, or entry (they are gone)."""

    field: str
    old: str
    new: str


def followed(content: dict[str, Any], card: Card, units: Mapping[int, Unit]) -> dict[str, Any]:
    """The content with what the entry says now."""
    official = _official(card, units)
    result = dict(content)
    for member in _MEMBERS:
        own = {key: value for key, value in content.get(member, {}).items() if not key.startswith(_OWN)}
        entries = own | official.get(member, {})
        result.pop(member, None)
        if entries:
            result[member] = entries
    written = (content.get("name") or {}).get("full", "")
    if (
        card.name_th
        and written in ("", content.get(NAME, ""))
        and "components" not in (content.get("name") or {})
    ):
        result["name"] = (content.get("name") or {}) | {"full": card.name_th}
    return result | {NAME: card.name_th or "-"}


def changes(before: dict[str, Any], after: dict[str, Any]) -> list[Change]:
    """What a person is told of a change; nothing when the card begins to follow."""
    if NAME not in before:
        return []
    found = [Change("name", before[NAME], after[NAME])]
    for (member, key), (field, value) in _FIELDS.items():
        old, new = (content.get(member, {}).get(key, {}).get(value, "") for content in (before, after))
        found.append(Change(field, old, new))
    return [change for change in found if change.old != change.new]


def _official(card: Card, units: Mapping[int, Unit]) -> dict[str, dict[str, Any]]:
    post = card.posts[0] if card.posts else None
    unit_id = post.agency_id if post else card.agency_id
    unit = units.get(unit_id) if unit_id is not None else None
    office = f"{card.office_phone} ต่อ {card.extension}" if card.extension else card.office_phone
    found: dict[str, dict[str, Any]] = {}
    if card.email:
        found["emails"] = {"dir": {"address": card.email, "contexts": {"work": True}}}
    phones = {"dir-office": (office, "work"), "dir-mobile": (card.mobile, "mobile")}
    found["phones"] = {
        key: {"number": number}
        | ({"features": {"mobile": True}} if kind == "mobile" else {"contexts": {"work": True}})
        for key, (number, kind) in phones.items()
        if number
    }
    if post:
        found["titles"] = {"dir": {"name": post.title_th, "kind": "title"}}
    if unit:
        found["organizations"] = {"dir": {"name": unit.name_th}}
    return found
