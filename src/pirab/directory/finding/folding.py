"""One spelling for names, posts and units before they are compared; and the numbers of telephones.

Pure and total: any text may come in, and what comes out holds letters, digits, `@`, `.`, `_`, `-` and single spaces.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from pirab.core.thai import fold_thai

LONGEST_WORD: Final = 64
"""Characters of a word that is kept or looked for; a longer one counts as its beginning."""

_REPEATED: Final = re.compile("ๆ|ฯลฯ|ฯ")
_APOSTROPHES: Final = re.compile("['\u2018\u2019\u02bc`]")
_JOINERS: Final = re.compile("[\u2010-\u2015\u2212\u00ad]")
_OTHER: Final = re.compile("[^0-9a-z\u00df-\u024f\u0e01-\u0e3a\u0e40-\u0e4e@._ -]+")
_EDGES: Final = re.compile("(?<![^ ])[._-]+|[_-]+(?![^ ])")
_SPACES: Final = re.compile(" +")
_DIGITS: Final = re.compile("[0-9]+")
_EXTENSION: Final = re.compile("ต่อ|ext\\.?|x|#")
_TONES: Final = re.compile("[\u0e47-\u0e4b\u0e4d\u0e4e]")
_LEADING_VOWEL: Final = re.compile("([เแโใไ])([ก-ฮ])")


def fold(text: str) -> str:
    """`text` in NFKC and lower case without marks that nobody types: controls, directions, ฯ, ๆ; é counts as e."""
    visible = "".join(char for char in unicodedata.normalize("NFKC", text) if _is_visible(char))
    joined = _APOSTROPHES.sub("", _JOINERS.sub("-", visible))
    folded = _without_accents(fold_thai(joined).casefold())
    return _SPACES.sub(" ", _EDGES.sub(" ", _OTHER.sub(" ", _REPEATED.sub(" ", folded)))).strip()


def compact(text: str) -> str:
    """A folded text without its spaces and dots, at most `LONGEST_WORD` characters: how a whole name is kept."""
    return text.replace(" ", "").replace(".", "")[:LONGEST_WORD]


def bare(word: str) -> str:
    """A folded word without tone marks, which are what a hasty typist leaves out first."""
    return _TONES.sub("", word)


def sorting_key(name: str) -> str:
    """Compared octet by octet, names stand in the order of a Thai dictionary: consonant before its leading vowel."""
    folded = fold(name)
    ordered = _LEADING_VOWEL.sub("\\2\\1", bare(folded))
    return f"{ordered}\t{folded}"


def phone_numbers(text: str) -> list[str]:
    """The digits of each number in `text`, an international one as it is dialled at home; an extension by itself."""
    pieces = re.split("[,;/]", _EXTENSION.sub(",", fold_thai(unicodedata.normalize("NFKC", text)).casefold()))
    numbers = ["".join(_DIGITS.findall(piece)) for piece in pieces]
    return [re.sub("^(?:00)?66(?=[2-9][0-9]{7})", "0", number) for number in numbers if number]


def _is_visible(char: str) -> bool:
    return char.isspace() or unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Co", "Cn")


def _without_accents(text: str) -> str:
    if not re.search("[\u00df-\u024f]", text):
        return text
    apart = unicodedata.normalize("NFD", text)
    return unicodedata.normalize("NFC", "".join(char for char in apart if not "\u0300" <= char <= "\u036f"))
