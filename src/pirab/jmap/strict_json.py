"""JSON as RFC 7493 (I-JSON) allows it, and nothing else: what two parsers could read in two ways is refused.

Refused beside plain syntax errors: bytes that are not UTF-8, a name used twice in one object, lone surrogates
and noncharacters in strings (also as escapes), NaN and Infinity, numbers beyond what a double holds, and
nesting deeper than the caller's limit. `parse` works for any bytes in time linear to their number.
"""

from __future__ import annotations

import json
import math
import re
from typing import Any, Final

from pirab.core.errors import PirabError

_SUSPECT_ESCAPE: Final = re.compile(r"\\u(?:d[89a-f]|fd[de]|fff[ef])", re.IGNORECASE)
_FORBIDDEN: Final = re.compile(
    "[\ud800-\udfff\ufdd0-\ufdef"
    + "".join(chr(plane * 0x10000 + low) for plane in range(17) for low in (0xFFFE, 0xFFFF))
    + "]"
)
_LARGEST_INTEGER: Final = 2**63 - 1


class NotStrictJson(PirabError):
    """The request is not I-JSON."""


def parse(body: bytes, max_depth: int) -> Any:
    """The value of `body`: dict, list, str, int, float, bool or None. Raises `NotStrictJson`.

    `max_depth` is the largest number of objects and arrays around any value.
    """
    try:
        text = body.decode("utf-8")
        if not text.isascii():
            _check_characters(text)
        value = _DECODER.decode(text)
    except UnicodeDecodeError as error:
        raise NotStrictJson(f"not UTF-8 at octet {error.start}") from error
    except json.JSONDecodeError as error:
        raise NotStrictJson(f"{error.msg} at character {error.pos}") from error
    except RecursionError as error:
        raise NotStrictJson("nested too deeply") from error
    except (ValueError, OverflowError) as error:
        raise NotStrictJson("a number is too long") from error
    if body.count(b"[") + body.count(b"{") > max_depth:
        _check_depth(value, max_depth)
    if _SUSPECT_ESCAPE.search(text):
        _check_strings(value)
    return value


def _check_characters(text: str) -> None:
    if _FORBIDDEN.search(text):
        raise NotStrictJson("a string holds a surrogate or noncharacter")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise NotStrictJson("a name stands twice in one object")
    return members


def _integer(digits: str) -> int | float:
    value = int(digits)
    return value if -_LARGEST_INTEGER <= value <= _LARGEST_INTEGER else float(value)


def _real(digits: str) -> float:
    value = float(digits)
    if not math.isfinite(value):
        raise NotStrictJson("a number is too large")
    return value


def _constant(name: str) -> Any:
    raise NotStrictJson(f"{name} is no JSON number")


_DECODER: Final = json.JSONDecoder(
    object_pairs_hook=_unique, parse_int=_integer, parse_float=_real, parse_constant=_constant
)


def _check_depth(value: Any, max_depth: int) -> None:
    level = [value]
    for _ in range(max_depth + 1):
        level = [
            inner
            for outer in level
            if isinstance(outer, dict | list)
            for inner in (outer.values() if isinstance(outer, dict) else outer)
        ]
        if not level:
            return
    raise NotStrictJson("nested too deeply")


def _check_strings(value: Any) -> None:
    waiting = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, str):
            _check_characters(item)
        elif isinstance(item, list):
            waiting.extend(item)
        elif isinstance(item, dict):
            waiting.extend(item)
            waiting.extend(item.values())
