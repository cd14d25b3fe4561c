"""What Email/get and Email/parse were asked for, and how deep the server must reach to answer (rfc8621#4.2, #4.9)."""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum
from typing import Final

import msgspec

from pirab.jmap.arguments import UnsignedInt
from pirab.jmap.capabilities import MAIL_SAFETY
from pirab.jmap.email.header_property import (
    CONVENIENCE_PROPERTIES,
    HeaderProperty,
    is_form_allowed,
    parse_header_property,
)
from pirab.jmap.errors import MethodError, invalid_arguments, too_large

MAX_PROPERTIES: Final = 250
"""Different properties in one list: each costs something for every Email."""

SAFE_HTML: Final = "pirab:safeHtml"
HAS_REMOTE_RESOURCES: Final = "pirab:hasRemoteResources"


class Depth(IntEnum):
    """How far from the account's rows a property lies; each level costs more than the one before."""

    ROW = 0
    STRUCTURE = 1
    """The MIME tree, stored beside the message."""
    CONTENT = 2
    """The message's bytes, read from the blob store."""


class BodyValueArguments(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Which text parts `bodyValues` holds, and how many octets of UTF-8 each may have (0: no limit)."""

    fetch_text: bool = False
    fetch_html: bool = False
    fetch_all: bool = False
    max_bytes: UnsignedInt = 0

    @property
    def wants_any(self) -> bool:
        """Whether any part's text must be read at all."""
        return self.fetch_text or self.fetch_html or self.fetch_all


class BodyPlan(msgspec.Struct, frozen=True):
    """Properties of each EmailBodyPart: plain names in the order asked, and header properties."""

    names: tuple[str, ...]
    headers: tuple[HeaderProperty, ...]

    @property
    def depth(self) -> Depth:
        """Header fields of a part are not in the stored structure."""
        return Depth.CONTENT if self.headers or "headers" in self.names else Depth.STRUCTURE


class PropertyPlan(msgspec.Struct, frozen=True):
    """Everything one call wants of each Email."""

    names: tuple[str, ...]
    """Named properties in the order asked (header properties apart)."""
    headers: tuple[HeaderProperty, ...]
    body: BodyPlan
    values: BodyValueArguments
    depth: Depth


_ROW_PROPERTIES: Final = frozenset(
    ["id", "blobId", "threadId", "mailboxIds", "keywords", "size", "receivedAt", "hasAttachment", "preview"]
) | frozenset(CONVENIENCE_PROPERTIES)
_PART_LISTS: Final = frozenset(["bodyStructure", "textBody", "htmlBody", "attachments"])
_CONTENT_PROPERTIES: Final = frozenset({"headers"})
_VENDOR_PROPERTIES: Final = frozenset({SAFE_HTML, HAS_REMOTE_RESOURCES})
EMAIL_PROPERTIES: Final = _ROW_PROPERTIES | _PART_LISTS | _CONTENT_PROPERTIES | {"bodyValues"}
"""Every property of rfc8621#4.1 that is not of the form `header:…`."""

BODY_PART_PROPERTIES: Final = frozenset(
    [
        "partId",
        "blobId",
        "size",
        "headers",
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
DEFAULT_BODY_PROPERTIES: Final = (
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
)
DEFAULT_PARSE_PROPERTIES: Final = (
    "messageId",
    "inReplyTo",
    "references",
    "sender",
    "from",
    "to",
    "cc",
    "bcc",
    "replyTo",
    "subject",
    "sentAt",
    "hasAttachment",
    "preview",
    "bodyValues",
    "textBody",
    "htmlBody",
    "attachments",
)
"""What Email/parse answers with when it is not told (rfc8621#4.9)."""
DEFAULT_PROPERTIES: Final = (
    "id",
    "blobId",
    "threadId",
    "mailboxIds",
    "keywords",
    "size",
    "receivedAt",
    *DEFAULT_PARSE_PROPERTIES,
)
"""What Email/get answers with when it is not told (rfc8621#4.2)."""

_ABBREVIATED: Final = {(full.field, full.form): short for short, full in CONVENIENCE_PROPERTIES.items()}


def plan_properties(
    asked: Iterable[str] | None,
    *,
    default: tuple[str, ...],
    body_asked: Iterable[str] | None,
    values: BodyValueArguments,
    using: frozenset[str],
) -> PropertyPlan:
    """Read the property lists of a call; raises `invalidArguments` for a name or a header form that does not exist."""
    known = EMAIL_PROPERTIES | (_VENDOR_PROPERTIES if MAIL_SAFETY in using else frozenset())
    names, headers = _split(default if asked is None else asked, known, "properties")
    body = BodyPlan(
        *_split(
            DEFAULT_BODY_PROPERTIES if body_asked is None else body_asked,
            BODY_PART_PROPERTIES,
            "bodyProperties",
        )
    )
    return PropertyPlan(names, headers, body, values, _depth(names, headers, body, values))


def abbreviation(header: HeaderProperty) -> str | None:
    """The convenience property with the same value as `header`, or None: it is answered from the row."""
    return None if header.is_all else _ABBREVIATED.get((header.field, header.form))


def _split(
    asked: Iterable[str], known: frozenset[str], argument: str
) -> tuple[tuple[str, ...], tuple[HeaderProperty, ...]]:
    names: list[str] = []
    headers: list[HeaderProperty] = []
    keys = dict.fromkeys(asked)
    if len(keys) > MAX_PROPERTIES:
        raise too_large(argument, MAX_PROPERTIES)
    for key in keys:
        if key in known:
            names.append(key)
            continue
        header = parse_header_property(key)
        if header is None:
            raise _refused(f"No such property: {key[:100]!r}.", argument)
        if not is_form_allowed(header):
            raise _refused(f"{header.name[:76]} has no form {header.form.value} (rfc8621#4.1.2).", argument)
        headers.append(header)
    return tuple(names), tuple(headers)


def _refused(description: str, argument: str) -> MethodError:
    return invalid_arguments(description, argument)


def _depth(
    names: tuple[str, ...], headers: tuple[HeaderProperty, ...], body: BodyPlan, values: BodyValueArguments
) -> Depth:
    chosen = frozenset(names)
    if chosen & (_CONTENT_PROPERTIES | _VENDOR_PROPERTIES) or any(abbreviation(h) is None for h in headers):
        return Depth.CONTENT
    if "bodyValues" in chosen and values.wants_any:
        return Depth.CONTENT
    return body.depth if chosen & _PART_LISTS else Depth.ROW
