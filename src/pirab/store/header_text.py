"""The header of a message in the form in which it is searched (rfc8621#4.4.1 `header`).

One line a field, `name:value`, each begun by a line break; case is folded, values are unfolded and decoded. So a field
is found by its name at the beginning of a line and a text in its value on the same line.
"""

from __future__ import annotations

import unicodedata
from typing import Final

from pirab.wire.headers import as_text
from pirab.wire.mime import header_fields
from pirab.wire.types import Part

LONGEST_VALUE: Final = 32_768
"""Characters of one value that are kept: a list of a thousand recipients."""
LONGEST_HEADER: Final = 131_072
"""Characters of the whole header that are kept; fields beyond are not found."""


def header_text(raw: bytes, root: Part) -> str:
    """The searchable header of a message. Never raises."""
    lines: list[str] = []
    room = LONGEST_HEADER
    for field in header_fields(raw, root):
        value = field.value
        text = value.decode("ascii") if value.isascii() and b"=?" not in value else as_text(value)
        line = f"\n{folded(field.name)}:{folded(text[:LONGEST_VALUE])}"
        room -= len(line)
        if room < 0:
            break
        lines.append(line)
    return "".join(lines)


def folded(text: str) -> str:
    """Text as it is compared: NFC, case folded, on one line, without characters PostgreSQL can not keep."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", text.encode("utf-8", "replace").decode())
    return " ".join(text.replace("\0", " ").casefold().split())
