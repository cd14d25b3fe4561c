"""SieveScript/query (rfc9661#2.5)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from pirab.core.ids import IdKind
from pirab.filtering.scripts import scripts_of
from pirab.filtering.types import ScriptRow
from pirab.jmap.arguments import Comparator, QueryArguments
from pirab.jmap.capabilities import SIEVE
from pirab.jmap.context import RequestContext, Right
from pirab.jmap.errors import MethodError, invalid_arguments
from pirab.jmap.filter_reader import FilterReader
from pirab.jmap.key_list import query_result
from pirab.jmap.registry import MethodResult, method
from pirab.store import queries as stored
from pirab.store.types import ObjectType

MAX_CONDITIONS: Final = 100
Test = Callable[[ScriptRow], bool]
_SORT_KEYS: Final[dict[str, Callable[[ScriptRow], Any]]] = {
    "name": lambda row: row.name,
    "isActive": lambda row: row.is_active,
}


@method("SieveScript/query", capability=SIEVE, arguments=QueryArguments)
def handle(context: RequestContext, arguments: QueryArguments) -> MethodResult:
    """The ids of the scripts that match, in order. There are few: no changes are calculated."""
    account = context.account(arguments.account_id, Right.READ)
    test = _Filter().read(arguments.filter) if arguments.filter is not None else None
    state = stored.states(account).of(ObjectType.SIEVE)
    rows = _sorted(scripts_of(account), arguments.sort or [])
    keys = [row.id for row in rows if test is None or test(row)]
    return query_result(context, arguments, IdKind.SIEVE, keys, state, can_calculate_changes=False)


def _sorted(rows: list[ScriptRow], sort: list[Comparator]) -> list[ScriptRow]:
    for comparator in reversed(sort):
        key = _SORT_KEYS.get(comparator.property)
        if key is None or comparator.keyword is not None:
            raise MethodError("unsupportedSort", f"Cannot sort by {comparator.property[:100]!r}.")
        rows = sorted(rows, key=key, reverse=not comparator.is_ascending)
    return rows


class _Filter(FilterReader[Test]):
    """See `FilterReader`."""

    most = MAX_CONDITIONS

    def _joined(self, operator: str, inner: tuple[Test, ...]) -> Test:
        if operator == "AND":
            return lambda row: all(test(row) for test in inner)
        wanted = operator == "OR"
        return lambda row: any(test(row) for test in inner) is wanted

    def _conditions(self, record: dict[str, Any]) -> Test:
        tests = [_condition(name, value) for name, value in record.items()]
        return lambda row: all(test(row) for test in tests)


def _condition(name: str, value: Any) -> Test:
    if name == "name" and isinstance(value, str):
        return lambda row: value in row.name
    if name == "isActive" and isinstance(value, bool):
        return lambda row: row.is_active is value
    if name in ("name", "isActive"):
        raise invalid_arguments(f"Bad value of condition {name}.", "filter")
    raise MethodError("unsupportedFilter", f"No such condition: {name[:100]!r}.")
