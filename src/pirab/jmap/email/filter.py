"""The filter of Email/query, Email/queryChanges and SearchSnippet/get (rfc8621#4.4.1): JSON to the store's terms."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

import msgspec

from pirab.core.ids import IdKind
from pirab.jmap.arguments import Id, IdOrReference, UnsignedInt
from pirab.jmap.capabilities import SEARCH
from pirab.jmap.context import RequestContext
from pirab.jmap.email.dates import parse_utc_date
from pirab.jmap.errors import MethodError, invalid_arguments
from pirab.jmap.filter_reader import FilterReader
from pirab.store.search_text import NO_MAILBOX, search_filter, stands_still
from pirab.store.types import FilterCondition, FilterOperator

MAX_CONDITIONS: Final = 200
"""Operators and conditions one filter may hold."""
MAX_FILTER_DEPTH: Final = 20
MAX_TEXT_CHARS: Final = 10_000
"""Characters of one text condition."""


SEARCH_TEXT: Final = "searchText"
"""The condition of Pirab's own: a text as people type it, operators included."""

StoreFilter = FilterOperator | FilterCondition


def stays_comparable(context: RequestContext, record: Any) -> bool:
    """Whether results of this filter change with Emails alone, so that queryChanges can tell how (rfc8620#5.6).

    `record` is a filter that `parse_filter` has accepted.
    """
    if not isinstance(record, dict):
        return True
    if "operator" in record:
        return all(stays_comparable(context, each) for each in record["conditions"])
    return SEARCH_TEXT not in record or stands_still(record[SEARCH_TEXT], context.now())


def parse_filter(context: RequestContext, account: int, record: dict[str, Any] | None) -> StoreFilter | None:
    """The store's form of a filter on the Emails of `account`, None for "everything".

    Raises `invalidArguments` for a wrong type and `unsupportedFilter` for a condition this service does not know or a
    filter too large to run.
    """
    if record is None:
        return None
    return _FilterReader(context, account).read(record)


class _FilterReader(FilterReader[StoreFilter]):
    """See `FilterReader`."""

    most = MAX_CONDITIONS
    deepest = MAX_FILTER_DEPTH

    def __init__(self, context: RequestContext, account: int) -> None:
        super().__init__()
        self._context = context
        self._account = account

    def _conditions(self, record: dict[str, Any]) -> StoreFilter:
        if SEARCH_TEXT in record and SEARCH in self._context.using:
            return self._search(record)
        return self._condition(record)

    def _search(self, record: dict[str, Any]) -> StoreFilter:
        try:
            text = _text(self._context, record[SEARCH_TEXT])
        except msgspec.ValidationError as error:
            raise _bad(f"Bad value of condition {SEARCH_TEXT}: {error}") from error
        searched = search_filter(self._account, text, self._context.now())
        rest = {name: value for name, value in record.items() if name != SEARCH_TEXT}
        return FilterOperator("AND", (searched, self._condition(rest))) if rest else searched

    def _joined(self, operator: str, inner: tuple[StoreFilter, ...]) -> StoreFilter:
        return FilterOperator(operator, inner)

    def _condition(self, record: dict[str, Any]) -> FilterCondition:
        values: dict[str, Any] = {}
        for name, value in record.items():
            reader = _CONDITIONS.get(name)
            if reader is None:
                raise MethodError("unsupportedFilter", f"No such condition: {name[:100]!r}.")
            field, read = reader
            try:
                values[field] = read(self._context, value)
            except (msgspec.ValidationError, ValueError) as error:
                raise _bad(f"Bad value of condition {name}: {error}") from error
        return FilterCondition(**values)


def _bad(description: str) -> MethodError:
    return invalid_arguments(description, "filter")


def _text(_context: RequestContext, value: Any) -> str:
    text = msgspec.convert(value, str, strict=True)
    if len(text) > MAX_TEXT_CHARS:
        raise MethodError("unsupportedFilter", f"At most {MAX_TEXT_CHARS} characters are searched for.")
    return text


def _keyword(_context: RequestContext, value: Any) -> str:
    # A string outside the keyword grammar is no error: no Email has it.
    return msgspec.convert(value, str, strict=True).lower()


def _number(_context: RequestContext, value: Any) -> int:
    return msgspec.convert(value, UnsignedInt, strict=True)


def _flag(_context: RequestContext, value: Any) -> bool:
    return msgspec.convert(value, bool, strict=True)


def _date(_context: RequestContext, value: Any) -> datetime:
    return parse_utc_date(value)


def _mailbox(context: RequestContext, value: Any) -> int:
    text = msgspec.convert(value, IdOrReference, strict=True)
    key = context.key(IdKind.MAILBOX, text)
    return NO_MAILBOX if key is None else key


def _mailboxes(context: RequestContext, value: Any) -> tuple[int, ...]:
    return tuple(_mailbox(context, text) for text in msgspec.convert(value, list[Id], strict=True))


def _header(_context: RequestContext, value: Any) -> tuple[str, ...]:
    parts = msgspec.convert(value, list[str], strict=True)
    if not 1 <= len(parts) <= 2 or not parts[0]:
        raise ValueError("a field name, and perhaps a text, are needed")
    return tuple(parts)


_Reader = Callable[[RequestContext, Any], Any]
_CONDITIONS: Final[dict[str, tuple[str, _Reader]]] = {
    # name on the wire: (field of FilterCondition, reader)
    "inMailbox": ("in_mailbox", _mailbox),
    "inMailboxOtherThan": ("in_mailbox_other_than", _mailboxes),
    "before": ("before", _date),
    "after": ("after", _date),
    "minSize": ("min_size", _number),
    "maxSize": ("max_size", _number),
    "allInThreadHaveKeyword": ("all_in_thread_have_keyword", _keyword),
    "someInThreadHaveKeyword": ("some_in_thread_have_keyword", _keyword),
    "noneInThreadHaveKeyword": ("none_in_thread_have_keyword", _keyword),
    "hasKeyword": ("has_keyword", _keyword),
    "notKeyword": ("not_keyword", _keyword),
    "hasAttachment": ("has_attachment", _flag),
    "text": ("text", _text),
    "from": ("from_", _text),
    "to": ("to", _text),
    "cc": ("cc", _text),
    "bcc": ("bcc", _text),
    "subject": ("subject", _text),
    "body": ("body", _text),
    "header": ("header", _header),
}
