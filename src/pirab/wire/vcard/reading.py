"""Reading vCards."""

from __future__ import annotations

import quopri
import re
from collections.abc import Callable, Iterator
from typing import Any, Final

import msgspec

from pirab.wire.vcard.text import Entry, clean, is_address

LARGEST_CARD: Final = 1_000_000
"""Characters of one vCard, its pictures included; pictures are not taken over."""
MOST_LINES: Final = 2_000
_NAME: Final = re.compile(
    '(?:[A-Za-z0-9-]+\\.)?([A-Za-z0-9-]+)((?:;[^:"]*(?:"[^"]*"[^:"]*)*)?):(.*)', re.DOTALL
)
_DATE: Final = re.compile("(\\d{4}|--)-?(\\d{2})-?(\\d{2})")
_COMPONENTS: Final = ("surname", "given", "given2", "title", "credential")
_PARTS: Final = ("postOfficeBox", "apartment", "name", "locality", "region", "postcode", "country")
_CONTEXTS: Final = {"home": "private", "work": "work"}
_FEATURES: Final = {
    "cell": "mobile", "voice": "voice", "fax": "fax", "pager": "pager", "video": "video", "text": "text",
    "textphone": "textphone", "main-number": "main-number",
}  # fmt: skip


class Line(msgspec.Struct, frozen=True):
    """A content line: name in upper case, values of TYPE in lower case, whether it is preferred, the raw value."""

    name: str
    types: frozenset[str]
    pref: int | None
    value: str


def read_vcards(text: str, most: int) -> Iterator[Entry]:
    """The cards of a file, in order, at most `most` and one complaint more."""
    row = 0
    for block, problem in _blocks(text):
        row += 1
        if row > most:
            yield Entry(row, None, "tooMany")
            return
        if problem:
            yield Entry(row, None, problem)
            continue
        card = _card([line for each in _unfolded(block) if (line := _line(each))])
        yield Entry(row, card) if _says_something(card) else Entry(row, None, "empty")


def _says_something(card: dict[str, Any]) -> bool:
    return bool(card.keys() - {"uid", "kind"})


def _blocks(text: str) -> Iterator[tuple[list[str], str]]:
    """The lines between BEGIN and END, and what is wrong with them as a whole."""
    lines: list[str] | None = None
    size = 0
    problem = ""
    for line in text.splitlines():
        upper = line[:20].strip().upper()
        if upper == "BEGIN:VCARD":
            if lines is not None:
                yield lines, "broken"
            lines, size, problem = [], 0, ""
        elif upper == "END:VCARD" and lines is not None:
            yield lines, problem
            lines = None
        elif lines is not None and not problem:
            size += len(line)
            lines.append(line)
            if size > LARGEST_CARD or len(lines) > MOST_LINES * 10:
                lines, problem = [], "tooLarge"
    if lines is not None:
        yield lines, problem or "broken"


def _unfolded(lines: list[str]) -> Iterator[str]:
    """Content lines: a space in front goes on, and so does a quoted-printable line that ends with `=`."""
    whole: list[str] = []
    count = 0
    for line in lines:
        is_soft = bool(whole) and whole[-1].endswith("=") and "QUOTED-PRINTABLE" in whole[0][:200].upper()
        if whole and (line[:1] in (" ", "\t") or is_soft):
            whole[-1] = whole[-1][:-1] if is_soft else whole[-1]
            whole.append(line if is_soft else line[1:])
            continue
        if whole:
            yield "".join(whole)
            count += 1
        if count >= MOST_LINES:
            return
        whole = [line]
    if whole:
        yield "".join(whole)


def _line(text: str) -> Line | None:
    found = _NAME.fullmatch(text)
    if found is None:
        return None
    name, given, value = found.groups()
    types: set[str] = set()
    pref = None
    is_quoted = False
    for parameter in given.split(";")[1:]:
        key, equals, content = parameter.partition("=")
        key = key.strip().upper()
        words = [word.strip().strip('"').lower() for word in (content if equals else key).split(",")]
        if key == "PREF" and content.strip().isdigit():
            pref = max(1, min(100, int(content.strip()[:3])))
        elif key == "TYPE" or not equals:
            types.update(words)
        is_quoted = is_quoted or "quoted-printable" in words
    if is_quoted:
        value = quopri.decodestring(value.encode("utf-8", "replace")).decode("utf-8", "replace")
    return Line(name.upper(), frozenset(types), 1 if "pref" in types and pref is None else pref, value)


def _split(value: str, separator: str) -> list[str]:
    """Values between separators that no backslash stands before, escapes undone (rfc6350#3.4)."""
    parts, part, is_escaped = [], [], False
    for char in value:
        if is_escaped:
            part.append("\n" if char in "nN" else char)
            is_escaped = False
        elif char == "\\":
            is_escaped = True
        elif char == separator:
            parts.append(clean("".join(part)))
            part = []
        else:
            part.append(char)
    return [*parts, clean("".join(part))]


def _one(value: str) -> str:
    return _split(value, "\0")[0]


