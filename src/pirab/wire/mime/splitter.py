"""The tree of a message as byte ranges (rfc2046#5.1), found in one pass over the octets.

Every octet is looked at a fixed number of times whatever the nesting: open boundaries are kept in a table,
and each line that begins with "--" is looked up there once.
"""

import re

from pirab.wire.headers import unfold
from pirab.wire.mime.boundaries import Delimiter, OpenBoundaries
from pirab.wire.mime.fields import MAX_HEADER_OCTETS, FieldRange, named_fields, scan_fields, scan_limit
from pirab.wire.mime.properties import charset_of, content_id_of, languages_of, location_of
from pirab.wire.mime.transfer import decoded_size, encoding_of
from pirab.wire.parameters import MimeValue, parse_disposition, parse_media_type
from pirab.wire.types import ParseLimits, Part

_EMPTY_LINE = re.compile(rb"\n\r?\n")
_DEEPEST = 200
_HEADER_BUDGET = 4 * 1024 * 1024  # octets of header blocks read in one message
_LEAST_HEADER = 4_096
_OPAQUE = MimeValue("application/octet-stream", {})
_MIME_FIELDS = frozenset(
    {
        b"content-type",
        b"content-transfer-encoding",
        b"content-disposition",
        b"content-id",
        b"content-language",
        b"content-location",
    }
)


class _Entity:
    """A part while its end is still unknown."""

    __slots__ = (
        "body_start", "boundary", "children", "fields", "header_end", "header_start", "is_multipart", "media",
        "part_id", "was_split",
    )  # fmt: skip

    def __init__(
        self, header_start: int, header_end: int, body_start: int, fields: dict[bytes, bytes]
    ) -> None:
        self.header_start = header_start
        self.header_end = header_end
        self.body_start = body_start
        self.fields = fields
        self.media = _OPAQUE
        self.is_multipart = False
        self.part_id: str | None = None
        self.boundary = b""
        self.was_split = False
        self.children: list[Part] = []


