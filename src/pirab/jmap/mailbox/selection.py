"""Which mailboxes a query means, and in which order (rfc8621#2.3)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final, TypeAlias, TypeVar

import msgspec

from pirab.core.ids import IdKind
from pirab.jmap.arguments import Arguments, Comparator, IdOrReference, Record
from pirab.jmap.context import RequestContext
from pirab.jmap.errors import MethodError, invalid_arguments
from pirab.jmap.limits import COLLATIONS
from pirab.jmap.mailbox.name_order import name_key
from pirab.store.types import MailboxRow

Shape = TypeVar("Shape")
Test: TypeAlias = Callable[[MailboxRow], bool]
_NOTHING: Final = -1
"""A key no mailbox has: what an id stands for that names nothing."""


class Condition(Arguments, frozen=True, kw_only=True):
    """FilterCondition of rfc8621#2.3; what is not given (UNSET) does not count, null is a value to match."""

    parent_id: IdOrReference | msgspec.UnsetType | None = msgspec.UNSET
    name: str | msgspec.UnsetType = msgspec.UNSET
    role: str | msgspec.UnsetType | None = msgspec.UNSET
    has_any_role: bool | msgspec.UnsetType = msgspec.UNSET
    is_subscribed: bool | msgspec.UnsetType = msgspec.UNSET


_CONDITION_NAMES: Final = frozenset(Condition.__struct_encode_fields__)


class Operator(Arguments, frozen=True, kw_only=True):
    """FilterOperator of rfc8620#5.5."""

    operator: str
    conditions: list[Record]


def parse_filter(context: RequestContext, given: Record | None) -> Test:
    """The test a filter stands for. Raises `invalidArguments` or `unsupportedFilter`."""
    if not given:
        return lambda row: True
    if "operator" in given:
        return _parse_operator(context, given)
    strange = given.keys() - _CONDITION_NAMES
    if strange:
        raise MethodError("unsupportedFilter", f"No such condition: {min(strange)[:100]!r}.")
    condition = _converted(given, Condition)
    tests = [_one_test(context, name, value) for name, value in _given_values(condition)]
    return lambda row: all(test(row) for test in tests)


def _parse_operator(context: RequestContext, given: Record) -> Test:
    operation = _converted(given, Operator)
    tests = [parse_filter(context, inner) for inner in operation.conditions]
    match operation.operator:
        case "AND":
            return lambda row: all(test(row) for test in tests)
        case "OR":
            return lambda row: any(test(row) for test in tests)
        case "NOT":
            return lambda row: not any(test(row) for test in tests)
    raise invalid_arguments("The operator must be AND, OR or NOT.", "filter")


def _one_test(context: RequestContext, name: str, value: Any) -> Test:
    match name:
        case "parent_id":
            parent = None if value is None else context.key(IdKind.MAILBOX, value) or _NOTHING
            return lambda row: row.parent_id == parent
        case "name":
            wanted = value.casefold()
            return lambda row: wanted in row.name.casefold()
        case "role":
            return lambda row: row.role == value
        case "has_any_role":
            return lambda row: (row.role is not None) is value
        case _:
            return lambda row: row.is_subscribed is value


def _given_values(condition: Condition) -> Iterable[tuple[str, Any]]:
    for name in condition.__struct_fields__:
        value = getattr(condition, name)
        if value is not msgspec.UNSET:
            yield name, value


def _converted(given: Record, shape: type[Shape]) -> Shape:
    try:
        return msgspec.convert(given, shape, strict=True)
    except msgspec.ValidationError as error:
        raise invalid_arguments(str(error), "filter") from error


def sorted_rows(rows: list[MailboxRow], sort: list[Comparator] | None) -> list[MailboxRow]:
    """`rows` by the comparators, the first weighing most. Raises `unsupportedSort`."""
    result = list(rows)
    for comparator in reversed(sort or []):
        result.sort(key=_sort_key(comparator), reverse=not comparator.is_ascending)
    return result


def _sort_key(comparator: Comparator) -> Callable[[MailboxRow], Any]:
    collation = comparator.collation
    if collation is not None and collation not in COLLATIONS:
        raise MethodError("unsupportedSort", f"No such collation: {collation[:100]!r}.")
    match comparator.property:
        case "sortOrder":
            return lambda row: row.sort_order
        case "name":
            return lambda row: row.name if collation == "i;octet" else name_key(row.name)
    raise MethodError("unsupportedSort", f"Not sortable: {comparator.property[:100]!r}.")


def as_tree(rows: list[MailboxRow]) -> list[MailboxRow]:
    """Sorted rows with each mailbox right before those below it (rfc8621#2.3 sortAsTree)."""
    below: dict[int | None, list[MailboxRow]] = {}
    for row in rows:
        below.setdefault(row.parent_id, []).append(row)
    result: list[MailboxRow] = []
    waiting = below.get(None, [])[::-1]
    while waiting:
        row = waiting.pop()
        result.append(row)
        waiting.extend(reversed(below.get(row.id, [])))
    return result


def with_all_ancestors(rows: list[MailboxRow], test: Test) -> list[MailboxRow]:
    """The rows that pass the test together with everything above them (rfc8621#2.3 filterAsTree)."""
    by_id = {row.id: row for row in rows}

    def passes(row: MailboxRow | None) -> bool:
        while row is not None:
            if not test(row):
                return False
            row = by_id.get(row.parent_id) if row.parent_id is not None else None
        return True

    return [row for row in rows if passes(row)]


def descendants(rows: list[MailboxRow], keys: set[int]) -> set[int]:
    """`keys` and every mailbox below one of them."""
    result = set(keys)
    for row in as_tree(rows):
        if row.parent_id in result:
            result.add(row.id)
    return result
