"""What somebody typed, read: which words, numbers and addresses a person must have to be meant.

Total: every text can be read, hostile ones too; what means nothing asks for nobody.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

import msgspec

from pirab.core.thai import fold_thai
from pirab.directory.finding.abbreviations import LEADING, SHORT_FORMS
from pirab.directory.finding.folding import LONGEST_WORD, compact, fold, phone_numbers
from pirab.directory.finding.titles import without_titles

LONGEST_QUESTION: Final = 200
"""Characters of a question that are read."""
MOST_SLOTS: Final = 8
LEAST_DIGITS: Final = 3

_NUMBER: Final = re.compile(
    "(?:(?:โทร|เบอร์|ต่อ|tel|ext)[. ]*)?[(+]?[0-9][0-9 ().-]*(?:(?:ต่อ|ext|#)[ .]*[0-9]+)?", re.IGNORECASE
)
_LATIN: Final = re.compile("[\x00-\x7f\u00df-\u024f]+")
_MAIL: Final = re.compile("[a-z0-9._-]*[._@0-9-][a-z0-9._@-]*")
_LETTER_RUNS: Final = re.compile("[0-9]+|[^0-9 ]+")


class Slot(msgspec.Struct, frozen=True):
    """One thing that must be found of a person, in any of these spellings; the first is the one that was typed."""

    spellings: tuple[str, ...]
    is_address: bool = False


class Asked(msgspec.Struct, frozen=True):
    """A question: every slot and every number must fit. `run` is all of it without spaces, for a name cut wrongly."""

    slots: tuple[Slot, ...]
    numbers: tuple[str, ...] = ()
    run: str = ""

    @property
    def is_empty(self) -> bool:
        return not self.slots and not self.numbers


def read(text: str) -> Asked:
    """The question that `text` puts."""
    shown = text[:LONGEST_QUESTION].replace("\x00", " ").strip()
    if _NUMBER.fullmatch(fold_thai(shown)):
        numbers = tuple(number for number in phone_numbers(shown) if len(number) >= LEAST_DIGITS)
        return Asked((), numbers)
    folded = fold(shown)
    named = without_titles(folded)
    tokens = named.split(" ") if named else []
    numbers = tuple(token for token in tokens if token.isdigit() and len(token) >= LEAST_DIGITS)
    words = [token for token in tokens if not token.isdigit()]
    slots = [slot for token in words for slot in _slots(token)][:MOST_SLOTS]
    if slots and words and folded != named:
        slots[0] = _with_title(slots[0], folded, named)
    return Asked(tuple(slots), numbers, _run(words))


def _slots(token: str) -> Iterator[Slot]:
    if "@" in token or (_MAIL.fullmatch(token) and not token.strip(".").isalpha()):
        local, at, domain = token.strip(".").partition("@")
        yield from (
            Slot((part[:LONGEST_WORD],), is_address=True) for part in (local, at + domain) if part.strip("@")
        )
        return
    letters = ""
    parts = [part for part in token.split(".") if part]
    for place, part in enumerate(parts):
        is_short = len(part) <= 2 and part not in SHORT_FORMS and ("." in token)
        if is_short and not (letters == "" and place == len(parts) - 1):
            letters += part  # ก.พ.ร. is one word
            continue
        if letters:
            yield from _slot(letters)
            letters = ""
        yield from _slot(part)
    if letters:
        yield from _slot(letters)


def _slot(word: str) -> Iterator[Slot]:
    word = word.replace("-", "")[:LONGEST_WORD]
    if word:
        yield Slot(tuple(dict.fromkeys((word, *_expansions(word)))))


def _expansions(word: str) -> Iterator[str]:
    """The word with a short form written out, by itself or at its beginning."""
    if word in SHORT_FORMS:
        yield compact(SHORT_FORMS[word].replace("-", ""))
        return
    for short in LEADING:
        rest = word[len(short) :]
        if word.startswith(short) and len(rest) > 2 and not SHORT_FORMS[short].startswith(word):
            yield compact(SHORT_FORMS[short] + rest)


def _with_title(slot: Slot, folded: str, named: str) -> Slot:
    """The first word with what looked like a title, where nothing parted the two: นายก is no นาย ก."""
    title = folded[: len(folded) - len(named)]
    if title.endswith((" ", ".")):
        return slot
    whole = compact(title + slot.spellings[0])
    return Slot((whole, *slot.spellings, *_expansions(whole)), slot.is_address)


def _run(words: list[str]) -> str:
    """Thai words without their spaces; empty where there is nothing to be cut otherwise."""
    run = "".join(words)
    return compact(run) if len(words) > 1 and not any(_LATIN.fullmatch(word) for word in words) else ""
