"""Which parts of a message hold text of their own: office documents and PDF, plain files, letters inside letters."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from enum import Enum
from typing import Final

from pirab.wire.types import Part

LARGEST_DOCUMENT: Final = 32 * 1024 * 1024
"""Octets of a document (decoded) that is looked into; larger ones are pictures in disguise and cost more than they
tell."""

_TYPES: Final = (
    "application/pdf",
    "application/x-pdf",
    "application/msexcel",
    "application/vnd.ms-excel",
    "application/vnd.openxmlformats-officedocument.",
    "application/vnd.oasis.opendocument.spreadsheet",
)
_ENDINGS: Final = (".pdf", ".docx", ".docm", ".xlsx", ".xlsm", ".xlsb", ".xls", ".pptx", ".pptm", ".ods")
_TEXT_TYPES: Final = ("text/plain", "text/csv", "text/tab-separated-values", "text/markdown")
_TEXT_ENDINGS: Final = (".txt", ".csv", ".tsv", ".md", ".log")


class DocumentKind(Enum):
    """How the text of a part is got at."""

    OFFICE = "office"
    TEXT = "text"
    LETTER = "letter"


def documents(root: Part, bodies: Collection[str]) -> Iterator[tuple[Part, DocumentKind]]:
    """The parts to look into, in order. `bodies` (part ids) are shown as the letter's own text and left out.

    Declared types and names are both taken for a hint: many a mailer calls everything application/octet-stream.
    """
    for part in _leaves(root):
        kind = None if part.part_id in bodies or part.size > LARGEST_DOCUMENT else _kind(part)
        if kind is not None:
            yield part, kind


def _kind(part: Part) -> DocumentKind | None:
    name = (part.name or "").lower()
    if part.type in ("message/rfc822", "message/global"):
        return DocumentKind.LETTER
    if part.type.startswith(_TYPES) or name.endswith(_ENDINGS):
        return DocumentKind.OFFICE
    if part.type in _TEXT_TYPES or name.endswith(_TEXT_ENDINGS):
        return DocumentKind.TEXT
    return None


def _leaves(root: Part) -> Iterator[Part]:
    stack = [root]
    while stack:
        part = stack.pop()
        if part.is_multipart:
            stack.extend(reversed(part.sub_parts))
        else:
            yield part
