"""What a mistyped or misheard name has in common with the right one: keys to look it up by.

A word is kept under its sounds (LK82, its rough spelling, its skeleton) and its neighbours: itself, and what is left
when one letter is left out. Two words that differ by one letter added, dropped or changed, or by two that changed
places, have a neighbour in common, whatever the script and the locale of the database.

Skeletons are coarse: within one script only long ones are asked for, across scripts all.
"""

from __future__ import annotations

from typing import Final

from pirab.directory.finding.folding import bare
from pirab.directory.finding.likeness import likeness, shape
from pirab.directory.finding.sounding import skeletons, thai_keys

_SHORTEST: Final = 3
"""Letters below which one letter more or less makes another name."""
_NEIGHBOURS_OF_FIRST: Final = 16
"""Only so many letters of a word may be wrong: the rest of a long one is told by its sound."""
_LONG_SKELETON: Final = 4

_SAME_SCRIPT: Final = 0.74
_ACROSS: Final = 0.685


def kept_keys(word: str) -> list[str]:
    """Everything the folded word is to be found by when it is not spelled exactly."""
    return sorted(_close_keys(word) | {_marked(word, skeleton) for skeleton in skeletons(word)})


def asked_keys(word: str) -> list[str]:
    """What to look for to find variants of the folded word."""
    across = "ก" if word.isascii() else "a"
    own = {_marked(word, skeleton) for skeleton in skeletons(word) if len(skeleton) >= _LONG_SKELETON}
    return sorted(_close_keys(word) | own | {_marked(across, skeleton) for skeleton in skeletons(word)})


def neighbours(word: str) -> set[str]:
    """The word and the word less one letter, tone marks aside; marked so that none is taken for a sound."""
    letters = bare(word)
    if len(letters) < _SHORTEST:
        return {f"~{letters}"}
    shorter = (
        letters[:place] + letters[place + 1 :] for place in range(min(len(letters), _NEIGHBOURS_OF_FIRST))
    )
    return {f"~{letters}", *(f"~{each}" for each in shorter)}


def nearness(asked: str, word: str) -> float:
    """How near the two are, 0 where they are no variants of each other."""
    near = likeness(asked, word)
    least = _SAME_SCRIPT if asked.isascii() == word.isascii() else _ACROSS
    return near if near >= least else 0.0


def _close_keys(word: str) -> set[str]:
    return {*thai_keys(word), *neighbours(word), f"={shape(word)}"}


def _marked(word: str, skeleton: str) -> str:
    """A skeleton with the script of its word."""
    return f"{'L' if word.isascii() else 'T'}:{skeleton}"
