"""Values of header fields in the form a client asked for (rfc8621#4.1.2, #4.1.3)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from pirab.jmap.email.header_property import HeaderForm, HeaderProperty
from pirab.wire import headers
from pirab.wire.types import HeaderField

_PARSERS: Final[dict[HeaderForm, Callable[[bytes], Any]]] = {
    HeaderForm.RAW: headers.as_raw,
    HeaderForm.TEXT: headers.as_text,
    HeaderForm.ADDRESSES: headers.as_addresses,
    HeaderForm.GROUPED_ADDRESSES: headers.as_grouped_addresses,
    HeaderForm.MESSAGE_IDS: headers.as_message_ids,
    HeaderForm.DATE: headers.as_date,
    HeaderForm.URLS: headers.as_urls,
}


FieldIndex = dict[str, list[bytes]]
"""The values of the fields of one header, by lower-case name, in order."""


def index_fields(fields: Sequence[HeaderField]) -> FieldIndex:
    """The fields by name, so that many properties of a header with many fields stay cheap."""
    index: FieldIndex = {}
    for field in fields:
        index.setdefault(field.name.lower(), []).append(field.value)
    return index


def header_value(index: FieldIndex, header: HeaderProperty) -> Any:
    """The value of property `header`: of the last field of that name, or of every one when it ends in `:all`."""
    found = index.get(header.field, ())
    parse = _PARSERS[header.form]
    if header.is_all:
        return [parse(value) for value in found]
    return parse(found[-1]) if found else None


def header_list(fields: Sequence[HeaderField]) -> list[dict[str, str]]:
    """The `headers` property: every field in order, in Raw form."""
    return [{"name": field.name, "value": headers.as_raw(field.value)} for field in fields]
