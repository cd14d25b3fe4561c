"""What an AddressBook looks like from outside, and what of it may be set (rfc9610#2)."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from typing import Any, Final

import msgspec

from pirab.contacts.books import LONGEST_NAME
from pirab.contacts.types import BookDraft, BookPatch, BookRow
from pirab.core.ids import IdKind, encode_id
from pirab.jmap.capabilities import UNIT_BOOKS
from pirab.jmap.errors import invalid_properties

UNIT: Final = "pirab:unitId"
"""The agency whose people may read the book, for those who ask with the capability `UNIT_BOOKS`."""
_LONGEST_DESCRIPTION: Final = 10_000
_MOST: Final = 2**31 - 1

_VALUES: Final[dict[str, Callable[[BookRow], Any]]] = {
    "id": lambda row: encode_id(IdKind.ADDRESS_BOOK, row.id),
    "name": lambda row: row.name,
    "description": lambda row: row.description,
    "sortOrder": lambda row: row.sort_order,
    "isDefault": lambda row: row.is_default,
    "isSubscribed": lambda row: row.is_subscribed,
    "shareWith": lambda row: None,
    UNIT: lambda row: None if row.unit_id is None else encode_id(IdKind.AGENCY, row.unit_id),
}
_STANDARD: Final = (*(name for name in _VALUES if name != UNIT), "myRights")
_SETTABLE: Final = frozenset({"name", "description", "sortOrder", "isSubscribed"})


def every_property(using: frozenset[str]) -> tuple[str, ...]:
    """Every property there is under these capabilities."""
    return (*_STANDARD, UNIT) if UNIT_BOOKS in using else _STANDARD


def render(row: BookRow, names: list[str], *, may_write: bool) -> dict[str, Any]:
    """The object with the properties in `names`."""
    rights = {
        "mayRead": True,
        "mayWrite": may_write,
        "mayShare": False,
        "mayDelete": may_write and not row.is_default,
    }
    return {name: rights if name == "myRights" else _VALUES[name](row) for name in names}


def draft_of(record: dict[str, Any]) -> BookDraft:
    """A new book from what a client sent; raises `invalidProperties` naming everything that is wrong."""
    patch = patch_of(record, {"isDefault": False, "shareWith": None})
    if patch.name is msgspec.UNSET:
        raise invalid_properties("A book needs a name.", "name")
    return BookDraft(
        patch.name,
        None if patch.description is msgspec.UNSET else patch.description,
        0 if patch.sort_order is msgspec.UNSET else patch.sort_order,
        True if patch.is_subscribed is msgspec.UNSET else patch.is_subscribed,
    )


def patch_of(record: dict[str, Any], current: dict[str, Any]) -> BookPatch:
    """What a client sent; any other property may be there with the value it has in `current` (rfc8620#5.3)."""
    bad = [name for name, value in record.items() if not _is_good(name, value, current)]
    if bad:
        raise invalid_properties(
            "Unknown, set by the server, or of the wrong type.", *(name[:100] for name in bad)
        )
    name = record.get("name", msgspec.UNSET)
    order = record.get("sortOrder", msgspec.UNSET)
    subscribed = record.get("isSubscribed", msgspec.UNSET)
    return BookPatch(
        unicodedata.normalize("NFC", name) if isinstance(name, str) else msgspec.UNSET,
        record.get("description", msgspec.UNSET),
        0 if order is None else order,
        True if subscribed is None else subscribed,
    )


def _is_good(name: str, value: Any, current: dict[str, Any]) -> bool:
    if name not in _SETTABLE:
        return name in current and current[name] == value and type(current[name]) is type(value)
    if name == "name":
        return isinstance(value, str) and _is_name(unicodedata.normalize("NFC", value))
    if name == "description":
        return value is None or (
            isinstance(value, str) and len(value) <= _LONGEST_DESCRIPTION and "\0" not in value
        )
    if name == "sortOrder":
        return value is None or (type(value) is int and 0 <= value <= _MOST)
    return value is None or isinstance(value, bool)


def _is_name(name: str) -> bool:
    octets = len(name.encode("utf-8", "surrogatepass"))
    return (
        bool(name.strip())
        and octets <= LONGEST_NAME
        and not any(ord(char) < 32 or char == "\x7f" for char in name)
    )
