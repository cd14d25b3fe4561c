"""What a list of messages and the search index need to know: preview and plain text."""

import re

from pirab.wire.html.text import descriptions, html_to_text
from pirab.wire.mime.bodies import Bodies
from pirab.wire.mime.text import part_text_start
from pirab.wire.types import ParseLimits, Part

_PREVIEW_CHARACTERS = 256  # rfc8621#4.1.4
_PREVIEW_SOURCE = 4_096
_STUB_CHARACTERS = 200
_INVISIBLE = re.compile("[\\s\u00ad\u034f\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff]{3,}")


def body_texts(raw: bytes, bodies: Bodies, limits: ParseLimits) -> tuple[str, str]:
    """The preview and the searchable text of the bodies.

    Plain text counts; HTML is read where there is no plain text, or where the plain text is a stub ("this
    message is in HTML") beside a much larger HTML body.
    """
    room = limits.max_search_chars
    said: list[str] = []
    text = _joined(raw, bodies.text, room, said)
    if len(text) < _STUB_CHARACTERS and _octets(bodies.html) > 4 * _octets(bodies.text) + _STUB_CHARACTERS:
        said.clear()
        from_html = _joined(raw, bodies.html, room, said)
        if not text.strip():
            text = from_html
        elif len(from_html) > 2 * len(text):
            return _preview(text), "\n".join((text, from_html, *said))[:room]
    return _preview(text), "\n".join((text, *said))[:room] if said else text


def _octets(parts: tuple[Part, ...]) -> int:
    return sum(part.size for part in parts)


def _joined(raw: bytes, parts: tuple[Part, ...], max_characters: int, said: list[str]) -> str:
    """The texts of the parts; what HTML says beside its text goes to `said`."""
    texts: list[str] = []
    left = max_characters
    for part in parts:
        if left <= 0:
            break
        if part.type == "text/html":
            markup = part_text_start(raw, part, left * 4)
            text = html_to_text(markup)[:left]
            said += filter(None, [descriptions(markup)])
        elif part.type == "text/plain":
            text = part_text_start(raw, part, left)
        else:
            continue
        texts.append(text)
        left -= len(text)
    return "\n".join(texts) if len(texts) != 1 else texts[0]


def _preview(text: str) -> str:
    start = text[:_PREVIEW_SOURCE]
    if not start.isascii():
        start = _INVISIBLE.sub(" ", start)
    return " ".join(start.split())[:_PREVIEW_CHARACTERS]
