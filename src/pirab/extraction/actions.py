"""Reading the attachments of one message."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator
from typing import Final

from pirab.core import metrics
from pirab.extraction.reader import may_be_read
from pirab.extraction.sandbox import read_document
from pirab.extraction.types import Extract, Reading
from pirab.wire.mime import decode_part, parse_message, part_text
from pirab.wire.mime.documents import DocumentKind, documents
from pirab.wire.types import Part

MOST_DOCUMENTS: Final = 30
"""How many attachments of one message are opened, in it and in the letters inside it together."""
MOST_SECONDS: Final = 180.0
"""After so long no further attachment of a message is opened: each could be made to last to its own limit."""
MOST_CHARACTERS: Final = 1_000_000
"""Characters of all attachments of a message together."""
DEEPEST_LETTER: Final = 3
"""Letters inside letters."""

_read = metrics.counter("extraction_documents", "Attachments opened for their text.", ["reading"])


class _Room:
    """What is left for one message, letters inside it included: or letters inside letters would multiply it."""

    def __init__(self) -> None:
        self._documents = MOST_DOCUMENTS
        self._end = time.monotonic() + MOST_SECONDS

    def claim(self) -> bool:
        """Whether one more may be opened; counts it."""
        self._documents -= 1
        return self._documents >= 0 and time.monotonic() < self._end


def read_attachments(raw: bytes, root: Part, bodies: Collection[str]) -> Extract:
    """The text of the attachments of a message, and the worst thing that happened on the way.

    `bodies`: ids of the parts that are the letter's own text. Raises `SandboxUnavailable`.
    """
    return _attachments(raw, root, bodies, _Room(), 0)


def _attachments(raw: bytes, root: Part, bodies: Collection[str], room: _Room, depth: int) -> Extract:
    texts: list[str] = []
    readings: set[Reading] = set()
    characters = MOST_CHARACTERS
    for extract in _extracts(raw, root, bodies, room, depth):
        _read.labels(extract.reading).inc()
        readings.add(extract.reading)
        texts.append(extract.text[:characters])
        characters -= len(texts[-1])
        if characters <= 0:
            readings.add(Reading.TOO_MUCH)
            break
    return Extract("\n".join(text for text in texts if text), _worst(readings))


def _extracts(raw: bytes, root: Part, bodies: Collection[str], room: _Room, depth: int) -> Iterator[Extract]:
    for part, kind in documents(root, bodies):
        if not room.claim():
            yield Extract("", Reading.TOO_MUCH)
            return
        if kind is DocumentKind.OFFICE:
            document = decode_part(raw, part)
            yield read_document(document) if may_be_read(document) else Extract("", Reading.NOTHING)
        elif kind is DocumentKind.TEXT:
            yield Extract(part_text(raw, part).text, Reading.READ)
        elif depth < DEEPEST_LETTER:
            yield _letter(decode_part(raw, part), room, depth)


def _letter(raw: bytes, room: _Room, depth: int) -> Extract:
    """A letter that is attached: what it says, who wrote it, and what is attached to it."""
    parsed = parse_message(raw)
    text = parsed.search_text
    inner = _attachments(raw, parsed.root, {*parsed.text_body, *parsed.html_body}, room, depth + 1)
    parts = (text.subject, text.from_, text.to, text.cc, text.attachment_names, text.body, inner.text)
    reading = Reading.READ if inner.reading is Reading.NOTHING else inner.reading
    return Extract("\n".join(part for part in parts if part), reading)


def _worst(readings: set[Reading]) -> Reading:
    for reading in (Reading.TOO_MUCH, Reading.DAMAGED, Reading.READ):
        if reading in readings:
            return reading
    return Reading.NOTHING
