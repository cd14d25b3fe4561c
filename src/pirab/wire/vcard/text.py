"""From octets to text, whatever wrote them; and what a reader gives out."""

from __future__ import annotations

import codecs
import re
from typing import Any, Final

import msgspec

_UNWANTED: Final = re.compile("[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f\ud800-\udfff]")
LONGEST_VALUE: Final = 20_000
"""Characters of one value that are kept."""


class Entry(msgspec.Struct, frozen=True):
    """One contact of a file: `row` counts from 1 (in a table, the line below the headings is 2). Either `card`, a card
    of rfc9553 but for version and uid where the file has none, or `code`: what is wrong, and the `value` meant."""

    row: int
    card: dict[str, Any] | None
    code: str = ""
    value: str = ""


def decoded(octets: bytes) -> str:
    """The text: UTF-8 or UTF-16 with or without its mark, else the Thai code page of Windows (TIS-620 and more)."""
    for mark, charset in (
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ):
        if octets.startswith(mark):
            return octets[len(mark) :].decode(charset, "replace")
    try:
        return octets.decode("utf-8")
    except UnicodeDecodeError:
        return octets.decode("cp874", "replace")


def looks_like_vcards(text: str) -> bool:
    """Whether the text begins as a vCard does."""
    return text[:2000].lstrip().upper().startswith("BEGIN:VCARD")


def clean(value: str) -> str:
    """A value without control characters, spaces around it, or more than `LONGEST_VALUE` characters."""
    return _UNWANTED.sub("", value).strip()[:LONGEST_VALUE]


def is_address(value: str) -> bool:
    """Whether this may be an e-mail address at all; the directory's form is asked elsewhere."""
    local, at, domain = value.rpartition("@")
    return bool(at and local and domain) and not re.search("[\\s<>,;]", value) and len(value) <= 320
