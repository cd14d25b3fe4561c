"""An Email object sent for creation, read and checked against every rule of rfc8621#4.6.

Reading touches no database: the result is a `Draft` of typed values, or one SetError that names all that is wrong.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

import msgspec

from pirab.jmap.context import RequestContext
from pirab.jmap.email.draft_body import BodyReader, DraftPart
from pirab.jmap.email.draft_headers import read_fields
from pirab.jmap.email.header_property import (
    CONVENIENCE_PROPERTIES,
    HeaderProperty,
    is_form_allowed,
    parse_header_property,
)
from pirab.jmap.email.membership import read_keywords, read_mailbox_ids, read_received_at
from pirab.jmap.email.problems import Problems
from pirab.jmap.errors import SetError
from pirab.wire.compose import FieldLine

_SERVER_SET: Final = frozenset(["id", "blobId", "threadId", "size", "hasAttachment", "preview"])
_BODY_LISTS: Final = ("textBody", "htmlBody", "attachments")
_METADATA: Final = frozenset(
    ["mailboxIds", "keywords", "receivedAt", "bodyStructure", "bodyValues"]
) | frozenset(_BODY_LISTS)


class Draft(msgspec.Struct, frozen=True):
    """What to create: where it goes, and the message."""

    mailbox_ids: frozenset[int]
    keywords: frozenset[str]
    received_at: datetime
    fields: tuple[FieldLine, ...]
    body: DraftPart


def read_draft(context: RequestContext, record: dict[str, Any]) -> Draft:
    """The draft in `record`; raises SetError `invalidProperties` naming every bad property."""
    return _DraftReader(context, record).read()


class _DraftReader:
    def __init__(self, context: RequestContext, record: dict[str, Any]) -> None:
        self._context = context
        self._given = {name: value for name, value in record.items() if value is not None}
        self._problems = Problems()
        self._fields: list[FieldLine] = []
        self._taken: dict[str, str] = {}

    def read(self) -> Draft:
        mailbox_ids, keywords, received_at = self._metadata()
        self._read_headers()
        body = self._body()
        self._problems.raise_if_any()
        assert body is not None
        return Draft(mailbox_ids, keywords, received_at, tuple(self._fields), body)

    def _metadata(self) -> tuple[frozenset[int], frozenset[str], datetime]:
        now = self._context.now()
        mailbox_ids: frozenset[int] = frozenset()
        keywords: frozenset[str] = frozenset()
        received_at = now
        try:
            mailbox_ids = read_mailbox_ids(self._context, self._given.get("mailboxIds"))
        except SetError as error:
            self._note(error)
        try:
            keywords = read_keywords(self._given.get("keywords"))
        except SetError as error:
            self._note(error)
        try:
            received_at = read_received_at(self._given.get("receivedAt"), now)
        except SetError as error:
            self._note(error)
        return mailbox_ids, keywords, received_at

    def _note(self, error: SetError) -> None:
        for name in error.properties:
            self._problems.add(name, error.description or "not allowed")

    def _read_headers(self) -> None:
        for name, value in self._given.items():
            if name in _METADATA:
                continue
            if name in _SERVER_SET:
                self._problems.add(name, "the server sets it")
            elif name == "headers":
                self._problems.add(name, "each header field is set by a property of its own")
            else:
                header = CONVENIENCE_PROPERTIES.get(name) or parse_header_property(name)
                if header is None:
                    self._problems.add(name, "an Email has no such property")
                else:
                    self._read_header(name, header, value)

    def _read_header(self, name: str, header: HeaderProperty, value: Any) -> None:
        if not is_form_allowed(header):
            self._problems.add(name, "this field has no such form")
        elif header.field.startswith("content-"):
            self._problems.add(name, "Content- fields belong to a body part")
        elif header.field in self._taken:
            self._problems.add(name, f"the same header field as {self._taken[header.field][:100]}")
            self._problems.add(self._taken[header.field], f"the same header field as {name[:100]}")
        else:
            self._taken[header.field] = name
            try:
                self._fields.extend(read_fields(header, value))
            except ValueError as error:
                self._problems.add(name, str(error))

    def _body(self) -> DraftPart | None:
        reader = BodyReader(self._values(), self._problems)
        lists = [name for name in _BODY_LISTS if name in self._given]
        if "bodyStructure" not in self._given:
            return self._from_lists(reader)
        for name in lists:
            self._problems.add(name, "not beside bodyStructure")
        root = reader.read(self._given["bodyStructure"], "bodyStructure")
        if root is None:
            return None
        for field in root.fields:
            if field.name.lower() in self._taken:
                self._problems.add(f"bodyStructure/header:{field.name}", "already given on the Email")
        return root

    def _values(self) -> dict[str, str]:
        given = self._given.get("bodyValues", {})
        if not isinstance(given, dict):
            self._problems.add("bodyValues", "an object of part ids is needed")
            return {}
        values: dict[str, str] = {}
        for part_id, record in given.items():
            path = f"bodyValues/{part_id[:100]}"
            if not isinstance(record, dict) or not isinstance(record.get("value"), str):
                self._problems.add(path, "an object with a string value is needed")
                continue
            if not record.keys() <= {"value", "isEncodingProblem", "isTruncated"}:
                self._problems.add(path, "no such property")
            if (
                record.get("isEncodingProblem", False) is not False
                or record.get("isTruncated", False) is not False
            ):
                self._problems.add(path, "isEncodingProblem and isTruncated are false or absent")
            values[part_id] = record["value"]
        return values

    def _from_lists(self, reader: BodyReader) -> DraftPart:
        text = self._only(reader, "textBody", "text/plain")
        html = self._only(reader, "htmlBody", "text/html")
        return arrange(text, html, self._attachments(reader))

    def _only(self, reader: BodyReader, name: str, kind: str) -> DraftPart | None:
        given = self._given.get(name)
        if given is None:
            return None
        if not isinstance(given, list) or len(given) != 1:
            self._problems.add(name, "exactly one part is needed")
            return None
        part = reader.read(given[0], f"{name}/0", kind)
        if part is not None and part.type != kind:
            self._problems.add(f"{name}/0/type", f"the part must be {kind}")
        return part

    def _attachments(self, reader: BodyReader) -> list[DraftPart]:
        given = self._given.get("attachments")
        if given is None:
            return []
        if not isinstance(given, list):
            self._problems.add("attachments", "a list of parts is needed")
            return []
        parts: list[DraftPart] = []
        for at, record in enumerate(given):
            part = reader.read(record, f"attachments/{at}")
            if part is None:
                continue
            if part.is_multipart:
                self._problems.add(f"attachments/{at}/type", "an attachment is no multipart")
            elif part.disposition is None:
                part = msgspec.structs.replace(part, disposition="attachment")
            parts.append(part)
        return parts


def arrange(text: DraftPart | None, html: DraftPart | None, attachments: list[DraftPart]) -> DraftPart:
    """The MIME structure for a body given by its lists: pictures of the HTML lie beside it in a multipart/related."""
    inline = [part for part in attachments if html is not None and part.cid and part.disposition == "inline"]
    rest = [part for part in attachments if part not in inline]
    if html is not None and inline:
        html = DraftPart(path="htmlBody", type="multipart/related", sub_parts=(html, *inline))
    if text is not None and html is not None:
        body = DraftPart(path="textBody", type="multipart/alternative", sub_parts=(text, html))
    else:
        body = text or html or DraftPart(path="textBody", type="text/plain", text="")
    if not rest:
        return body
    # A message without text is its attachments: no empty part in front of them.
    front = () if text is None and html is None else (body,)
    return DraftPart(path="attachments", type="multipart/mixed", sub_parts=(*front, *rest))
