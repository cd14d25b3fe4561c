"""Marking the words of a search in a text (rfc8621#5): case, Thai digits and spacing do not matter.

What comes out is HTML: the three special characters are entities and nothing but `<mark>` is markup.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

MAX_SNIPPET_OCTETS: Final = 255
"""rfc8621#5: a preview is never larger, marks and entities included."""
MAX_TERMS: Final = 50
"""Words looked for at once; a search of more marks the first ones."""

_LEAD_OCTETS: Final = 75
_ELLIPSIS: Final = "…"
_MARKS: Final = ("<mark>", "</mark>")
_MARK_OCTETS: Final = len("".join(_MARKS))
_ENTITIES: Final = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_THAI_DIGITS: Final = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")
_PHRASE: Final = re.compile(r"""(["'])((?:\\.|(?!\1)[^\\])+)\1""", re.DOTALL)
_SPACE: Final = re.compile(r"\s+")

Span = tuple[int, int]


def terms_of(texts: Iterable[str]) -> list[str]:
    """The words and quoted phrases of search texts (rfc8621#4.4.1), folded, longest first."""
    found: dict[str, None] = {}
    for text in texts:
        for phrase in _PHRASE.finditer(text):
            found.setdefault(fold(_SPACE.sub(" ", re.sub(r"\\(.)", r"\1", phrase.group(2)).strip())))
        for word in _PHRASE.sub(" ", text).split():
            found.setdefault(fold(word))
    kept = [term for term in found if any(char.isalnum() for char in term)][:MAX_TERMS]
    return sorted(kept, key=len, reverse=True)


def fold(text: str) -> str:
    """`text` as it is compared: lower case, Thai digits as Arabic ones. One character stays one character."""
    folded = text.translate(_THAI_DIGITS).lower()
    if len(folded) == len(text):
        return folded
    return "".join(low if len(low := char.translate(_THAI_DIGITS).lower()) == 1 else char for char in text)


def find_spans(text: str, terms: list[str]) -> list[Span]:
    """Where the terms stand in `text`, in order, none inside another.

    A term that begins with a letter of a script with spaces matches at the beginning of a word only.
    """
    if not terms:
        return []
    pattern = "|".join(
        (r"(?<![^\W_])" if term[0].isascii() and term[0].isalnum() else "") + re.escape(term)
        for term in terms
    )
    return [match.span() for match in re.finditer(pattern, fold(text))]


def mark_all(text: str, spans: list[Span]) -> str:
    """The whole of `text`, the spans marked."""
    return _render(text, spans, 0, len(text))


def mark_section(text: str, spans: list[Span]) -> str:
    """The part of `text` around the first span, at most `MAX_SNIPPET_OCTETS` octets of UTF-8; `spans` is not empty."""
    budget = MAX_SNIPPET_OCTETS - 2 * len(_ELLIPSIS.encode())
    first_start, first_end = spans[0]
    start = _lead(text, first_start)
    end, used = start, 0
    for stop, marked in _steps(text, spans, start):
        cost = _octets(text[end:stop]) + (_MARK_OCTETS if marked else 0)
        if used + cost > budget:
            break
        end, used = stop, used + cost
    if end < first_end:
        # The first hit alone is too long: show the beginning of it.
        start, end = first_start, _fit(text, first_start, first_end, budget - _MARK_OCTETS)
        spans = [(start, end)]
    end = _whole_character(text, start, end)
    inside = [span for span in spans if span[0] >= start and span[1] <= end]
    before = _ELLIPSIS if start > 0 else ""
    after = _ELLIPSIS if end < len(text) else ""
    return before + _render(text, inside, start, end) + after


def _lead(text: str, first: int) -> int:
    """Where to begin so that the hit at `first` has something in front of it: at a word, where there is one near."""
    start, used = first, 0
    while start > 0 and used + _octets(text[start - 1]) <= _LEAD_OCTETS:
        start -= 1
        used += _octets(text[start])
    if start == 0:
        return 0
    space = text.find(" ", start, first)
    if space >= 0:
        return space + 1
    while start < first and unicodedata.category(text[start]) == "Mn":
        start += 1
    return start


def _steps(text: str, spans: list[Span], start: int) -> Iterable[tuple[int, bool]]:
    """Where the section may end, going right from `start`: after any character, but a span only as a whole."""
    position = start
    for span_start, span_end in (span for span in spans if span[0] >= start):
        for stop in range(position + 1, span_start + 1):
            yield stop, False
        yield span_end, True
        position = span_end
    for stop in range(position + 1, len(text) + 1):
        yield stop, False


def _fit(text: str, start: int, end: int, budget: int) -> int:
    used = 0
    for at in range(start, end):
        used += _octets(text[at])
        if used > budget:
            return at
    return end


def _whole_character(text: str, start: int, end: int) -> int:
    """`end`, moved back so that no mark is cut from the letter it stands on."""
    while start < end < len(text) and unicodedata.category(text[end]) == "Mn":
        end -= 1
    return end


def _render(text: str, spans: list[Span], start: int, end: int) -> str:
    pieces: list[str] = []
    position = start
    for span_start, span_end in spans:
        pieces += (
            _escape(text[position:span_start]),
            _MARKS[0],
            _escape(text[span_start:span_end]),
            _MARKS[1],
        )
        position = span_end
    pieces.append(_escape(text[position:end]))
    return "".join(pieces)


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _octets(text: str) -> int:
    return sum(len(_ENTITIES.get(char, char).encode("utf-8", "replace")) for char in text)
