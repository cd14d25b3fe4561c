"""`*` and `?` of `:matches` (rfc5228#2.7.1), and what each of them stood for (rfc5229#3.2)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

import msgspec

_PIECE: Final = re.compile(r"\\(.)|([*?\\])|([^\\*?]+)", re.DOTALL)
_ANY: Final = None


class _Segment(msgspec.Struct, frozen=True):
    """What stands between two stars: so many characters, found by an expression that repeats nothing."""

    length: int
    expression: re.Pattern[str]


def captures(text: str, pattern: str) -> list[tuple[int, int]] | None:
    """Start and end of what each wildcard of `pattern` matched, stars as short as can be; None without a match.

    A star that found its place keeps it, so the work is at most the product of the two lengths.
    """
    first, *rest = _segments(pattern)
    hit = first.expression.match(text)
    if hit is None:
        return None
    found, position = list(_groups(hit)), hit.end()
    for number, segment in enumerate(rest, 1):
        hit = (
            _ending(segment, text, position)
            if number == len(rest)
            else segment.expression.search(text, position)
        )
        if hit is None:
            return None
        found.append((position, hit.start()))
        found.extend(_groups(hit))
        position = hit.end()
    return found if position == len(text) else None


def _ending(segment: _Segment, text: str, position: int) -> re.Match[str] | None:
    start = len(text) - segment.length
    return segment.expression.match(text, start) if start >= position else None


def _groups(hit: re.Match[str]) -> Iterator[tuple[int, int]]:
    return (hit.span(number) for number in range(1, hit.re.groups + 1))


@lru_cache(maxsize=500)
def _segments(pattern: str) -> tuple[_Segment, ...]:
    parts: list[list[str | None]] = [[]]
    for escaped, sign, plain in _PIECE.findall(pattern):
        if sign == "*":
            parts.append([])
        elif sign == "?":
            parts[-1].append(_ANY)
        else:
            parts[-1].extend(escaped or plain or sign)
    return tuple(
        _Segment(
            len(part),
            re.compile("".join("(.)" if each is _ANY else re.escape(each) for each in part), re.DOTALL),
        )
        for part in parts
    )
