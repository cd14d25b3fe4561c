"""Cutting the text of a search: words, phrases in quotes, names of operators."""

from __future__ import annotations

import re
from typing import Final

from pirab.wire.search.vocabulary import OPERATORS

_QUOTES: Final = {'"': '"', "“": "”", "„": "”", "”": "”", "«": "»", "＂": "＂"}
_NAME: Final = re.compile(r"([A-Za-z_\u0e01-\u0e4e]{1,30})\s?[:：]")
_SPACE: Final = re.compile(r"\s*")
MINUS: Final = frozenset("-−–")


def skip_space(text: str, at: int) -> int:
    """The place of the next character that is no white space."""
    match = _SPACE.match(text, at)
    return at if match is None else match.end()


def operator_at(text: str, at: int) -> tuple[str, int] | None:
    """The known operator that stands at `at`, folded, and where its value begins."""
    match = _NAME.match(text, at)
    if match is None:
        return None
    name = match[1].casefold()
    return (name, match.end()) if name in OPERATORS else None


def phrase_at(text: str, at: int) -> tuple[str, int] | None:
    """What stands in the quotes that open at `at`, and where they end; None without a partner or anything inside."""
    closing = _QUOTES.get(text[at : at + 1])
    if closing is None:
        return None
    end = text.find(closing, at + 1)
    if end < 0 and closing != '"':
        end = text.find('"', at + 1)
    inside = " ".join(text[at + 1 : max(end, at + 1)].split())
    return (inside, end + 1) if inside else None


def is_quote(char: str) -> bool:
    """Whether a phrase may begin here."""
    return char in _QUOTES


def word_end(text: str, at: int, *, in_group: bool) -> int:
    """Where the run of characters at `at` ends: at white space or a quote; inside a group at its parenthesis."""
    inner = 0
    for place in range(at, len(text)):
        char = text[place]
        if char.isspace() or (char == '"' and place > at):
            return place
        if char == "(":
            inner += 1
        elif char == ")":
            if inner == 0 and in_group:
                return place
            inner -= 1
    return len(text)
