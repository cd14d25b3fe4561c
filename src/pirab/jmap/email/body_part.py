"""EmailBodyPart (rfc8621#4.1.4): the MIME tree as a client sees it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

from pirab.core.ids import Section, SectionEncoding, encode_blob_id
from pirab.jmap.email.header_values import header_list, header_value, index_fields
from pirab.jmap.email.properties import BodyPlan
from pirab.wire.mime import header_fields
from pirab.wire.types import Part

_SECTION_ENCODINGS: Final = {
    "base64": SectionEncoding.BASE64,
    "quoted-printable": SectionEncoding.QUOTED_PRINTABLE,
    "x-uuencode": SectionEncoding.UUENCODE,
}

NameBlob = Callable[[Part], str]
"""Gives a part its blob id."""


class PartRenderer:
    """Renders the parts of one message. `raw` is needed only when the plan reaches for header fields."""

    __slots__ = ("_digest", "_offset", "_plan", "_raw")

    def __init__(self, plan: BodyPlan, digest: bytes, *, raw: bytes | None = None, offset: int = 0) -> None:
        """`digest` names the blob the message lies in, `offset` where in it the message starts (octets)."""
        self._plan = plan
        self._digest = digest
        self._raw = raw
        self._offset = offset

    def tree(self, part: Part) -> dict[str, Any]:
        """`bodyStructure`: the part with everything below it."""
        rendered = self.part(part)
        if part.sub_parts:
            rendered["subParts"] = [self.tree(below) for below in part.sub_parts]
        return rendered

    def flat(self, parts: list[Part]) -> list[dict[str, Any]]:
        """`textBody`, `htmlBody` or `attachments`: the parts one after another, without what lies below them."""
        return [self.part(part) for part in parts]

    def part(self, part: Part) -> dict[str, Any]:
        """One part with the properties asked for."""
        rendered: dict[str, Any] = {name: self._property(part, name) for name in self._plan.names}
        if self._plan.headers and self._raw is not None:
            index = index_fields(header_fields(self._raw, part))
            for header in self._plan.headers:
                rendered[header.key] = header_value(index, header)
        return rendered

    def _property(self, part: Part, name: str) -> Any:
        if name == "blobId":
            return self.blob_id(part)
        if name == "headers":
            return header_list(header_fields(self._raw or b"", part))
        if name == "subParts":
            return None
        return _PLAIN_PROPERTIES[name](part)

    def blob_id(self, part: Part) -> str | None:
        """The blob id of the part's decoded content, or None for multipart/* (rfc8621#4.1.4)."""
        return None if part.part_id is None else part_blob_id(self._digest, part, self._offset)


def part_blob_id(digest: bytes, part: Part, offset: int = 0) -> str:
    """The name of the content of `part`, which lies in the blob `digest`, its message starting at `offset`."""
    encoding = _SECTION_ENCODINGS.get(part.encoding, SectionEncoding.IDENTITY)
    return encode_blob_id(
        digest, Section(offset + part.body_start, part.body_end - part.body_start, encoding)
    )


def walk(root: Part) -> Iterator[Part]:
    """Every part of the tree, depth first."""
    stack = [root]
    while stack:
        part = stack.pop()
        yield part
        stack.extend(reversed(part.sub_parts))


def select(root: Part, part_ids: tuple[str, ...]) -> list[Part]:
    """The parts with these ids, in the order given."""
    if not part_ids:
        return []
    by_id = {part.part_id: part for part in walk(root)}
    return [by_id[part_id] for part_id in part_ids if part_id in by_id]


_PLAIN_PROPERTIES: Final[dict[str, Callable[[Part], Any]]] = {
    "partId": lambda part: part.part_id,
    "size": lambda part: part.size,
    "name": lambda part: part.name,
    "type": lambda part: part.type,
    "charset": lambda part: part.charset,
    "disposition": lambda part: part.disposition,
    "cid": lambda part: part.cid,
    "language": lambda part: part.language,
    "location": lambda part: part.location,
}
