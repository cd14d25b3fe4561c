"""Contacts as a table: the headings of Gmail and Outlook, in English and Thai, old and new."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from typing import Any, Final

from pirab.wire.vcard.text import Entry, clean, is_address

_MOST_COLUMNS: Final = 300
_SEPARATORS: Final = ",;\t"
_HEADINGS: Final = {
    "full": ("name", "full name", "display name", "ชื่อ-สกุล", "ชื่อ-นามสกุล", "ชื่อเต็ม", "ชื่อที่แสดง"),
    "title": ("name prefix", "title", "คำนำหน้า", "คำนำหน้าชื่อ"),
    "given": ("first name", "given name", "ชื่อ", "ชื่อจริง"),
    "given2": ("middle name", "additional name", "ชื่อกลาง"),
    "surname": ("last name", "family name", "นามสกุล", "สกุล"),
    "nickname": ("nickname", "ชื่อเล่น"),
    "organization": ("organization name", "organization 1 - name", "company", "หน่วยงาน", "บริษัท", "องค์กร"),
    "unit": ("organization department", "organization 1 - department", "department", "กอง", "แผนก", "ฝ่าย"),
    "post": ("organization title", "organization 1 - title", "job title", "ตำแหน่ง"),
    "note": ("notes", "หมายเหตุ", "บันทึก"),
    "group": ("labels", "group membership", "categories", "กลุ่ม"),
}
_EMAIL: Final = re.compile("e-?mail( \\d)?( - value| address)?|e-?mail \\d address|อีเมล\\d?|อีเมล์|ที่อยู่อีเมล")
_PHONE: Final = re.compile(
    "phone \\d - value|(mobile|business|home|company main|other|primary) phone( \\d)?|โทรศัพท์.*|มือถือ|เบอร์.*"
)
_GOOGLE: Final = (
    "First Name", "Middle Name", "Last Name", "Nickname", "Organization Name", "Organization Title",
    "Organization Department", "Notes", "Labels", "E-mail 1 - Value", "E-mail 2 - Value", "E-mail 3 - Value",
    "Phone 1 - Value", "Phone 2 - Value", "Phone 3 - Value",
)  # fmt: skip
_OUTLOOK: Final = (
    "First Name", "Middle Name", "Last Name", "Nickname", "Company", "Job Title", "Department", "Notes", "Categories",
    "E-mail Address", "E-mail 2 Address", "E-mail 3 Address", "Business Phone", "Mobile Phone", "Home Phone",
)  # fmt: skip


_LISTS: Final = (
    ("nickname", "nicknames", "name"),
    ("post", "titles", "name"),
    ("note", "notes", "note"),
    ("email", "emails", "address"),
    ("phone", "phones", "number"),
)


class CsvStyle(StrEnum):
    """Whose headings to write."""

    GOOGLE = "google"
    OUTLOOK = "outlook"


def read_table(text: str, most: int) -> Iterator[Entry]:
    """The contacts of a table with headings, at most `most` and one complaint more."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text))
    try:
        headings = [clean(cell).lower() for cell in next(reader, [])][:_MOST_COLUMNS]
        columns = {place: meaning for place, heading in enumerate(headings) if (meaning := _meaning(heading))}
        if not set(columns.values()) & {"full", "given", "email"}:
            yield Entry(1, None, "noHeadings", ", ".join(headings)[:100])
            return
        for row, cells in enumerate(reader, 2):
            if row > most + 1:
                yield Entry(row, None, "tooMany")
                return
            if any(cell.strip() for cell in cells):
                yield _entry(row, columns, cells)
    except csv.Error:
        yield Entry(reader.line_num, None, "broken")


def table_rows(cards: Iterable[dict[str, Any]], style: CsvStyle) -> tuple[Sequence[str], Iterator[list[str]]]:
    """The headings and one row a card. Cells are as they are: whoever writes them guards against formulas."""
    return (_GOOGLE if style is CsvStyle.GOOGLE else _OUTLOOK), (_row(card) for card in cards)


def _separator(text: str) -> str:
    first = text[:10_000].split("\n", 1)[0]
    return max(_SEPARATORS, key=first.count)


def _meaning(heading: str) -> str:
    for meaning, names in _HEADINGS.items():
        if heading in names:
            return meaning
    if _EMAIL.fullmatch(heading):
        return "email"
    return "phone" if _PHONE.fullmatch(heading) else ""


def _entry(row: int, columns: dict[int, str], cells: list[str]) -> Entry:
    found: dict[str, list[str]] = {}
    for place, meaning in columns.items():
        value = clean(_plain(cells[place])) if place < len(cells) else ""
        if value:
            found.setdefault(meaning, []).extend(
                value.split(" ::: ") if meaning in ("email", "phone") else [value]
            )
    bad = [address for address in found.get("email", ()) if not is_address(address)]
    if bad:
        return Entry(row, None, "badAddress", bad[0][:100])
    if not any(found.get(name) for name in ("full", "given", "surname", "email", "organization")):
        return Entry(row, None, "empty")
    return Entry(row, _card(found))


def _plain(cell: str) -> str:
    """A cell without the apostrophe that guards it from being a formula."""
    return cell[1:] if re.match("'[=+\\-@\\t\\r|%]", cell) else cell


def _card(found: dict[str, list[str]]) -> dict[str, Any]:
    card: dict[str, Any] = {}
    components = [
        {"kind": kind, "value": value}
        for kind in ("title", "given", "given2", "surname")
        for value in found.get(kind, ())
    ]
    full = found.get("full") or [" ".join(each["value"] for each in components if each["kind"] != "title")]
    if full[0] or components:
        card["name"] = ({"full": full[0]} if full[0] else {}) | (
            {"components": components} if components else {}
        )
    for meaning, member, key in _LISTS:
        values = list(dict.fromkeys(found.get(meaning, ())))[:20]
        if values:
            card[member] = {f"{member[0]}{number}": {key: value} for number, value in enumerate(values, 1)}
    names, units = found.get("organization", []), found.get("unit", [])
    if names or units:
        entry = ({"name": names[0]} if names else {}) | (
            {"units": [{"name": unit} for unit in units[:5]]} if units else {}
        )
        card["organizations"] = {"o1": entry}
    labels = [label for each in found.get("group", ()) for label in re.split(" ::: |;", each)]
    keywords = {word.strip("* ")[:200]: True for word in labels if word.strip("* ")}
    return card | ({"keywords": keywords} if keywords else {})


def _row(card: dict[str, Any]) -> list[str]:
    components = (card.get("name") or {}).get("components", ())
    part = {
        kind: " ".join(each["value"] for each in components if each["kind"] == kind)
        for kind in ("given", "given2", "surname")
    }
    if not any(part.values()):
        part["given"] = (card.get("name") or {}).get("full", "")
    organization: dict[str, Any] = next(iter(card.get("organizations", {}).values()), {})
    units = " / ".join(unit["name"] for unit in organization.get("units", ()))
    emails, phones = _values(card, "emails", "address"), _values(card, "phones", "number")
    return [
        part["given"],
        part["given2"],
        part["surname"],
        *_values(card, "nicknames", "name")[:1],
        organization.get("name", ""),
        *_values(card, "titles", "name")[:1],
        units,
        "\n".join(each["note"] for each in card.get("notes", {}).values()),
        " ::: ".join(card.get("keywords", ())),
        *emails[:3],
        *phones[:3],
    ]


def _values(card: dict[str, Any], member: str, key: str) -> list[str]:
    """Three values at least, empty where there are fewer."""
    return [*(each[key] for each in card.get(member, {}).values()), "", "", ""]
