"""The records of a domain as a zone file that name servers read (rfc1035#5)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from pirab.domainaudit.types import Record

SECONDS_TO_LIVE: Final = 3600
_STRING_OCTETS: Final = 255
"""What one character-string holds (rfc1035#3.3)."""


def zone_file(domain: str, records: Iterable[Record]) -> str:
    """A part of the zone of `domain` (A-label): to be included in it, so without SOA and NS."""
    lines = [f"; {domain}", f"$ORIGIN {domain}.", f"$TTL {SECONDS_TO_LIVE}"]
    for record in records:
        value = text_strings(record.value) if record.type == "TXT" else record.value
        lines.append(f"{_owner(record.name, domain)}\tIN\t{record.type}\t{value}")
    return "\n".join(lines) + "\n"


def text_strings(value: str) -> str:
    """A TXT value as quoted strings of at most 255 octets each; no letter is cut in two."""
    pieces: list[str] = [""]
    size = 0
    for character in value:
        octets = len(character.encode())
        if size + octets > _STRING_OCTETS:
            pieces.append("")
            size = 0
        pieces[-1] += character
        size += octets
    return " ".join(f'"{_escaped(piece)}"' for piece in pieces)


def _escaped(text: str) -> str:
    """rfc1035#5.1: quotation marks and backslashes by a backslash, octets beyond ASCII by their numbers."""
    shown = []
    for octet in text.encode():
        if octet in b'"\\':
            shown.append(f"\\{chr(octet)}")
        else:
            shown.append(chr(octet) if 32 <= octet < 127 else f"\\{octet:03}")
    return "".join(shown)


def _owner(name: str, domain: str) -> str:
    return "@" if name == domain else name.removesuffix(f".{domain}")
