"""From octets to tokens (rfc5228#8.1)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum
from typing import Final

import msgspec

from pirab.wire.sieve.types import Place, ScriptLimits, SieveError


class Kind(Enum):
    """What a token is."""

    NAME = "name"
    TAG = "tag"
    NUMBER = "number"
    STRING = "string"
    SIGN = "sign"
    END = "end"


class Token(msgspec.Struct, frozen=True):
    """One token: `text` is a name or tag in lower case, the text of a string, a sign; `number` its value."""

    kind: Kind
    text: str
    place: Place
    number: int = 0


LARGEST_NUMBER: Final = 2**31 - 1
"""rfc5228#2.4.1 asks for at least this much."""
_FACTORS: Final = {"": 1, "k": 2**10, "m": 2**20, "g": 2**30}
_TOKEN: Final = re.compile(
    r"""
      (?P<space>[ \t\r\n]+ | \#[^\n]*)
    | (?P<comment>/\*.*?\*/)
    | (?P<open_comment>/\*)
    | (?P<text>text:[ \t]*(?:\#[^\n]*)?\r?\n)
    | (?P<tag>:[A-Za-z_][A-Za-z0-9_]*)
    | (?P<name>[A-Za-z_][A-Za-z0-9_]*)
    | (?P<number>[0-9]+)(?P<factor>[KkMmGg]?)(?![A-Za-z0-9_])
    | (?P<quote>")
    | (?P<sign>[;,()\[\]{}])
    """,
    re.VERBOSE | re.DOTALL,
)
_QUOTED: Final = re.compile(r'[^"\\]*(?:\\.[^"\\]*)*"', re.DOTALL)
_ESCAPED: Final = re.compile(r"\\(.)", re.DOTALL)
_TEXT_END: Final = re.compile(r"^\.\r?(?:\n|\Z)", re.MULTILINE)


def read_text(octets: bytes, limits: ScriptLimits) -> str:
    """The script as text; raises `SieveError` when it is too long, no UTF-8 (rfc5228#2.1) or holds NUL."""
    if len(octets) > limits.max_octets:
        raise SieveError(f"the script is longer than {limits.max_octets} octets", Place(1, 1))
    try:
        text = octets.decode("utf-8")
    except UnicodeDecodeError as error:
        before = octets[: error.start].decode("utf-8")
        raise SieveError("this is not UTF-8", _place(before, len(before))) from error
    if "\0" in text:
        raise SieveError("NUL may not stand in a script", _place(text, text.index("\0")))
    return text.removeprefix("\ufeff")


def tokens(text: str, limits: ScriptLimits) -> Iterator[Token]:
    """The tokens of a script, the last one `END`. Raises `SieveError` at the first that is none."""
    lines = _Lines(text)
    position = 0
    while position < len(text):
        found = _TOKEN.match(text, position)
        place = lines.place(position)
        if found is None or found.lastgroup == "open_comment":
            what = "this comment has no end" if found else "nothing in Sieve begins like this"
            raise SieveError(what, place)
        position = found.end()
        if found["quote"] or found["text"]:
            value, position = _string(text, position, place, is_quoted=found["quote"] is not None)
            if len(value) > limits.max_string:
                raise SieveError(f"a string of more than {limits.max_string} characters", place)
            yield Token(Kind.STRING, value, place)
        elif found["number"]:
            yield _number(found["number"], found["factor"], place)
        elif found["tag"] or found["name"]:
            kind = Kind.TAG if found["tag"] else Kind.NAME
            yield Token(kind, found[0].lstrip(":").lower(), place)
        elif found["sign"]:
            yield Token(Kind.SIGN, found[0], place)
    yield Token(Kind.END, "", lines.place(len(text)))


def _number(digits: str, factor: str, place: Place) -> Token:
    value = int(digits[:12]) * _FACTORS[factor.lower()]
    if len(digits) > 12 or value > LARGEST_NUMBER:
        raise SieveError(f"a number larger than {LARGEST_NUMBER}", place)
    return Token(Kind.NUMBER, digits, place, value)


def _string(text: str, start: int, place: Place, *, is_quoted: bool) -> tuple[str, int]:
    found = _QUOTED.match(text, start) if is_quoted else _TEXT_END.search(text, start)
    if found is None:
        raise SieveError("this string has no end", place)
    if is_quoted:
        return _ESCAPED.sub(r"\1", found[0][:-1]), found.end()
    body = text[start : found.start()]
    return re.sub(r"^\.\.", ".", body, flags=re.MULTILINE), found.end()


class _Lines:
    """Line and column of growing positions, without counting from the start each time."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._line, self._line_start = 1, 0
        self._position = 0

    def place(self, position: int) -> Place:
        newlines = self._text.count("\n", self._position, position)
        if newlines:
            self._line += newlines
            self._line_start = self._text.rindex("\n", self._position, position) + 1
        self._position = position
        return Place(self._line, position - self._line_start + 1)


def _place(text: str, position: int) -> Place:
    return _Lines(text).place(position)
