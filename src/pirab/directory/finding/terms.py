"""The words by which a person is found, from what the directory says of them."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

import msgspec

from pirab.core.thai import Found, dictionary, uncovered
from pirab.directory.finding.folding import LONGEST_WORD, compact, fold
from pirab.directory.finding.titles import without_titles

LONGEST_BEGINNING: Final = 3
"""Letters of a name's beginning that is a word of its own: so many names begin with it that they cannot be listed."""
BEGINNING: Final = "^"
"""Stands before a beginning. No folded text holds it."""

_LATIN_WORD: Final = re.compile("[0-9a-z\u00df-\u024f]+")
_INNER: Final = 3
"""Letters of the longest word that is left out where it stands inside another: การ in ผู้อำนวยการ."""
_MAIL_PIECE: Final = re.compile("[^._@-]+")


class Words(msgspec.Struct, frozen=True):
    """`names` are also found by their sound and with a letter wrong, `plain` as they are; `mail` only as they are and
    where an address is looked for."""

    names: frozenset[str]
    plain: frozenset[str]
    mail: frozenset[str] = frozenset()


def name_words(*names: str) -> frozenset[str]:
    """The parts of given and family names, titles left out: `ณ อยุธยา` is one word and two."""
    words: set[str] = set()
    for name in names:
        whole = without_titles(fold(name)).replace(".", " ")
        parts = [*whole.replace("-", "").split(" "), *whole.replace("-", " ").split(" ")]
        words.update(part[:LONGEST_WORD] for part in parts if part)
        words.add(compact(whole.replace("-", "")))
    return frozenset(words - {""})


def beginnings(names: frozenset[str]) -> frozenset[str]:
    """The first letters of names: one, two and so on."""
    lengths = range(1, LONGEST_BEGINNING + 1)
    return frozenset(f"{BEGINNING}{name[:length]}" for name in names for length in lengths)


@lru_cache(maxsize=65536)
def office_words(text: str) -> frozenset[str]:
    """A post's or a unit's name whole and every word in it: Thai from the dictionary, Latin between spaces."""
    folded = fold(text).replace("-", " ")
    if not folded:
        return frozenset()
    latin = set(_LATIN_WORD.findall(folded))
    return frozenset({compact(folded), *latin}) | _thai_words(folded)


def mail_words(address: str) -> Words:
    """The local part and its pieces, and the domain behind its `@`."""
    local, _, domain = address.casefold().rpartition("@")
    pieces = frozenset(piece for piece in _MAIL_PIECE.findall(local) if len(piece) > 1)
    return Words(frozenset(), pieces, frozenset({local[:LONGEST_WORD], f"@{domain}"[:LONGEST_WORD]}))


def joined(title: str, unit: str) -> str:
    """A post and its unit in one breath: ผู้อำนวยการกองคลัง, ผู้ว่าราชการจังหวัดเชียงใหม่ (จังหวัด is said once)."""
    first, second = compact(fold(title)), compact(fold(unit))
    shared = next(
        (size for size in range(min(len(first), len(second)), 2, -1) if first.endswith(second[:size])), 0
    )
    return compact(first + second[shared:])


def _is_inside(start: int, end: int, found: list[Found]) -> bool:
    return any(first <= start and end <= last and last - first > end - start for _, first, last in found)


def _thai_words(folded: str) -> frozenset[str]:
    words: set[str] = set()
    for run in folded.replace(".", "").split(" "):
        if run.isascii():
            continue
        found = dictionary().words_in(run)
        words.update(
            word for word, start, end in found if end - start > _INNER or not _is_inside(start, end, found)
        )
        words.update(run[start:end][:LONGEST_WORD] for start, end in uncovered(run, found))
        words.add(run[:LONGEST_WORD])
    return frozenset(words)