def _card(lines: list[Line]) -> dict[str, Any]:
    card: dict[str, Any] = {}
    for line in lines:
        take = _TAKERS.get(line.name)
        if take is not None and len(line.value) <= LARGEST_CARD:
            take(card, line)
    name = card.get("name")
    if name is not None and not (name.get("full") or name.get("components")):
        del card["name"]
    return card


def _add(card: dict[str, Any], member: str, entry: dict[str, Any]) -> None:
    entries = card.setdefault(member, {})
    if len(entries) < 100:
        entries[f"{member[0]}{len(entries) + 1}"] = entry


def _further(line: Line) -> dict[str, Any]:
    contexts = {_CONTEXTS[word]: True for word in sorted(line.types) if word in _CONTEXTS}
    return ({"contexts": contexts} if contexts else {}) | ({"pref": line.pref} if line.pref else {})


def _full(card: dict[str, Any], line: Line) -> None:
    if full := _one(line.value):
        card.setdefault("name", {}).setdefault("full", full)


def _name(card: dict[str, Any], line: Line) -> None:
    found = [
        {"kind": kind, "value": value.strip()}
        for kind, values in zip(_COMPONENTS, _split(line.value, ";"), strict=False)
        for value in values.split(",")
        if value.strip()
    ]
    order = {"title": 0, "given": 1, "given2": 2, "surname": 3, "credential": 4}
    if found:
        card.setdefault("name", {}).setdefault(
            "components", sorted(found, key=lambda each: order[each["kind"]])
        )


def _email(card: dict[str, Any], line: Line) -> None:
    address = _one(line.value).removeprefix("mailto:")
    if is_address(address):
        _add(card, "emails", {"address": address} | _further(line))


def _phone(card: dict[str, Any], line: Line) -> None:
    if number := _one(line.value).removeprefix("tel:"):
        features = {_FEATURES[word]: True for word in sorted(line.types) if word in _FEATURES}
        _add(
            card, "phones", {"number": number} | ({"features": features} if features else {}) | _further(line)
        )


def _organization(card: dict[str, Any], line: Line) -> None:
    name, *units = _split(line.value, ";")
    units = [unit for unit in units if unit][:20]
    if name or units:
        entry = ({"name": name} if name else {}) | (
            {"units": [{"name": unit} for unit in units]} if units else {}
        )
        _add(card, "organizations", entry)


def _title(kind: str) -> Callable[[dict[str, Any], Line], None]:
    def take(card: dict[str, Any], line: Line) -> None:
        if name := _one(line.value):
            _add(card, "titles", {"name": name, "kind": kind})

    return take


def _address(card: dict[str, Any], line: Line) -> None:
    components = [
        {"kind": kind, "value": value}
        for kind, value in zip(_PARTS, _split(line.value, ";"), strict=False)
        if value
    ]
    if components:
        contexts = _further(line)
        _add(card, "addresses", {"components": components} | contexts)


def _note(card: dict[str, Any], line: Line) -> None:
    if note := _one(line.value):
        _add(card, "notes", {"note": note})


def _nickname(card: dict[str, Any], line: Line) -> None:
    for name in _split(line.value, ","):
        if name:
            _add(card, "nicknames", {"name": name})


def _keywords(card: dict[str, Any], line: Line) -> None:
    words = {word: True for word in _split(line.value, ",")[:100] if word}
    if words:
        card["keywords"] = card.get("keywords", {}) | words


def _link(card: dict[str, Any], line: Line) -> None:
    uri = _one(line.value)
    if re.fullmatch('https?://[^\\s<>"]+', uri, re.IGNORECASE):
        _add(card, "links", {"uri": uri})


def _birthday(card: dict[str, Any], line: Line) -> None:
    found = _DATE.match(line.value.strip())
    if found is None or not (1 <= int(found[2]) <= 12 and 1 <= int(found[3]) <= 31):
        return
    date = {"month": int(found[2]), "day": int(found[3])}
    if found[1].isdigit():
        date["year"] = int(found[1])
    _add(card, "anniversaries", {"kind": "birth", "date": date})


def _uid(card: dict[str, Any], line: Line) -> None:
    if uid := _one(line.value)[:500]:
        card["uid"] = uid


def _kind(card: dict[str, Any], line: Line) -> None:
    kind = line.value.strip().lower()
    if kind in ("individual", "group", "org", "location"):
        card["kind"] = kind
        if kind != "group":
            card.pop("members", None)


def _member(card: dict[str, Any], line: Line) -> None:
    if uid := _one(line.value)[:500]:
        card["kind"] = "group"
        members = card.setdefault("members", {})
        if len(members) < MOST_LINES:
            members[uid] = True


_TAKERS: Final[dict[str, Callable[[dict[str, Any], Line], None]]] = {
    "FN": _full,
    "N": _name,
    "NICKNAME": _nickname,
    "EMAIL": _email,
    "TEL": _phone,
    "ORG": _organization,
    "TITLE": _title("title"),
    "ROLE": _title("role"),
    "ADR": _address,
    "NOTE": _note,
    "CATEGORIES": _keywords,
    "URL": _link,
    "BDAY": _birthday,
    "UID": _uid,
    "KIND": _kind,
    "X-ADDRESSBOOKSERVER-KIND": _kind,
    "MEMBER": _member,
    "X-ADDRESSBOOKSERVER-MEMBER": _member,
}
