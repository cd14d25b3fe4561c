"""Body parts of an Email that is being created: EmailBodyPart objects become parts to be written (rfc8621#4.6).

Every rule on one part is checked here: a partId or a blobId and not both, no charset or size beside a partId, no header
field said twice, no Content-Transfer-Encoding, sub-parts for multiparts and for nothing else.
"""

from __future__ import annotations

import re
from typing import Any, Final

import msgspec

from pirab.jmap.email.draft_headers import plain_text, read_fields
from pirab.jmap.email.header_property import (
    HeaderForm,
    HeaderProperty,
    is_form_allowed,
    parse_header_property,
)
from pirab.jmap.email.problems import Problems
from pirab.wire.compose import FieldLine
from pirab.wire.parameters import parse_disposition, parse_media_type

MAX_PARTS: Final = 500
"""Parts of one Email; far below what the parser still tells apart."""
MAX_DEPTH: Final = 30
"""Multiparts around a part."""

_TYPE: Final = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,126}/[a-z0-9][a-z0-9!#$&^_.+-]{0,126}", re.ASCII)
_CID: Final = re.compile(r"[\x21-\x3b\x3d\x3f-\x7e]{1,900}", re.ASCII)
_LANGUAGE: Final = re.compile(r"[A-Za-z0-9]{1,8}(-[A-Za-z0-9]{1,8})*", re.ASCII)
_LOCATION: Final = re.compile(r"[\x21-\x7e]{1,2000}", re.ASCII)
_TOKEN: Final = re.compile(r"[A-Za-z0-9!#$&+.^_-]{1,76}", re.ASCII)
_PROPERTIES: Final = frozenset(
    [
        "partId",
        "blobId",
        "size",
        "name",
        "type",
        "charset",
        "disposition",
        "cid",
        "language",
        "location",
        "subParts",
    ]
)
_FIELD_OF: Final = {
    # property: the header field it becomes part of
    "type": "content-type",
    "charset": "content-type",
    "disposition": "content-disposition",
    "name": "content-disposition",
    "cid": "content-id",
    "language": "content-language",
    "location": "content-location",
}
_OWN_FIELDS: Final = frozenset({"content-type", "content-disposition"})


class DraftPart(msgspec.Struct, frozen=True):
    """One part to be written. A leaf has `text` (from bodyValues) or `blob_id`; a multipart has neither.

    `parameters` are those of Content-Type beyond charset, name and boundary. `path` says where in the request the part
    stood, for errors.
    """

    path: str
    type: str
    text: str | None = None
    blob_id: str | None = None
    charset: str | None = None
    name: str | None = None
    disposition: str | None = None
    cid: str | None = None
    language: tuple[str, ...] | None = None
    location: str | None = None
    parameters: dict[str, str] = {}
    fields: tuple[FieldLine, ...] = ()
    sub_parts: tuple[DraftPart, ...] = ()

    @property
    def is_multipart(self) -> bool:
        """Whether the part holds parts instead of content."""
        return self.type.startswith("multipart/")


class BodyReader:
    """Reads the parts of one Email; `values` is its checked `bodyValues`."""

    def __init__(self, values: dict[str, str], problems: Problems) -> None:
        self._values = values
        self._problems = problems
        self._seen = 0

    def read(
        self, record: Any, path: str, default_type: str | None = None, depth: int = 0
    ) -> DraftPart | None:
        """The part at `path`, or None when it is no part at all; what is wrong with it goes to the problems."""
        self._seen += 1
        if self._seen > MAX_PARTS or depth > MAX_DEPTH:
            if self._seen == MAX_PARTS + 1 or depth == MAX_DEPTH + 1:
                self._problems.add(path, "too many parts, or parts nested too deep")
            return None
        if not isinstance(record, dict):
            self._problems.add(path, "a body part is an object")
            return None
        given = {name: value for name, value in record.items() if value is not None}
        part = _PartReader(given, path, self._problems).read(default_type)
        if part.is_multipart:
            return self._multipart(part, given, depth)
        return self._leaf(part, given)

    def _multipart(self, part: DraftPart, given: dict[str, Any], depth: int) -> DraftPart:
        for name in ("partId", "blobId", "size", "charset"):
            if name in given:
                self._problems.add(f"{part.path}/{name}", "a multipart has none")
        below = given.get("subParts")
        if not isinstance(below, list) or not below:
            self._problems.add(f"{part.path}/subParts", "a multipart holds at least one part")
            return part
        read = [
            self.read(each, f"{part.path}/subParts/{at}", None, depth + 1) for at, each in enumerate(below)
        ]
        return msgspec.structs.replace(part, sub_parts=tuple(each for each in read if each is not None))

    def _leaf(self, part: DraftPart, given: dict[str, Any]) -> DraftPart:
        if "subParts" in given:
            self._problems.add(f"{part.path}/subParts", "only a multipart holds parts")
        part_id, blob_id = given.get("partId"), given.get("blobId")
        if (part_id is None) == (blob_id is None):
            self._problems.add(f"{part.path}/partId", "a part has a partId or a blobId, and not both")
            return part
        if blob_id is not None:
            if not isinstance(blob_id, str):
                self._problems.add(f"{part.path}/blobId", "a blob id is needed")
                return part
            return msgspec.structs.replace(part, blob_id=blob_id)
        return self._from_value(part, part_id, given)

    def _from_value(self, part: DraftPart, part_id: Any, given: dict[str, Any]) -> DraftPart:
        for name in ("charset", "size"):
            if name in given:
                self._problems.add(f"{part.path}/{name}", "the server chooses it for a part from bodyValues")
        if part.type.startswith("message/"):
            self._problems.add(f"{part.path}/partId", "a message is attached by its blobId")
        if not isinstance(part_id, str) or part_id not in self._values:
            self._problems.add(f"{part.path}/partId", "no such part in bodyValues")
            return part
        return msgspec.structs.replace(part, text=self._values[part_id])


class _PartReader:
    """Reads the properties of one part that become header fields."""

    def __init__(self, given: dict[str, Any], path: str, problems: Problems) -> None:
        self._given = given
        self._path = path
        self._problems = problems
        self._fields: list[FieldLine] = []
        self._taken: set[str] = {_FIELD_OF[name] for name in given if name in _FIELD_OF}
        self._own: dict[str, str] = {}

    def read(self, default_type: str | None) -> DraftPart:
        for name, value in self._given.items():
            if name not in _PROPERTIES:
                self._read_header(name, value)
        kind, charset, file_name, parameters = self._content_type(default_type)
        disposition = self._text("disposition", _TOKEN)
        if "content-disposition" in self._own:
            parsed = parse_disposition(self._own["content-disposition"].encode())
            if parsed is not None:
                disposition, file_name = parsed.value, parsed.parameters.get("filename", file_name)
        return DraftPart(
            path=self._path,
            type=kind,
            charset=self._text("charset", _TOKEN) or charset,
            name=self._text("name") or file_name,
            disposition=disposition.lower() if disposition else None,
            cid=self._text("cid", _CID),
            language=self._language(),
            location=self._text("location", _LOCATION),
            parameters=parameters,
            fields=tuple(self._fields),
        )

    def _content_type(self, default_type: str | None) -> tuple[str, str | None, str | None, dict[str, str]]:
        """Type, charset, name and other parameters, from `type` or from `header:Content-Type`."""
        if "content-type" in self._own:
            parsed = parse_media_type(self._own["content-type"].encode())
            if parsed is None:
                self._problems.add(f"{self._path}/type", "no media type in header:Content-Type")
                return "text/plain", None, None, {}
            parameters = dict(parsed.parameters)
            parameters.pop("boundary", None)
            return parsed.value, parameters.pop("charset", None), parameters.pop("name", None), parameters
        given = self._given.get("type")
        if given is None:
            return default_type or self._likely_type(), None, None, {}
        if not isinstance(given, str) or _TYPE.fullmatch(given.lower()) is None:
            self._problems.add(f"{self._path}/type", "a media type such as text/plain is needed")
            return "text/plain", None, None, {}
        return given.lower(), None, None, {}

    def _likely_type(self) -> str:
        if "subParts" in self._given:
            return "multipart/mixed"
        return "application/octet-stream" if "blobId" in self._given else "text/plain"

    def _read_header(self, key: str, value: Any) -> None:
        header = parse_header_property(key)
        path = f"{self._path}/{key[:100]}"
        if header is None or not is_form_allowed(header):
            self._problems.add(path, "no such property, or no such form of that field")
        elif header.field == "content-transfer-encoding":
            self._problems.add(path, "the server chooses the transfer encoding")
        elif header.field in self._taken:
            self._problems.add(path, "the same header field is given twice")
        else:
            self._taken.add(header.field)
            try:
                fields = read_fields(header, value)
            except ValueError as error:
                self._problems.add(path, str(error))
                return
            self._keep(header, fields, path)

    def _keep(self, header: HeaderProperty, fields: list[FieldLine], path: str) -> None:
        if header.field not in _OWN_FIELDS:
            self._fields.extend(fields)
        elif len(fields) == 1 and header.form in (HeaderForm.RAW, HeaderForm.TEXT):
            self._own[header.field] = fields[0].value
        else:
            self._problems.add(path, "this field is given once, in Raw or Text form")

    def _text(self, name: str, pattern: re.Pattern[str] | None = None) -> str | None:
        value = self._given.get(name)
        if value is None:
            return None
        try:
            text = plain_text(value)
        except ValueError as error:
            self._problems.add(f"{self._path}/{name}", str(error))
            return None
        if pattern is not None and pattern.fullmatch(text) is None:
            self._problems.add(f"{self._path}/{name}", "not in the syntax of its header field")
            return None
        return text

    def _language(self) -> tuple[str, ...] | None:
        value = self._given.get("language")
        if value is None:
            return None
        if not isinstance(value, list) or not all(
            isinstance(tag, str) and _LANGUAGE.fullmatch(tag) for tag in value
        ):
            self._problems.add(f"{self._path}/language", "a list of language tags is needed")
            return None
        return tuple(value)
