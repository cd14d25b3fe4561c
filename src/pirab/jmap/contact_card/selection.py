"""Filters and sorts of ContactCard/query, read from what a client sent (rfc9610#3.3)."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from pirab.contacts.conditions import (
    TEXTS,
    Condition,
    Contains,
    Every,
    HasMember,
    InBook,
    Is,
    NoneOf,
    Some,
    When,
)
from pirab.contacts.types import Order, SortKey
from pirab.core.ids import IdKind
from pirab.jmap.address_book.access import Access
from pirab.jmap.arguments import Comparator, Record
from pirab.jmap.context import RequestContext
from pirab.jmap.email.dates import parse_utc_date
from pirab.jmap.errors import MethodError, invalid_arguments
from pirab.jmap.filter_reader import FilterReader

MAX_CONDITIONS: Final = 200
LONGEST_TEXT: Final = 1_000
_NOBODYS: Final = -1
"""A key no book has."""
_MOMENTS: Final = {
    "createdBefore": ("created", True),
    "createdAfter": ("created", False),
    "updatedBefore": ("updated", True),
    "updatedAfter": ("updated", False),
}
_COLLATIONS: Final = (None, "i;unicode-casemap", "i;ascii-casemap")


def condition_of(context: RequestContext, access: Access, record: Record | None) -> Condition | None:
    """The condition of a query, with the bounds of what this reader may see."""
    parts: list[Any] = []
    if access.book_ids is not None:
        parts.append(InBook(tuple(access.book_ids)))
    if record is not None:
        parts.append(_Filter(context).read(record))
    return Every(tuple(parts)) if parts else None


def order_of(sort: list[Comparator] | None) -> list[Order]:
    """The sort; raises `unsupportedSort`."""
    order = []
    for comparator in sort or ():
        try:
            key = SortKey(comparator.property)
        except ValueError as error:
            raise MethodError("unsupportedSort", f"Cannot sort by {comparator.property[:100]!r}.") from error
        if comparator.keyword is not None or comparator.collation not in _COLLATIONS:
            raise MethodError("unsupportedSort", "No such collation or keyword.")
        order.append(Order(key, comparator.is_ascending))
    return order


class _Filter(FilterReader[Condition]):
    """See `FilterReader`."""

    most = MAX_CONDITIONS

    def __init__(self, context: RequestContext) -> None:
        super().__init__()
        self._context = context

    def _joined(self, operator: str, inner: tuple[Condition, ...]) -> Condition:
        if operator == "AND":
            return Every(inner)
        return Some(inner) if operator == "OR" else NoneOf(inner)

    def _conditions(self, record: dict[str, Any]) -> Condition:
        return Every(tuple(self._condition(name, value) for name, value in record.items()))

    def _condition(self, name: str, value: Any) -> Condition:
        if name not in (*TEXTS, *_MOMENTS, "inAddressBook", "uid", "hasMember", "kind"):
            raise MethodError("unsupportedFilter", f"No such condition: {name[:100]!r}.")
        if not isinstance(value, str) or "\0" in value or len(value) > LONGEST_TEXT:
            raise invalid_arguments(f"Bad value of condition {name}.", "filter")
        if name in _MOMENTS:
            column, is_before = _MOMENTS[name]
            return When(column, is_before, _moment(value))
        if name in TEXTS:
            return Contains(name, value)
        if name == "inAddressBook":
            return InBook((self._context.key(IdKind.ADDRESS_BOOK, value) or _NOBODYS,))
        return HasMember(value) if name == "hasMember" else Is(name, value)


def _moment(value: str) -> datetime:
    try:
        return parse_utc_date(value)
    except ValueError as error:
        raise invalid_arguments("Not a UTCDate.", "filter") from error
