"""Writing vCards of versions 3.0 (rfc2426) and 4.0 (rfc6350)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import Any, Final

_LINE: Final = 75
"""Octets of a line before it is folded (rfc6350#3.2)."""
_PARTS: Final = ("postOfficeBox", "apartment", "name", "locality", "region", "postcode", "country")
_CONTEXTS: Final = {"private": "home", "work": "work"}
_FEATURES: Final = {"mobile": "cell"}


class VcardVersion(StrEnum):
    """Which standard to write."""

    V3 = "3.0"
    V4 = "4.0"


def write_vcards(cards: Iterable[dict[str, Any]], version: VcardVersion) -> Iterator[bytes]:
    """Each card (rfc9553, valid) as a vCard."""
    for card in cards:
        yield b"".join(_folded(line) for line in _lines(card, version))


def _lines(card: dict[str, Any], version: VcardVersion) -> Iterator[str]:
    is_group = card.get("kind") == "group"
    is_new = version is VcardVersion.V4
    yield "BEGIN:VCARD"
    yield f"VERSION:{version.value}"
    yield f"UID:{_uid(card['uid'])}"
    if is_group:
        yield "KIND:group" if is_new else "X-ADDRESSBOOKSERVER-KIND:group"
    yield f"FN:{_text(_shown(card))}"
    yield f"N:{';'.join(_parts(card, kind) for kind in ('surname', 'given', 'given2', 'title', 'credential'))}"
    yield from _people(card, version)
    yield from _places(card)
    if is_group:
        name = "MEMBER" if is_new else "X-ADDRESSBOOKSERVER-MEMBER"
        yield from (f"{name}:{_uid(uid)}" for uid in card.get("members", {}))
    yield "END:VCARD"


def _people(card: dict[str, Any], version: VcardVersion) -> Iterator[str]:
    for each in _entries(card, "nicknames"):
        yield f"NICKNAME:{_text(each['name'])}"
    for each in _entries(card, "organizations"):
        units = [each.get("name", ""), *(unit["name"] for unit in each.get("units", ()))]
        yield f"ORG:{';'.join(map(_text, units))}"
    for each in _entries(card, "titles"):
        yield f"{'ROLE' if each.get('kind') == 'role' else 'TITLE'}:{_text(each['name'])}"
    for each in _entries(card, "emails"):
        yield f"EMAIL{_parameters(each, version)}:{_text(each['address'])}"
    for each in _entries(card, "phones"):
        yield f"TEL{_parameters(each, version)}:{_text(each['number'])}"


def _places(card: dict[str, Any]) -> Iterator[str]:
    for each in _entries(card, "addresses"):
        by_kind = {part["kind"]: part["value"] for part in each.get("components", ())}
        if not by_kind and each.get("full"):
            by_kind = {"name": each["full"]}
        yield f"ADR:{';'.join(_text(by_kind.get(kind, '')) for kind in _PARTS)}"
    for each in _entries(card, "links"):
        yield f"URL:{_uid(each['uri'])}"
    for each in _entries(card, "notes"):
        yield f"NOTE:{_text(each['note'])}"
    if card.get("keywords"):
        yield f"CATEGORIES:{','.join(map(_text, card['keywords']))}"
    for each in _entries(card, "anniversaries"):
        date = each["date"]
        if each["kind"] == "birth" and {"year", "month", "day"} <= date.keys():
            yield f"BDAY:{date['year']:04}{date['month']:02}{date['day']:02}"


def _parameters(entry: dict[str, Any], version: VcardVersion) -> str:
    types = [_CONTEXTS[word] for word in entry.get("contexts", {}) if word in _CONTEXTS]
    types += [_FEATURES.get(word, word) for word in entry.get("features", {}) if word.isalpha()]
    is_new = version is VcardVersion.V4
    if entry.get("pref") == 1 and not is_new:
        types.append("pref")
    pref = f";PREF={entry['pref']}" if is_new and "pref" in entry else ""
    return "".join(f";TYPE={word}" for word in types) + pref


def _shown(card: dict[str, Any]) -> str:
    name = card.get("name") or {}
    if name.get("full"):
        return str(name["full"])
    found = [part["value"] for part in name.get("components", ()) if part["kind"] != "separator"]
    others = [
        each.get(key, "")
        for member, key in (("organizations", "name"), ("emails", "address"))
        for each in _entries(card, member)
    ]
    return " ".join(found) or next((other for other in others if other), "-")


def _parts(card: dict[str, Any], kind: str) -> str:
    components = (card.get("name") or {}).get("components", ())
    return ",".join(_text(part["value"]) for part in components if part["kind"] == kind)


def _entries(card: dict[str, Any], member: str) -> list[dict[str, Any]]:
    return list(card.get(member, {}).values())


def _text(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return escaped.replace("\r\n", "\\n").replace("\n", "\\n").replace("\r", "\\n")


def _uid(value: str) -> str:
    return "".join(char for char in value if char not in "\r\n")


def _folded(line: str) -> bytes:
    """The line in pieces of at most 75 octets, no character cut in two."""
    pieces: list[bytes] = []
    piece = b""
    for char in line:
        octets = char.encode("utf-8", "replace")
        if len(piece) + len(octets) > _LINE:
            pieces.append(piece)
            piece = b" "
        piece += octets
    return b"\r\n".join([*pieces, piece]) + b"\r\n"
