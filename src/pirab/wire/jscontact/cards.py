"""The Card of rfc9553 and everything in it."""

from __future__ import annotations

from typing import Any, Final

import msgspec

from pirab.wire.jscontact.checks import (
    MOST_MEMBERS,
    CardInvalid,
    Check,
    any_json,
    boolean,
    country,
    filled,
    identifier,
    language,
    listing,
    mapping,
    media_type,
    number,
    one_of,
    only_true,
    shape,
    text,
    token,
    uri,
    utc_date,
    words_set,
)

LARGEST_CARD: Final = 256 * 1024
"""Octets of a card as JSON."""

_FURTHER: Final[dict[str, Check]] = {
    "contexts": words_set,
    "pref": number(1, 100),
    "label": text,
}


def _some_of(*names: str) -> Any:
    def check(given: dict[str, Any], place: str) -> None:
        if not any(name in given for name in names):
            raise CardInvalid(place, f"needs one of {', '.join(names)}")

    return check


def _check_order(given: dict[str, Any], place: str) -> None:
    """rfc9553#2.2.1, #2.5.1: a separator means something between ordered components only."""
    _some_of("components", "full")(given, place)
    if "defaultSeparator" in given and given.get("isOrdered") is not True:
        raise CardInvalid(f"{place}/defaultSeparator", "is for ordered components only")
    if "sortAs" in given and "components" not in given:
        raise CardInvalid(f"{place}/sortAs", "needs components")


_COMPONENTS: Final[dict[str, Check]] = {
    "isOrdered": boolean,
    "defaultSeparator": text,
    "full": text,
    "phoneticScript": token,
    "phoneticSystem": token,
}
_NAME_COMPONENT: Final = shape(
    "NameComponent", {"value": text, "kind": token, "phonetic": text}, ("value", "kind")
)
_NAME: Final = shape(
    "Name",
    _COMPONENTS | {"components": listing(_NAME_COMPONENT), "sortAs": mapping(token, text)},
    also=_check_order,
)
_NICKNAME: Final = shape("Nickname", {"name": text} | _FURTHER, ("name",))
_UNIT: Final = shape("OrgUnit", {"name": text, "sortAs": text}, ("name",))
_ORGANIZATION: Final = shape(
    "Organization",
    {"name": text, "units": listing(_UNIT), "sortAs": text, "contexts": words_set},
    also=_some_of("name", "units"),
)
_PRONOUNS: Final = shape("Pronouns", {"pronouns": text} | _FURTHER, ("pronouns",))
_SPEAK: Final = shape("SpeakToAs", {"grammaticalGender": token, "pronouns": mapping(identifier, _PRONOUNS)})
_TITLE: Final = shape("Title", {"name": text, "kind": token, "organizationId": identifier}, ("name",))
_EMAIL: Final = shape("EmailAddress", {"address": filled} | _FURTHER, ("address",))
_ONLINE: Final = shape(
    "OnlineService", {"service": text, "uri": uri, "user": text} | _FURTHER, also=_some_of("uri", "user")
)
_PHONE: Final = shape("Phone", {"number": filled, "features": words_set} | _FURTHER, ("number",))
_LANGUAGE: Final = shape(
    "LanguagePref", {"language": language, "contexts": words_set, "pref": number(1, 100)}, ("language",)
)
_RESOURCE: Final[dict[str, Check]] = {"uri": uri, "kind": token, "mediaType": media_type} | _FURTHER
_CALENDAR: Final = shape("Calendar", _RESOURCE, ("uri", "kind"))
_SCHEDULING: Final = shape("SchedulingAddress", {"uri": uri} | _FURTHER, ("uri",))
_ADDRESS_COMPONENT: Final = shape(
    "AddressComponent", {"value": text, "kind": token, "phonetic": text}, ("value", "kind")
)
_ADDRESS: Final = shape(
    "Address",
    _COMPONENTS
    | {
        "components": listing(_ADDRESS_COMPONENT),
        "countryCode": country,
        "coordinates": uri,
        "timeZone": filled,
        "contexts": words_set,
        "pref": number(1, 100),
    },
    also=lambda given, place: _check_order(
        given if given.keys() & {"components", "full"} else given | {"full": ""}, place
    ),
)
_KEY: Final = shape("CryptoKey", _RESOURCE, ("uri",))
_DIRECTORY: Final = shape("Directory", _RESOURCE | {"listAs": number(1, 2**31)}, ("uri", "kind"))
_LINK: Final = shape("Link", _RESOURCE, ("uri",))
_MEDIA: Final = shape("Media", _RESOURCE | {"blobId": identifier}, ("kind",), _some_of("uri", "blobId"))
_PARTIAL_DATE: Final = shape(
    "PartialDate",
    {
        "year": number(0, 9999),
        "month": number(1, 12),
        "day": number(1, 31),
        "calendarScale": token,
    },
    also=_some_of("year", "month"),
)
_TIMESTAMP: Final = shape("Timestamp", {"utc": utc_date}, ("utc",))


