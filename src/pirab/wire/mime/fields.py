"""Header blocks: where they end and which fields they hold (rfc5322#2.2)."""

import re
from collections.abc import Iterator

from pirab.wire.types import HeaderField, Part

# Possessive repeats keep memory flat on a field of a million continuation lines.
_FIELD = re.compile(rb"([^\x00-\x20:\x7f]+)[ \t]*:([^\n]*+(?:\n[ \t][^\n]*+)*+)(?:\n|\Z)")
_ENVELOPE_LINE = re.compile(rb">?From [^\n]*\n")

MAX_HEADER_OCTETS = 2 * 1024 * 1024
"""More of one header block is not read: nobody writes it, and millions of fields fill the memory."""

FieldRange = tuple[int, int, int, int]
"""Offsets of a field: name start, name end, value start, value end (without the last line break)."""


def scan_fields(raw: bytes, start: int, end: int) -> tuple[list[FieldRange], int]:
    """The fields in raw[start:end] and the offset of the first octet that is no field (`end` when all is
    well).

    A leading mbox line ("From …") is stepped over: it is no header field, and no body either.
    """
    fields: list[FieldRange] = []
    match = _FIELD.match
    position = start
    envelope = _ENVELOPE_LINE.match(raw, position, end)
    if envelope:
        position = envelope.end()
    while position < end:
        found = match(raw, position, end)
        if found is None:
            break
        name_start, name_end = found.span(1)
        value_start, value_end = found.span(2)
        if value_end > value_start and raw[value_end - 1] == 13:
            value_end -= 1
        fields.append((name_start, name_end, value_start, value_end))
        position = found.end()
    return fields, position


def scan_limit(raw: bytes, start: int, end: int, octets: int) -> int:
    """Where to stop reading fields in raw[start:end] after about `octets`: the end of a line where there is
    one."""
    if end - start <= octets:
        return end
    line = raw.rfind(b"\n", start, start + octets)
    return line + 1 if line >= 0 else start + octets


def header_fields(raw: bytes, part: Part) -> list[HeaderField]:
    """The header fields of `part` in order, values as they stand in `raw`; those in the first 2 MiB of its
    header."""
    limit = scan_limit(raw, part.header_start, part.header_end, MAX_HEADER_OCTETS)
    fields, _ = scan_fields(raw, part.header_start, limit)
    return [
        HeaderField(raw[name_start:name_end].decode("utf-8", "replace"), raw[value_start:value_end])
        for name_start, name_end, value_start, value_end in fields
    ]


def named_fields(raw: bytes, fields: list[FieldRange]) -> Iterator[tuple[bytes, bytes]]:
    """Lower-case names and values of `fields`."""
    for name_start, name_end, value_start, value_end in fields:
        yield raw[name_start:name_end].lower(), raw[value_start:value_end]
