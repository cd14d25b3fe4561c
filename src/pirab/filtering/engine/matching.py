"""Comparing strings (rfc5228#2.7, RFC 4790, RFC 5231), with the work counted."""

from __future__ import annotations

import operator
import re
import string
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

from pirab.filtering.engine.outcome import RunError
from pirab.filtering.engine.wildcards import captures
from pirab.wire.sieve import Node

LARGEST_EFFORT: Final = 300_000
"""Units of about a microsecond that one run may take."""
LONGEST_PATTERN: Final = 2_000
LONGEST_VALUE: Final = 200_000
_LOWER: Final = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)
_RELATIONS: Final[dict[str, Callable[[Any, Any], bool]]] = {
    "gt": operator.gt,
    "ge": operator.ge,
    "lt": operator.lt,
    "le": operator.le,
    "eq": operator.eq,
    "ne": operator.ne,
}


class Meter:
    """Counts the work of a run and ends it when it is too much."""

    def __init__(self, largest: int = LARGEST_EFFORT) -> None:
        self._left = largest

    def spend(self, units: int = 1) -> None:
        self._left -= units
        if self._left < 0:
            raise RunError("the script takes too long")


def fold(text: str, comparator: str) -> str:
    """`text` as `comparator` sees it: equal strings become the same one."""
    if comparator == "i;octet":
        return text
    if comparator == "i;unicode-casemap":
        return text.casefold()
    return text.lower() if text.isascii() else text.translate(_LOWER)


class Matcher:
    """The match type and comparator of a test, applied to values."""

    def __init__(self, node: Node, meter: Meter) -> None:
        self._kind = str(node.tags.get("match", "is"))
        self._comparator = str(node.tags.get("comparator", "i;ascii-casemap"))
        relation = node.tags.get(self._kind) if self._kind in ("count", "value") else None
        self._relation = _RELATIONS[str(relation)] if relation else operator.eq
        self._meter = meter
        self.captures: tuple[str, ...] | None = None
        """What the wildcards stood for, after a successful `:matches` (rfc5229#3.2)."""

    def matches(self, values: Iterable[str], keys: Sequence[str]) -> bool:
        """Whether one of `values` matches one of `keys`, or their number does."""
        if self._kind == "count":
            return self._counts(sum(1 for _ in values), keys)
        folded = [fold(key, self._comparator) for key in keys]
        return any(self._one(value[:LONGEST_VALUE], folded) for value in values)

    def _counts(self, number: int, keys: Sequence[str]) -> bool:
        self._meter.spend(number + len(keys))
        return any(self._relation(number, _number(key)) for key in keys)

    def _one(self, value: str, keys: Sequence[str]) -> bool:
        text = fold(value, self._comparator)
        self._meter.spend(2 + len(text) // 500)
        if self._kind == "matches":
            return any(self._wildcards(value, text, key) for key in keys)
        self._meter.spend(len(keys) * (1 + len(text) // 2_000))
        if self._kind == "contains":
            return any(key in text for key in keys)
        if self._comparator == "i;ascii-numeric":
            return any(self._relation(_number(text), _number(key)) for key in keys)
        return any(self._relation(text, key) for key in keys)

    def _wildcards(self, original: str, text: str, pattern: str) -> bool:
        if len(pattern) > LONGEST_PATTERN:
            raise RunError("a pattern is too long")
        self._meter.spend(1 + len(pattern) * len(text) // 500)
        found = captures(text, pattern)
        if found is None:
            return False
        source = original if len(original) == len(text) else text
        self.captures = (source, *(source[start:end] for start, end in found))
        return True


def _number(text: str) -> float:
    """rfc4790#9.1.1: the digits at the start, infinity without any."""
    digits = re.match(r"[0-9]{1,18}", text, re.ASCII)
    return int(digits[0]) if digits else float("inf")