def _moment(value: Any, place: str) -> None:
    """A PartialDate, or a Timestamp that says that it is one."""
    is_stamp = isinstance(value, dict) and value.get("@type") == "Timestamp"
    (_TIMESTAMP if is_stamp else _PARTIAL_DATE)(value, place)


_ANNIVERSARY: Final = shape(
    "Anniversary", {"kind": token, "date": _moment, "place": _ADDRESS}, ("kind", "date")
)
_AUTHOR: Final = shape("Author", {"name": text, "uri": uri}, also=_some_of("name", "uri"))
_NOTE: Final = shape("Note", {"note": text, "created": utc_date, "author": _AUTHOR}, ("note",))
_INFO: Final = shape(
    "PersonalInfo",
    {"kind": token, "value": text, "level": token, "listAs": number(1, 2**31), "label": text},
    ("kind", "value"),
)
_RELATION: Final = shape("Relation", {"relation": words_set})

_PROPERTIES: Final[dict[str, Check]] = {
    "version": one_of("1.0"),
    "uid": filled,
    "created": utc_date,
    "updated": utc_date,
    "kind": token,
    "language": language,
    "prodId": text,
    "members": mapping(filled, only_true, MOST_MEMBERS),
    "relatedTo": mapping(filled, _RELATION),
    "name": _NAME,
    "nicknames": mapping(identifier, _NICKNAME),
    "organizations": mapping(identifier, _ORGANIZATION),
    "speakToAs": _SPEAK,
    "titles": mapping(identifier, _TITLE),
    "emails": mapping(identifier, _EMAIL),
    "onlineServices": mapping(identifier, _ONLINE),
    "phones": mapping(identifier, _PHONE),
    "preferredLanguages": mapping(identifier, _LANGUAGE),
    "calendars": mapping(identifier, _CALENDAR),
    "schedulingAddresses": mapping(identifier, _SCHEDULING),
    "addresses": mapping(identifier, _ADDRESS),
    "cryptoKeys": mapping(identifier, _KEY),
    "directories": mapping(identifier, _DIRECTORY),
    "links": mapping(identifier, _LINK),
    "media": mapping(identifier, _MEDIA),
    "anniversaries": mapping(identifier, _ANNIVERSARY),
    "keywords": mapping(filled, only_true),
    "notes": mapping(identifier, _NOTE),
    "personalInfo": mapping(identifier, _INFO),
    "vCardProps": any_json,
}


def _check_group(given: dict[str, Any], place: str) -> None:
    """rfc9553#2.1.6: only a group has members."""
    if "members" in given and given.get("kind") != "group":
        raise CardInvalid("members", "is for groups only")


_CARD: Final = shape("Card", _PROPERTIES, ("version", "uid"), _check_group)


def validate(card: dict[str, Any]) -> None:
    """Raise `CardInvalid` unless `card` (decoded JSON) is a Card of rfc9553, its localizations included."""
    if len(msgspec.json.encode(card)) > LARGEST_CARD:
        raise CardInvalid("", f"is larger than {LARGEST_CARD} octets")
    plain = {name: value for name, value in card.items() if name != "localizations"}
    _CARD(plain, "")
    if "localizations" in card:
        _check_localizations(plain, card["localizations"])


def _check_localizations(card: dict[str, Any], given: Any) -> None:
    """rfc9553#2.7.1: each patch must lead to a card again, and leaves what is not language alone."""
    mapping(language, any_json, most=50)(given, "localizations")
    for tag, patch in given.items():
        place = f"localizations/{tag}"
        if not isinstance(patch, dict):
            raise CardInvalid(place, "must be an object")
        patched: dict[str, Any] = card
        for pointer, value in patch.items():
            parts = [part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")]
            if parts[0] in ("@type", "version", "uid", "kind", "members", "localizations", ""):
                raise CardInvalid(place, f"must not change {parts[0]!r}")
            patched = _patched(patched, parts, value, place)
        try:
            _CARD(patched, "")
        except CardInvalid as error:
            raise CardInvalid(f"{place}/{error.place.replace('/', '~1')}", "leads to no card") from error


def _patched(target: Any, parts: list[str], value: Any, place: str) -> Any:
    """A copy of `target` with one value set (null removes); raises `CardInvalid` for a path that leads nowhere."""
    head, rest = parts[0], parts[1:]
    if isinstance(target, dict):
        copy = dict(target)
        if rest:
            if head not in copy:
                raise CardInvalid(place, f"points to nothing at {head!r}")
            copy[head] = _patched(copy[head], rest, value, place)
        elif value is None:
            copy.pop(head, None)
        else:
            copy[head] = value
        return copy
    if isinstance(target, list) and head.isascii() and head.isdigit() and int(head[:6]) < len(target):
        items = list(target)
        items[int(head)] = _patched(items[int(head)], rest, value, place) if rest else value
        return items
    raise CardInvalid(place, f"points to nothing at {head!r}")
