"""Header fields of an Email that is being created: JSON in one of the forms becomes fields (rfc8621#4.1.2, #4.6).

Nothing a client sends can begin a header field of its own: control characters are refused here, and the writer of the
field refuses line breaks again.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final

from pirab.jmap.email.dates import parse_date
from pirab.jmap.email.header_property import HeaderForm, HeaderProperty
from pirab.wire.compose import (
    FieldLine,
    address_field,
    date_field,
    group_field,
    message_ids_field,
    raw_field,
    text_field,
    urls_field,
)
from pirab.wire.types import Address, AddressGroup

MAX_VALUE_CHARS: Final = 100_000
"""Characters of one string in a header property."""
MAX_LIST_ITEMS: Final = 5_000
"""Addresses, message ids or URLs in one header field."""

_CONTROL: Final = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_BAD_RAW: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]|\r(?!\n)|(?<!\r)\n|\r\n(?![ \t]+[^ \t\r\n])")
_MESSAGE_ID: Final = re.compile(r"[\x21-\x3b\x3d\x3f-\x7e]{1,900}", re.ASCII)
_SERVER_FIELDS: Final = frozenset({"mime-version", "content-transfer-encoding"})
_URL: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[\x21-\x3b\x3d\x3f-\x7e]{1,2000}", re.ASCII)

_ONCE: Final = frozenset(
    {
        "date",
        "from",
        "sender",
        "reply-to",
        "to",
        "cc",
        "bcc",
        "message-id",
        "in-reply-to",
        "references",
        "subject",
    }
)
"""Fields a message has at most once (rfc5322#3.6)."""


def read_fields(header: HeaderProperty, value: Any) -> list[FieldLine]:
    """The fields that property `header` with `value` stands for: none for null, several for `:all`.

    Raises ValueError, saying what is wrong, for a value that does not have the form or cannot be written.
    """
    if value is None:
        return []
    if header.field in _SERVER_FIELDS:
        raise ValueError("the server writes this field")
    values = _list(value) if header.is_all else [value]
    if len(values) > 1 and header.field in _ONCE:
        raise ValueError("a message has this field once")
    write = _WRITERS[header.form]
    return [write(header.name, item) for item in values]


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise ValueError("a list is needed")
    if len(value) > MAX_LIST_ITEMS:
        raise ValueError(f"at most {MAX_LIST_ITEMS} items")
    return value


def _string(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("a string is needed")
    if len(value) > MAX_VALUE_CHARS:
        raise ValueError(f"at most {MAX_VALUE_CHARS} characters")
    return value


def plain_text(value: Any) -> str:
    """A string without control characters; raises ValueError."""
    text = _string(value)
    if _CONTROL.search(text):
        raise ValueError("control characters are not allowed")
    return text


def _raw(value: Any) -> str:
    """Raw form may be folded: a line break is followed by white space and something to read (rfc5322#2.2.3)."""
    text = _string(value)
    if _BAD_RAW.search(text):
        raise ValueError("control characters and stray line breaks are not allowed")
    return text


def _addresses(value: Any) -> tuple[Address, ...]:
    return tuple(_address(item) for item in _list(value))


def _address(value: Any) -> Address:
    if not isinstance(value, dict) or not value.keys() <= {"name", "email"}:
        raise ValueError("an address is an object of name and email")
    name = value.get("name")
    return Address(None if name is None else plain_text(name), plain_text(value.get("email")))


def _groups(value: Any) -> tuple[AddressGroup, ...]:
    return tuple(_group(item) for item in _list(value))


def _group(value: Any) -> AddressGroup:
    if not isinstance(value, dict) or not value.keys() <= {"name", "addresses"}:
        raise ValueError("a group is an object of name and addresses")
    name = value.get("name")
    return AddressGroup(None if name is None else plain_text(name), _addresses(value.get("addresses")))


def _message_ids(value: Any) -> tuple[str, ...]:
    return _matching(value, _MESSAGE_ID, "a message id has no spaces and no angle brackets")


def _urls(value: Any) -> tuple[str, ...]:
    return _matching(value, _URL, "a URL is needed, in ASCII")


def _matching(value: Any, pattern: re.Pattern[str], complaint: str) -> tuple[str, ...]:
    items = tuple(_string(item) for item in _list(value))
    if not all(pattern.fullmatch(item) for item in items):
        raise ValueError(complaint)
    return items


_WRITERS: Final[dict[HeaderForm, Callable[[str, Any], FieldLine]]] = {
    HeaderForm.RAW: lambda name, value: raw_field(name, _raw(value)),
    HeaderForm.TEXT: lambda name, value: text_field(name, plain_text(value)),
    HeaderForm.ADDRESSES: lambda name, value: address_field(name, _addresses(value)),
    HeaderForm.GROUPED_ADDRESSES: lambda name, value: group_field(name, _groups(value)),
    HeaderForm.MESSAGE_IDS: lambda name, value: message_ids_field(name, _message_ids(value)),
    HeaderForm.DATE: lambda name, value: date_field(name, parse_date(value)),
    HeaderForm.URLS: lambda name, value: urls_field(name, _urls(value)),
}
