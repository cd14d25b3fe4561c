"""Filters as clients send them: operators and conditions, counted while they are read (rfc8620#5.5)."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, ClassVar, Generic, TypeVar

from pirab.jmap.errors import MethodError, invalid_arguments

Read = TypeVar("Read")


class FilterReader(ABC, Generic[Read]):
    """Reads one filter; counts what it reads, so that a hostile one ends early.

    Of each kind of filter there is a subclass, which says how many operators and conditions it may hold, how deep they
    may nest, and what is made of them.
    """

    most: ClassVar[int]
    deepest: ClassVar[int] = 10

    def __init__(self) -> None:
        self._seen = 0

    def read(self, record: Any, depth: int = 1) -> Read:
        """What the filter says. Raises `unsupportedFilter` and `invalidArguments`."""
        self._seen += 1
        if self._seen > self.most or depth > self.deepest:
            raise MethodError("unsupportedFilter", "The filter has too many conditions or nests too deep.")
        if not isinstance(record, dict):
            raise invalid_arguments("A filter is an object.", "filter")
        return self._group(record, depth) if "operator" in record else self._conditions(record)

    def _group(self, record: dict[str, Any], depth: int) -> Read:
        operator, conditions = record["operator"], record.get("conditions")
        if operator not in ("AND", "OR", "NOT") or not isinstance(conditions, list):
            raise invalid_arguments(
                "A filter operator has operator AND, OR or NOT, and a list of conditions.", "filter"
            )
        if len(record) != 2:
            raise invalid_arguments(
                "A filter operator has no other properties than operator and conditions.", "filter"
            )
        return self._joined(operator, tuple(self.read(each, depth + 1) for each in conditions))

    @abstractmethod
    def _joined(self, operator: str, inner: tuple[Read, ...]) -> Read:
        """Several filters under AND, OR or NOT (none of them)."""

    @abstractmethod
    def _conditions(self, record: dict[str, Any]) -> Read:
        """All properties of one FilterCondition."""
