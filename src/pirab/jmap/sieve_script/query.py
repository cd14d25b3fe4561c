"""SieveScript/query (rfc9661#2.5)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from pirab.core.ids import IdKind, encode_id
from pirab.filtering.scripts import scripts_of
from pirab.filtering.types import ScriptRow
from pirab.jmap.arguments import Comparator, QueryArguments
from pirab.jmap.capabilities import SIEVE
from pirab.jmap.context import RequestContext, Right
from pirab.jmap.errors import MethodError, invalid_arguments
from pirab.jmap.paging import cut
from pirab.jmap.registry import MethodResult, method
from pirab.store import queries as stored
from pirab.store.types import ObjectType

MAX_CONDITIONS: Final = 100
MAX_DEPTH: Final = 10
Test = Callable[[ScriptRow], bool]
_SORT_KEYS: Final[dict[str, Callable[[ScriptRow], Any]]] = {
    "name": lambda row: row.name,
    "isActive": lambda row: row.is_active,
}


@method("SieveScript/query", capability=SIEVE, arguments=QueryArguments)
def handle(context: RequestContext, arguments: QueryArguments) -> MethodResult:
    """The ids of the scripts that match, in order. There are few: no changes are calculated."""
    account = context.account(arguments.account_id, Right.READ)
    test = _Filter().read(arguments.filter, 1) if arguments.filter is not None else None
    state = stored.states(account).of(ObjectType.SIEVE)
    rows = _sorted(scripts_of(account), arguments.sort or [])
    keys = [row.id for row in rows if test is None or test(row)]
    anchor = context.key(IdKind.SIEVE, arguments.anchor) if arguments.anchor else None
    page = cut(arguments, len(keys), keys.index(anchor) if anchor in keys else None)
    response: dict[str, Any] = {
        "accountId": arguments.account_id,
        "queryState": str(state),
        "canCalculateChanges": False,
        "position": page.start,
        "ids": [encode_id(IdKind.SIEVE, key) for key in keys[page.start : page.end]],
    }
    if arguments.calculate_total:
        response["total"] = len(keys)
    return MethodResult(response)


def _sorted(rows: list[ScriptRow], sort: list[Comparator]) -> list[ScriptRow]:
    for comparator in reversed(sort):
        key = _SORT_KEYS.get(comparator.property)
        if key is None or comparator.keyword is not None:
            raise MethodError("unsupportedSort", f"Cannot sort by {comparator.property[:100]!r}.")
        rows = sorted(rows, key=key, reverse=not comparator.is_ascending)
    return rows


class _Filter:
    """Reads one filter; counts what it reads, so that a hostile one ends early."""

    def __init__(self) -> None:
        self._seen = 0

    def read(self, record: Any, depth: int) -> Test:
        self._seen += 1
        if self._seen > MAX_CONDITIONS or depth > MAX_DEPTH:
            raise MethodError("unsupportedFilter", "The filter has too many conditions or nests too deep.")
        if not isinstance(record, dict):
            raise invalid_arguments("A filter is an object.", "filter")
        if "operator" in record:
            return self._group(record, depth)
        tests = [_condition(name, value) for name, value in record.items()]
        return lambda row: all(test(row) for test in tests)

    def _group(self, record: dict[str, Any], depth: int) -> Test:
        operator, conditions = record["operator"], record.get("conditions")
        if operator not in ("AND", "OR", "NOT") or not isinstance(conditions, list) or len(record) != 2:
            raise invalid_arguments(
                "A filter operator has operator AND, OR or NOT, and conditions.", "filter"
            )
        tests = [self.read(each, depth + 1) for each in conditions]
        if operator == "AND":
            return lambda row: all(test(row) for test in tests)
        wanted = operator == "OR"
        return lambda row: any(test(row) for test in tests) is wanted


def _condition(name: str, value: Any) -> Test:
    if name == "name" and isinstance(value, str):
        return lambda row: value in row.name
    if name == "isActive" and isinstance(value, bool):
        return lambda row: row.is_active is value
    if name in ("name", "isActive"):
        raise invalid_arguments(f"Bad value of condition {name}.", "filter")
    raise MethodError("unsupportedFilter", f"No such condition: {name[:100]!r}.")
