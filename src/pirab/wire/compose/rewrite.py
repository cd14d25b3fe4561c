"""Changes to the header of a finished message that leave every other octet alone."""

import re
from collections.abc import Collection, Iterable

from pirab.wire.compose.fields import FieldLine
from pirab.wire.mime.fields import scan_fields

_EMPTY_LINE = re.compile(rb"\n\r?\n")


def strip_bcc(raw: bytes) -> bytes:
    """`raw` as recipients may see it: without Bcc and Resent-Bcc (rfc5322#3.6.3)."""
    return remove_fields(raw, ("bcc", "resent-bcc"))


def remove_fields(raw: bytes, names: Collection[str]) -> bytes:
    """`raw` without the header fields called one of `names` (lower case)."""
    unwanted = {name.encode("ascii") for name in names}
    fields, _ = scan_fields(raw, 0, _header_end(raw))
    kept: list[bytes] = []
    position = 0
    for name_start, name_end, _, value_end in fields:
        if raw[name_start:name_end].lower() in unwanted:
            kept.append(raw[position:name_start])
            line_end = raw.find(b"\n", value_end)
            position = line_end + 1 if line_end >= 0 else len(raw)
    return b"".join(kept) + raw[position:] if kept else raw


def prepend_fields(raw: bytes, fields: Iterable[FieldLine]) -> bytes:
    """`raw` with `fields` before its own (trace fields go on top, rfc5321#4.4)."""
    return b"".join(field.octets() for field in fields) + raw


def header_of(raw: bytes) -> bytes:
    """The header block of `raw`, without the empty line."""
    return raw[: _header_end(raw)]


def _header_end(raw: bytes) -> int:
    if raw.startswith((b"\n", b"\r\n")):
        return 0
    found = _EMPTY_LINE.search(raw)
    return found.start() + 1 if found else len(raw)