class Splitter:
    """Reads `raw` once; `root`, `root_fields` and `defects` hold the result of `run`."""

    def __init__(self, raw: bytes, limits: ParseLimits) -> None:
        self._raw = raw
        self._end = len(raw)
        self._max_depth = min(limits.max_depth, _DEEPEST)
        self._max_parts = max(limits.max_parts, 1)
        self._stack: list[_Entity] = []
        self._leaf: _Entity | None = None
        self._boundaries = OpenBoundaries(raw)
        self._header_octets = _HEADER_BUDGET
        self._empty_line: tuple[int, int] = (-1, -1)
        self._part_count = 0
        self._leaf_count = 0
        self.defects: dict[str, None] = {}
        self.root: Part
        self.root_fields: list[tuple[bytes, bytes]] = []

    def run(self) -> Part:
        """Builds the tree. Never raises."""
        position = self._begin(0, "text/plain")
        while self._boundaries:
            delimiter = self._boundaries.next_delimiter(position, self._end)
            if delimiter is None:
                break
            position = self._pass(delimiter)
        self._unwind(0, self._end)
        return self.root

    def _pass(self, delimiter: Delimiter) -> int:
        """Ends what the delimiter line ends and begins what it begins; the offset to go on from."""
        line_start, after, level, is_closing = delimiter
        self._unwind(level + 1, self._before_line_break(line_start))
        multipart = self._stack[level]
        multipart.was_split = True
        if is_closing:
            self._boundaries.close(multipart.boundary)
            return after
        if self._part_count >= self._max_parts:
            self.defects["too-many-parts"] = None
            self._take_rest(after)
            return self._end
        is_digest = multipart.media.value == "multipart/digest"  # rfc2046#5.1.5
        return self._begin(after, "message/rfc822" if is_digest else "text/plain")

    def _before_line_break(self, line_start: int) -> int:
        """rfc2046#5.1.1: the line break before a delimiter belongs to the delimiter."""
        position = line_start
        if position and self._raw[position - 1] == 10:
            position -= 1
            if position and self._raw[position - 1] == 13:
                position -= 1
        return position

    def _header_limit(self, start: int) -> tuple[int, int]:
        """Where the header block that begins at `start` ends at the latest, and where the body begins
        then."""
        raw = self._raw
        if raw.startswith(b"\n", start):
            return start, start + 1
        if raw.startswith(b"\r\n", start):
            return start, start + 2
        if self._empty_line[0] < start:
            found = _EMPTY_LINE.search(raw, start)
            self._empty_line = found.span() if found else (self._end, self._end)
        header_end, body_start = min(self._empty_line[0] + 1, self._end), self._empty_line[1]
        if self._boundaries:
            delimiter = self._boundaries.next_delimiter(start, header_end)
            if delimiter is not None:
                self.defects["header-cut-by-boundary"] = None
                return delimiter[0], delimiter[0]
        return header_end, body_start

    def _begin(self, start: int, default_type: str) -> int:
        """Reads the header block of the entity at `start`; the offset of its body."""
        header_end, body_start = self._header_limit(start)
        ranges, field_end = self._scan(start, header_end)
        if field_end < header_end:  # a line that is no header field begins the body
            self.defects["header-not-closed"] = None
            header_end = body_start = field_end
        fields: dict[bytes, bytes] = {}
        named = list(named_fields(self._raw, ranges))
        for name, value in named:
            if name in _MIME_FIELDS:
                fields.setdefault(name, value)
        if not self._part_count:
            self.root_fields = named
        entity = _Entity(start, header_end, body_start, fields)
        self._part_count += 1
        self._classify(entity, default_type)
        return body_start

    def _scan(self, start: int, header_end: int) -> tuple[list[FieldRange], int]:
        """The fields of a header block and where they end. What is beyond the budget stays header, unread."""
        allowed = max(min(self._header_octets, MAX_HEADER_OCTETS), _LEAST_HEADER)
        limit = scan_limit(self._raw, start, header_end, allowed)
        self._header_octets -= limit - start
        ranges, field_end = scan_fields(self._raw, start, limit)
        if limit < header_end and field_end == limit:
            self.defects["header-too-long"] = None
            return ranges, header_end
        return ranges, field_end

    def _classify(self, entity: _Entity, default_type: str) -> None:
        value = entity.fields.get(b"content-type")
        media = parse_media_type(unfold(value)) if value is not None else MimeValue(default_type, {})
        if media is None:
            self.defects["invalid-content-type"] = None
            media = MimeValue("text/plain", {})  # rfc2045#5.2
        entity.media = media
        if media.value.startswith("multipart/"):
            boundary = media.parameters.get("boundary", "").encode("latin-1", "replace")
            if not boundary:
                self.defects["multipart-without-boundary"] = None
                entity.media = MimeValue("text/plain", {})
            elif len(self._stack) >= self._max_depth:
                self.defects["too-deep"] = None
                entity.media = _OPAQUE
            else:
                entity.is_multipart, entity.boundary = True, boundary
                self._boundaries.open(boundary, len(self._stack))
                self._stack.append(entity)
                return
        self._leaf_count += 1
        entity.part_id = str(self._leaf_count)
        self._leaf = entity

    def _take_rest(self, start: int) -> None:
        entity = _Entity(start, start, start, {})
        self._leaf_count += 1
        entity.part_id = str(self._leaf_count)
        self._leaf = entity
        self._unwind(0, self._end)
        self._boundaries.close_all()

    def _unwind(self, level: int, end: int) -> None:
        """Ends the open leaf and every multipart from `level` on at octet `end`."""
        if self._leaf is not None:
            leaf, self._leaf = self._leaf, None
            self._attach(self._frozen(leaf, end), len(self._stack))
        while len(self._stack) > level:
            entity = self._stack.pop()
            if self._boundaries.is_open(entity.boundary, len(self._stack)):
                self._boundaries.close(entity.boundary)
                self.defects["multipart-not-closed"] = None
            if not entity.was_split and self._raw[entity.body_start : max(end, entity.body_start)].strip():
                self._leaf_count += 1  # rather the raw text than nothing
                self.defects["multipart-without-parts"] = None
                entity.is_multipart, entity.part_id = False, str(self._leaf_count)
                entity.media = MimeValue("text/plain", {})
            self._attach(self._frozen(entity, end), len(self._stack))

    def _attach(self, part: Part, depth: int) -> None:
        if depth:
            self._stack[depth - 1].children.append(part)
        else:
            self.root = part

    def _frozen(self, entity: _Entity, end: int) -> Part:
        end = max(end, entity.body_start)
        media, fields = entity.media, entity.fields
        encoding = self._encoding(fields.get(b"content-transfer-encoding"), entity.is_multipart)
        size = 0 if entity.is_multipart else decoded_size(self._raw, entity.body_start, end, encoding)
        disposition = fields.get(b"content-disposition")
        disposed = parse_disposition(unfold(disposition)) if disposition is not None else None
        name = disposed.parameters.get("filename") if disposed else None
        return Part(
            part_id=entity.part_id,
            type=media.value,
            charset=charset_of(media, is_declared=b"content-type" in fields),
            disposition=disposed.value if disposed else None,
            name=name or media.parameters.get("name") or None,
            cid=content_id_of(fields.get(b"content-id")),
            language=languages_of(fields.get(b"content-language")),
            location=location_of(fields.get(b"content-location")),
            encoding=encoding,
            header_start=entity.header_start,
            header_end=entity.header_end,
            body_start=entity.body_start,
            body_end=end,
            size=size,
            sub_parts=tuple(entity.children),
        )

    def _encoding(self, value: bytes | None, is_multipart: bool) -> str:
        if value is None:
            return "7bit"
        encoding = encoding_of(value)
        if encoding is None:
            self.defects["unknown-transfer-encoding"] = None
            return "8bit"
        return "8bit" if is_multipart and encoding not in ("7bit", "8bit", "binary") else encoding
