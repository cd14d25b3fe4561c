"""Thai letters and words: one spelling for what looks the same, and every dictionary word inside an unspaced run.

Thai is written without spaces between words, and where a run is cut depends on what stands around it. So no cut is
made here: `words_in` finds *every* dictionary word that stands on whole letters (a letter being a consonant with its
vowels and tone marks), words inside words too. A word that stands in a text is found whatever surrounds it.

The dictionary is the word lists of pythainlp: general words, ICU's own list, given names and family names. It is read
once a process, on first use.
"""

from __future__ import annotations

import hashlib
import importlib.util
import re
from bisect import bisect_left
from functools import lru_cache
from pathlib import Path
from typing import Final

import ahocorasick_rs

LETTERS: Final = "\u0e01-\u0e2e\u0e30-\u0e3a\u0e40-\u0e45\u0e47-\u0e4e"
"""Characters of a Thai word, for use inside a regular expression class: no digits, no ฯ, no ๆ."""

LONGEST_WORD: Final = 21
"""Characters of the longest dictionary word kept; each is three octets of UTF-8."""

_SHORTEST_WORD: Final = 2
_LISTS: Final = (
    "words_th.txt",
    "icubrk_th.txt",
    "person_names_female_th.txt",
    "person_names_male_th.txt",
    "family_names_th.txt",
)
_LEADING: Final = "\u0e40-\u0e44"
"""Vowels written before their consonant (เแโใไ): nothing can be cut right after one."""
_FOLLOWING: Final = "\u0e30-\u0e3a\u0e45\u0e47-\u0e4e"
"""Vowels and marks that belong to the consonant before them: nothing can be cut right before one."""
_RUN_BEFORE: Final = re.compile(f"[{LETTERS}]+\\Z")
_LETTER: Final = re.compile(f"[{_LEADING}]*[^{_LEADING}{_FOLLOWING}]?[{_FOLLOWING}]*")
_OTHER, _BASE, _MARK, _VOWEL_BEFORE = 1, 0, 2, 3
_CLASSES: Final = bytes(
    _VOWEL_BEFORE
    if re.fullmatch(f"[{_LEADING}]", char)
    else _MARK
    if re.fullmatch(f"[{_FOLLOWING}]", char)
    else _BASE
    if re.fullmatch(f"[{LETTERS}]", char)
    else _OTHER
    for char in (bytes((octet,)).decode("tis-620", "replace") for octet in range(256))
)
"""For each octet of TIS-620, which has one octet a character, the part its character plays in a word."""
_IS_OTHER: Final = bytes(int(part == _OTHER) for part in range(256))
_GAP: Final = re.compile(b"\0+")
_COVERS: Final = [b"\1" * length for length in range(LONGEST_WORD + 1)]

_DIGITS: Final = {0x0E50 + digit: ord("0") + digit for digit in range(10)}
_TONE_BEFORE_VOWEL: Final = re.compile("([\u0e48-\u0e4c])([\u0e31\u0e34-\u0e3a])")
_DOUBLED_MARK: Final = re.compile("([\u0e31\u0e34-\u0e3a\u0e47-\u0e4e])\\1+")
_TONE_IN_SARA_AM: Final = re.compile("\u0e4d([\u0e48-\u0e4b])\u0e32|\u0e4d\u0e32([\u0e48-\u0e4b])")


Found = tuple[str, int, int]
"""A dictionary word and where it stands: characters `start` to `end` (exclusive) of the text."""


