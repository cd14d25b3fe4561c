"""How alike two names are, whatever their scripts: a figure from 0 (strangers) to 1 (the same letters).

Letters are compared in one rough Latin spelling (`shape`) in which Royal, customary and Thai spellings of one name
differ little: it is made for comparing and never shown.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from rapidfuzz.distance import OSA, Indel

_LETTERS: Final = str.maketrans(
    {
        **dict.fromkeys("กขฃคฅฆ", "k"),
        **dict.fromkeys("จฉชฌ", "c"),
        **dict.fromkeys("ซศษส", "s"),
        **dict.fromkeys("ดฎตฏถฐทฑธฒ", "t"),
        **dict.fromkeys("บปผพภ", "p"),
        **dict.fromkeys("ฝฟ", "f"),
        **dict.fromkeys("นณงญ", "n"),
        **dict.fromkeys("รลฬ", "r"),
        **dict.fromkeys("ฤฦ", "ru"),
        **dict.fromkeys("หฮ", ""),
        **dict.fromkeys("ะา\u0e31", "a"),
        **dict.fromkeys("\u0e34\u0e35", "i"),
        **dict.fromkeys("\u0e36\u0e37\u0e38\u0e39", "u"),
        **dict.fromkeys("เแ", "e"),
        **dict.fromkeys("โอ", "o"),
        **dict.fromkeys("ไใ", "ai"),
        "ม": "m",
        "ย": "i",
        "ว": "w",
        "\u0e33": "am",
    }
)
_UNSPOKEN: Final = re.compile("(?:[ทตด]ร|[ษม]ณ|[ก-ฮ])[\u0e34\u0e38]?\u0e4c|[\u0e47-\u0e4e]")
_SO: Final = re.compile("^ทร")
_VOWEL_BEFORE: Final = re.compile("([เแโใไ])([ก-ฮ])")
_SILENT_O: Final = re.compile("^อ(?=[\u0e30-\u0e39ย])|(?<=[เแโใไ])อ")
_LATIN_SOUNDS: Final = (
    (re.compile("ck|kh|g(?!$)|q|(?<!n)g"), "k"),
    (re.compile("ng"), "n"),
    (re.compile("ch|sh|j"), "c"),
    (re.compile("th|dh|d"), "t"),
    (re.compile("ph|bh|b"), "p"),
    (re.compile("v"), "w"),
    (re.compile("l"), "r"),
    (re.compile("ee|y"), "i"),
    (re.compile("oo"), "u"),
    (re.compile("ae|ea"), "e"),
    (re.compile("r(?=[ptkcnms])"), ""),
    (re.compile("h"), ""),
)
_DOUBLED: Final = re.compile("([a-z])\\1+")
_ENDING: Final = re.compile("r$")
_SOME_LETTERS: Final = 0.3
"""Below this, two words of one script are strangers however they sound."""
_UNWRITTEN: Final = str.maketrans("", "", "ao")
"""Thai does not write these vowels between two consonants."""


@lru_cache(maxsize=65536)
def shape(word: str) -> str:
    """A folded Thai or Latin word in the rough spelling for comparing."""
    rough = word
    if word.isascii():
        rough = word.replace("ng", "n")
        for pattern, instead in _LATIN_SOUNDS:
            rough = pattern.sub(instead, rough)
    else:
        rough = _SILENT_O.sub("", _UNSPOKEN.sub("", _SO.sub("ซ", rough)))
        rough = _VOWEL_BEFORE.sub("\\2\\1", rough).replace("รร", "a")
        rough = rough.translate(_LETTERS)
    return _ENDING.sub("n", _DOUBLED.sub("\\1", rough))


def likeness(one: str, other: str) -> float:
    """How alike two folded words are: by their letters where the script is one, and by their rough spelling."""
    shapes = shape(one), shape(other)
    rough = Indel.normalized_similarity(*shapes)
    if one.isascii() != other.isascii():
        bones = [each.translate(_UNWRITTEN) for each in shapes]
        return 0.48 * (rough + Indel.normalized_similarity(*bones))
    letters = OSA.normalized_similarity(one, other)
    return max(letters, 0.96 * rough) if letters >= _SOME_LETTERS else letters
