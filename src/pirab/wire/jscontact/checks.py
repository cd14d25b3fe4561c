"""The pieces that the shapes of cards are put together from: each looks at one value and raises `CardInvalid`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any, Final

Check = Callable[[Any, str], None]
"""Called with a value and its place in the card (a JSON pointer without the first slash)."""

LONGEST_TEXT: Final = 100_000
"""Characters of one text: notes and embedded pictures are the long ones; the card as a whole has a limit too."""
MOST_ENTRIES: Final = 1_000
"""Entries of one map or list that are not members of a group."""
MOST_MEMBERS: Final = 10_000
_DEEPEST: Final = 8
"""Levels of a value that only its vendor understands."""

_ID: Final = re.compile("[A-Za-z0-9_-]{1,255}")
_TOKEN: Final = re.compile("[A-Za-z0-9][A-Za-z0-9.:/_-]{0,127}")
_VENDOR: Final = re.compile("[A-Za-z0-9-]+(\\.[A-Za-z0-9-]+)+:[^\\s/~]{1,200}")
_UTC: Final = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]{1,9})?Z")
_LANGUAGE: Final = re.compile("[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8}){0,8}")
_URI: Final = re.compile('[A-Za-z][A-Za-z0-9+.-]{0,63}:[^\\s<>"\\x00-\\x1f\\x7f]+')
_COUNTRY: Final = re.compile("[A-Za-z]{2}")
_MEDIA: Final = re.compile("[A-Za-z0-9!#$&^_.+-]{1,127}/[A-Za-z0-9!#$&^_.+-]{1,127}(;.{0,200})?")
_UNWANTED: Final = re.compile("[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f\ud800-\udfff]")


class CardInvalid(ValueError):
    """A card is not one of rfc9553. `place` is where: a JSON pointer without its first slash."""

    def __init__(self, place: str, reason: str) -> None:
        super().__init__(f"{place or 'card'}: {reason}")
        self.place = place

    @property
    def property(self) -> str:
        """The property of the card that is wrong."""
        return self.place.split("/", 1)[0]


def text(value: Any, place: str) -> None:
    """A String without control characters."""
    if not isinstance(value, str):
        raise CardInvalid(place, "must be a string")
    if len(value) > LONGEST_TEXT:
        raise CardInvalid(place, "is too long")
    if _UNWANTED.search(value):
        raise CardInvalid(place, "holds control characters")


def filled(value: Any, place: str) -> None:
    """A String that says something."""
    text(value, place)
    if not value.strip():
        raise CardInvalid(place, "must not be empty")


def boolean(value: Any, place: str) -> None:
    """true or false."""
    if not isinstance(value, bool):
        raise CardInvalid(place, "must be true or false")


def number(least: int, most: int) -> Check:
    """A whole number between two bounds."""

    def check(value: Any, place: str) -> None:
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            raise CardInvalid(place, f"must be a whole number from {least} to {most}")

    return check


def _matching(pattern: re.Pattern[str], what: str) -> Check:
    def check(value: Any, place: str) -> None:
        text(value, place)
        if not pattern.fullmatch(value):
            raise CardInvalid(place, f"must be {what}")

    return check


token: Final = _matching(_TOKEN, "one of the known words, or a vendor's")
identifier: Final = _matching(_ID, "an Id")
language: Final = _matching(_LANGUAGE, "a language tag")
uri: Final = _matching(_URI, "a URI")
country: Final = _matching(_COUNTRY, "a country code of two letters")
media_type: Final = _matching(_MEDIA, "a media type")


def utc_date(value: Any, place: str) -> None:
    """A UTCDateTime."""
    text(value, place)
    if not _UTC.fullmatch(value):
        raise CardInvalid(place, "must be a UTCDateTime")
    try:
        datetime.fromisoformat(value[:19])
    except ValueError as error:
        raise CardInvalid(place, "is no date") from error


def one_of(*words: str) -> Check:
    """One of a closed list."""

    def check(value: Any, place: str) -> None:
        if value not in words:
            raise CardInvalid(place, f"must be one of {', '.join(words)}")

    return check


def mapping(key: Check, value: Check, most: int = MOST_ENTRIES) -> Check:
    """An object whose names and values pass."""

    def check(given: Any, place: str) -> None:
        if not isinstance(given, dict):
            raise CardInvalid(place, "must be an object")
        if len(given) > most:
            raise CardInvalid(place, f"has more than {most} entries")
        for name, each in given.items():
            key(name, place)
            value(each, f"{place}/{_escaped(name)}")

    return check


def listing(item: Check) -> Check:
    """A list whose items pass."""

    def check(given: Any, place: str) -> None:
        if not isinstance(given, list):
            raise CardInvalid(place, "must be a list")
        if len(given) > MOST_ENTRIES:
            raise CardInvalid(place, f"has more than {MOST_ENTRIES} items")
        for position, each in enumerate(given):
            item(each, f"{place}/{position}")

    return check


def only_true(value: Any, place: str) -> None:
    """The value of a set's entry."""
    if value is not True:
        raise CardInvalid(place, "must be true")


def words_set(value: Any, place: str) -> None:
    """String[Boolean] of open words, as contexts and features are."""
    mapping(token, only_true)(value, place)


def any_json(value: Any, place: str) -> None:
    """Whatever a vendor means, within bounds."""
    _bounded(value, place, _DEEPEST)


def is_vendors(name: str) -> bool:
    """Whether a property carries its vendor's name (rfc9553#1.8.2)."""
    return _VENDOR.fullmatch(name) is not None


def shape(
    name: str,
    properties: Mapping[str, Check],
    required: Iterable[str] = (),
    also: Callable[[dict[str, Any], str], None] | None = None,
) -> Check:
    """An object of type `name`; `also` looks at it as a whole."""
    known = dict(properties) | {"@type": one_of(name), "vCardParams": any_json, "vCardName": token}
    wanted = tuple(required)

    def check(given: Any, place: str) -> None:
        if not isinstance(given, dict):
            raise CardInvalid(place, f"must be a {name} object")
        for key, value in given.items():
            inside = f"{place}/{_escaped(key)}" if place else _escaped(key)
            test = known.get(key)
            if test is None:
                if not is_vendors(key):
                    raise CardInvalid(inside, f"is no property of {name}")
                test = any_json
            test(value, inside)
        for key in wanted:
            if key not in given:
                raise CardInvalid(f"{place}/{key}" if place else key, f"is missing in a {name}")
        if also is not None:
            also(given, place)

    return check


def _escaped(name: str) -> str:
    return name[:100].replace("~", "~0").replace("/", "~1")


def _bounded(value: Any, place: str, left: int) -> None:
    if left == 0:
        raise CardInvalid(place, "is nested too deep")
    if isinstance(value, str):
        text(value, place)
    elif isinstance(value, list):
        if len(value) > MOST_ENTRIES:
            raise CardInvalid(place, "has too many items")
        for position, each in enumerate(value):
            _bounded(each, f"{place}/{position}", left - 1)
    elif isinstance(value, dict):
        if len(value) > MOST_ENTRIES:
            raise CardInvalid(place, "has too many entries")
        for name, each in value.items():
            text(name, place)
            _bounded(each, f"{place}/{_escaped(name)}", left - 1)
