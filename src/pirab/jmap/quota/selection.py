"""Which Quotas a query means (rfc9425#4.4)."""

from __future__ import annotations

from typing import Any, Final

import msgspec

from pirab.jmap.arguments import Arguments, Comparator, Record
from pirab.jmap.errors import MethodError, invalid_arguments
from pirab.jmap.quota.rendering import NAME, RESOURCE, SCOPE, TYPES


class Condition(Arguments, frozen=True, kw_only=True):
    """FilterCondition of rfc9425#4.4."""

    name: str | None = None
    scope: str | None = None
    resource_type: str | None = None
    type: str | None = None


class Operator(Arguments, frozen=True, kw_only=True):
    """FilterOperator of rfc8620#5.5."""

    operator: str
    conditions: list[Record]


_CONDITIONS: Final = frozenset(Condition.__struct_encode_fields__)
_SORTABLE: Final = frozenset({"name", "used"})


def matches(given: Record | None) -> bool:
    """Whether the account's Quota passes the filter. Raises `invalidArguments`, `unsupportedFilter`."""
    if not given:
        return True
    if "operator" in given:
        return _combined(given)
    strange = given.keys() - _CONDITIONS
    if strange:
        raise MethodError("unsupportedFilter", f"No such condition: {min(strange)[:100]!r}.")
    wanted = _converted(given, Condition)
    return (
        (wanted.name is None or wanted.name.casefold() in NAME.casefold())
        and wanted.scope in (None, SCOPE)
        and wanted.resource_type in (None, RESOURCE)
        and (wanted.type is None or wanted.type in TYPES)
    )


def _combined(given: Record) -> bool:
    operation = _converted(given, Operator)
    answers = [matches(inner) for inner in operation.conditions]
    match operation.operator:
        case "AND":
            return all(answers)
        case "OR":
            return any(answers)
        case "NOT":
            return not any(answers)
    raise invalid_arguments("The operator must be AND, OR or NOT.", "filter")


def check_sort(sort: list[Comparator] | None) -> None:
    """One object is in order by any key; raises `unsupportedSort` for what is none."""
    for comparator in sort or ():
        if comparator.property not in _SORTABLE or comparator.keyword is not None:
            raise MethodError("unsupportedSort", f"Not sortable: {comparator.property[:100]!r}.")


def _converted(given: Record, shape: type[Any]) -> Any:
    try:
        return msgspec.convert(given, shape, strict=True)
    except msgspec.ValidationError as error:
        raise invalid_arguments(str(error), "filter") from error
