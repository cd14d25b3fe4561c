"""The order of mailbox names: case aside, and Thai as a Thai dictionary orders it.

A Thai vowel written before its consonant (เ แ โ ใ ไ) sorts after it, and tone marks count only between words
that are otherwise alike (Royal Institute order).
"""

from __future__ import annotations

import re
from typing import Final

_LEADING_VOWEL: Final = re.compile("([เ-ไ])([ก-ฮ])")
_MARKS: Final = re.compile("[็-๎]")


def name_key(name: str) -> tuple[str, str, str]:
    """Sorts names as a reader expects; equal only for equal names."""
    folded = name.casefold()
    letters = _MARKS.sub("", _LEADING_VOWEL.sub(r"\2\1", folded))
    return letters, folded, name
