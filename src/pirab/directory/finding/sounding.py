"""How a name sounds, whatever the script: keys that spellings of one name share.

Two kinds of key, both chosen by the table in `tests/unit/directory/finding/variants.tsv` (figures in ADR 0023):

- LK82 (pythainlp) for Thai beside Thai: it tells most vowels apart and has few strangers under one key;
- the skeleton, for Thai beside Latin and Latin beside Latin: the consonants alone, in the five classes that Thai
  endings, Royal and customary romanisations (Phongsak, Pongsak; Wichai, Vichai) and habit (r for l) do not tear apart.
  A spelling that can be read in two ways has two keys.

A key finds candidates; `likeness` says how good each is.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import groupby
from typing import Final

_SKELETON_LENGTH: Final = 9
_KEYS_AT_MOST: Final = 8

_THAI_CLASSES: Final = {
    **dict.fromkeys("กขฃคฅฆ", "K"),
    **dict.fromkeys("จฉชฌซศษสดฎตฏถฐทฑธฒ", "T"),
    **dict.fromkeys("บปผพภฝฟ", "P"),
    **dict.fromkeys("นณงรลฬฤฦ", "N"),
    "ม": "M",
}
_LATIN_CLASSES: Final = {
    **dict.fromkeys("kgq", "K"),
    **dict.fromkeys("cjsztd", "T"),
    **dict.fromkeys("bpf", "P"),
    **dict.fromkeys("nrl", "N"),
    "m": "M",
    "x": "KT",
}
_THAI_FIRST: Final = {
    **dict.fromkeys("จฉชฌ", "C"),
    **dict.fromkeys("ซศษส", "S"),
    **dict.fromkeys("ฝฟ", "F"),
    **dict.fromkeys("รลฬฤฦ", "R"),
    **dict.fromkeys("ยญ", "Y"),
    "ง": "G",
    "ว": "W",
    "ห": "H",
    "ฮ": "H",
    "อ": "A",
}
_LATIN_FIRST: Final = {
    **dict.fromkeys("cj", "C"),
    **dict.fromkeys("sz", "S"),
    **dict.fromkeys("rl", "R"),
    **dict.fromkeys("wv", "W"),
    **dict.fromkeys("aeiou", "A"),
    "f": "F",
    "y": "Y",
    "h": "H",
}
"""The first sound of a name is never an ending, so that more can be told apart."""

_ANY: Final = "[ก-ฮ]"
_VOWEL_SIGN: Final = "[\u0e30-\u0e3a\u0e45]"
_TONES: Final = re.compile("[\u0e47-\u0e4b\u0e4d\u0e4e]")
_SILENT: Final = re.compile(f"{_ANY}[\u0e34\u0e38]?\u0e4c")
_SILENT_PAIR: Final = re.compile("(?:[ทตด]ร|[ษม]ณ)\u0e4c")
"""Consonants under thanthakhat, which may silence the one before it too: จันทร์, ลักษณ์."""
_KARAN: Final = "\u0e4c"
_LEADING_VOWEL: Final = re.compile("^[เแโใไ]")
_LEADING_HO: Final = re.compile("^ห(?=[งนมยรลวญ])|^อ(?=ย)")
_DOUBLE_RO: Final = re.compile(f"รร(?={_ANY}(?!{_VOWEL_SIGN}))")
_YO_VOICED: Final = re.compile(f"(?<=[เแโใไ])ญ|(?<!^)ญ(?={_VOWEL_SIGN})")

_THAI_READINGS: Final = (
    (_SILENT_PAIR, ""),
    (_SILENT, ""),
    (re.compile("^ทร|(?<=[ิุา])ทร"), "ซ"),  # ทรงศักดิ์, ทรัพย์
    (re.compile(f"(?<=[กตทดชบพ])ร(?!{_VOWEL_SIGN})|(?<=ีย)ร(?=ติ)"), ""),  # จักร, บุตร, มิตร, เพชร, เกียรติ
    (re.compile("(?<=[ปสศ])ร"), ""),  # ปรีชา said ปีชา, เสริฐ read เสิด, ศรี
)
_LATIN_READINGS: Final = (
    (re.compile("(?<=[aoeu])r(?=[^aeiouyhn]|$)"), ""),  # Tor, Part: a long vowel, no consonant
    (re.compile("(?<=[psk])r"), ""),  # Srisuk, Prasert
    (re.compile("(?<=[aeiou]k)di?$|(?<=n)(?:d|t)(?:r?a)?$|(?<=t)ra$"), ""),  # Sakdi, Anant, Chandra
)


@lru_cache(maxsize=8192)
def skeletons(word: str) -> frozenset[str]:
    """The consonant classes of a folded Thai or Latin word, in each way it can be read; empty where it has none."""
    readings = [_latin_letters(word)] if word.isascii() else [_thai_letters(word)]
    for pattern, instead in _LATIN_READINGS if word.isascii() else _THAI_READINGS:
        readings += [other for each in readings if (other := pattern.sub(instead, each)) != each]
    key = _latin_key if word.isascii() else _thai_key
    keys = dict.fromkeys(key(each) for each in readings)
    return frozenset([key for key in keys if key][:_KEYS_AT_MOST])


@lru_cache(maxsize=8192)
def thai_keys(word: str) -> frozenset[str]:
    """The LK82 code of a folded Thai word; empty for a Latin one."""
    if word.isascii():
        return frozenset()
    # Importing pythainlp takes a third of a second: only who indexes or searches pays for it.
    from pythainlp.soundex.lk82 import lk82

    code = lk82(word)
    return frozenset((code,)) if code.strip("0") else frozenset()


def _latin_letters(word: str) -> str:
    """Digraphs that stand for one sound in either way of spelling."""
    letters = word[:2] + word[2:].replace("ng", "n")
    letters = letters.replace("sh", "ch").replace("ck", "k").replace("ph", "p")
    return re.sub("([a-z])\\1+", "\\1", letters)


def _thai_letters(word: str) -> str:
    spoken = _DOUBLE_RO.sub("", _TONES.sub("", word)).replace("\u0e33", "\u0e32ม")
    return _YO_VOICED.sub("", _LEADING_HO.sub("", _LEADING_VOWEL.sub("", spoken)))


def _latin_key(letters: str) -> str:
    first = "G" if letters.startswith("ng") else _LATIN_FIRST.get(letters[:1], "")
    return _key(first, "".join(_LATIN_CLASSES.get(char, "") for char in letters))


def _thai_key(letters: str) -> str:
    spoken = letters.replace(_KARAN, "")
    first = _THAI_FIRST.get(spoken[:1], "")
    rest = spoken[:1] + spoken[1:].replace("ญ", "น")
    return _key(first, "".join(_THAI_CLASSES.get(char, "") for char in rest))


def _key(first: str, classes: str) -> str:
    """The skeleton: its first class made finer by `first`, neighbours of one class written once."""
    collapsed = "".join(letter for letter, _ in groupby(classes))[:_SKELETON_LENGTH]
    if not first:
        return collapsed
    return first + collapsed[0 if first in "WYHA" else 1 :]
