"""EmailBodyValue (rfc8621#4.1.4): the text of a part, cut where the client's limit says but never inside a character
or, in HTML, inside a tag."""

from __future__ import annotations

import re
from typing import Final

import msgspec

from pirab.wire.mime import part_text
from pirab.wire.types import Part

_TAG_OPENS: Final = re.compile(r"<(?:[A-Za-z/!?]|\Z)")
_WHOLE_TAG: Final = re.compile(r"""<!--.*?-->|<(?!!--)[A-Za-z/!?](?:"[^"]*"|'[^']*'|[^'">])*>""", re.DOTALL)


class BodyValue(msgspec.Struct, frozen=True, rename="camel"):
    """The text of one part; lines end in LF."""

    value: str
    is_encoding_problem: bool = False
    is_truncated: bool = False


def body_value(raw: bytes, part: Part, max_bytes: int) -> BodyValue:
    """The text of `part` of the message `raw`, at most `max_bytes` octets of UTF-8 (0: whole)."""
    decoded = part_text(raw, part)
    text = decoded.text.replace("\r\n", "\n")
    kept = truncate_html(text, max_bytes) if part.type == "text/html" else truncate_text(text, max_bytes)
    return BodyValue(kept, decoded.is_encoding_problem, len(kept) < len(text))


def truncate_text(text: str, max_bytes: int) -> str:
    """The longest beginning of `text` that fits `max_bytes` octets of UTF-8; 0 means no limit."""
    if not max_bytes or len(text) * 4 <= max_bytes:
        return text
    octets = text[:max_bytes].encode("utf-8", "replace")
    if len(octets) <= max_bytes and len(text) <= max_bytes:
        return text
    return octets[:max_bytes].decode("utf-8", "ignore")


def truncate_html(text: str, max_bytes: int) -> str:
    """Like `truncate_text`, and a tag or comment that would be cut is left out whole (rfc8621#4.2)."""
    kept = truncate_text(text, max_bytes)
    if len(kept) == len(text):
        return text
    position = 0
    while (opening := _TAG_OPENS.search(kept, position)) is not None:
        whole = _WHOLE_TAG.match(kept, opening.start())
        if whole is None:
            return kept[: opening.start()]
        position = whole.end()
    return kept
