"""Terms of telephone numbers: every four digits in a row, and how each number begins.

They are keys far below those of units, so that one index answers for them too. Five digits and more are looked for by
their fours and then compared with the numbers themselves.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

GRAM: Final = 4
LONGEST_NUMBER: Final = 20
"""Digits of a number that are kept or looked for."""

_GRAMS_BELOW: Final = -2_000_000_000
_BEGINNINGS_BELOW: Final = _GRAMS_BELOW - 10**GRAM
_BEGINNING: Final = GRAM - 1


def kept_grams(numbers: Iterable[str]) -> set[int]:
    """The terms of these numbers."""
    return {gram for number in numbers for gram in (*_grams(number), *_beginning(number))}


def asked_grams(number: str) -> list[int]:
    """The terms somebody must have with a number in which `number` stands; three digits are how one begins."""
    return sorted(_grams(number) if len(number) >= GRAM else _beginning(number))


def _grams(number: str) -> set[int]:
    digits = number[:LONGEST_NUMBER]
    return {_GRAMS_BELOW - int(digits[start : start + GRAM]) for start in range(len(digits) - GRAM + 1)}


def _beginning(number: str) -> set[int]:
    return {_BEGINNINGS_BELOW - int(number[:_BEGINNING])} if len(number) >= _BEGINNING else set()