class Dictionary:
    """The words Pirab knows. Built once, then only read: safe to share between threads."""

    def __init__(self, words: frozenset[str]) -> None:
        self._words = sorted(words)
        self._known = words
        self._matcher = ahocorasick_rs.AhoCorasick(
            self._words, implementation=ahocorasick_rs.Implementation.ContiguousNFA, store_patterns=False
        )

    def __len__(self) -> int:
        return len(self._words)

    def __contains__(self, word: str) -> bool:
        return word in self._known

    def words(self) -> list[str]:
        """All of them, sorted."""
        return list(self._words)

    def words_in(self, text: str) -> list[Found]:
        """Every dictionary word in a folded text that stands on whole letters, by its end, overlapping ones too."""
        words = self._words
        part = _parts(text)
        return [
            (words[index], start, end)
            for index, start, end in self._matcher.find_matches_as_indexes(text, overlapping=True)
            if part[start - 1] != _VOWEL_BEFORE and part[end] != _MARK
        ]

    def unfinished_words(self, text: str, gap: int, end: int) -> list[str]:
        """Stretches of `text` that stop at `end`, start before the `gap`, and begin some word; longest last."""
        before = _RUN_BEFORE.search(text, max(end - LONGEST_WORD, 0), gap)
        if before is None:
            return []
        stretches = (text[start:end] for start in range(gap - 1, before.start() - 1, -1))
        return [stretch for stretch in stretches if self._begins_a_word(stretch)]

    def beginnings(self, text: str) -> list[str]:
        """`text` itself where some word begins with it, else nothing."""
        return [text] if self._begins_a_word(text) else []

    def _begins_a_word(self, text: str) -> bool:
        place = bisect_left(self._words, text)
        return place < len(self._words) and self._words[place].startswith(text)

    def fingerprint(self) -> str:
        """Changes whenever a word is added or removed: what was indexed before must then be indexed again."""
        return hashlib.sha256("\n".join(self._words).encode()).hexdigest()[:16]


def letters(word: str) -> list[str]:
    """A Thai word cut into letters, each a consonant with the vowels and marks written around it."""
    return [letter for letter in _LETTER.findall(word) if letter]


def uncovered(text: str, found: list[Found]) -> list[tuple[int, int]]:
    """Stretches (start, end) of Thai letters in `text` that none of the words `found` in it covers."""
    covered = bytearray(_parts(text).translate(_IS_OTHER))
    last_end = 0
    for _, start, end in found:
        # Words that end at one place come longest first: the first covers all that the others do.
        if end != last_end:
            covered[start:end] = _COVERS[end - start]
            last_end = end
    return [gap.span() for gap in _GAP.finditer(covered)]


def _parts(text: str) -> bytes:
    """The part each character plays, one octet each, and one octet for the end, which index -1 finds too."""
    return (text.encode("tis-620", "replace") + b"\n").translate(_CLASSES)


def fold_thai(text: str) -> str:
    """One spelling: Arabic digits, sara am as one character after its tone, a tone after its vowel, no เเ for แ, no
    mark twice.

    `text` must be in NFKC, which takes sara am apart.
    """
    folded = text.replace("\u0e40\u0e40", "\u0e41").translate(_DIGITS)
    folded = _TONE_IN_SARA_AM.sub("\\1\\2\u0e33", folded).replace("\u0e4d\u0e32", "\u0e33")
    return _DOUBLED_MARK.sub("\\1", _TONE_BEFORE_VOWEL.sub("\\2\\1", folded))


@lru_cache(maxsize=1)
def dictionary() -> Dictionary:
    """The dictionary of this process (0.3 s and about 40 MB at the first call)."""
    thai = re.compile(f"[{LETTERS}]{{{_SHORTEST_WORD},{LONGEST_WORD}}}")
    folder = _corpus_folder()
    lines = (
        fold_thai(line.strip()) for name in _LISTS for line in (folder / name).read_text("utf-8").splitlines()
    )
    return Dictionary(frozenset(line for line in lines if thai.fullmatch(line)))


def _corpus_folder() -> Path:
    # Importing pythainlp costs half a second and needs none of it: only its files are wanted.
    spec = importlib.util.find_spec("pythainlp")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("pythainlp, which holds the Thai word lists, is not installed")
    return Path(spec.origin).parent / "corpus"
