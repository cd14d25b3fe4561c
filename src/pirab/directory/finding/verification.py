"""The rows compared with the directory: `verify` only reads and tells, `repair` makes what was told anew."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from enum import StrEnum
from typing import Any, Final

import msgspec

from pirab.core import db, log
from pirab.directory.finding import facts, index, vocabulary
from pirab.directory.finding.types import Card

AT_ONCE: Final = 500

_log = log.get_logger(__name__)

Progress = Callable[[str, int], None]
"""Told after each chunk: what is being looked at, and how many of them so far."""


class Code(StrEnum):
    """What can be wrong with a row; the value is what operators and scripts read."""

    MISSING = "directory-row-missing"
    STRAY = "directory-row-of-nobody"
    """Of somebody who is gone, disabled or not listed: nobody may find them."""
    DIFFERS = "directory-row-differs"


class Finding(msgspec.Struct, frozen=True):
    """Something that is not as it should be; `detail` names the columns."""

    code: Code
    person_id: int
    detail: str = ""


def verify(progress: Progress = lambda what, count: None) -> Iterator[Finding]:
    """Everything that is not as it should be, as it is found, a chunk of people in one snapshot. Only reads."""
    last, seen = 0, 0
    while chunk := [key for (key,) in db.rows(_EVERYBODY, {"last": last, "limit": AT_ONCE})]:
        with db.snapshot():
            found = list(_compared(chunk))
        yield from found
        last, seen = chunk[-1], seen + len(chunk)
        progress("people", seen)


def repair(findings: Iterable[Finding]) -> Iterator[tuple[Finding, bool]]:
    """Make each row anew, or take it away; all of them can be mended, each in a transaction of its own."""
    for finding in findings:
        with db.transaction():
            index.renew([finding.person_id])
        _log.warning("directory row mended", code=finding.code.value, person=finding.person_id)
        yield finding, True


def _compared(person_ids: list[int]) -> Iterator[Finding]:
    wanted = _wanted(person_ids)
    kept = {row[0]: _kept(row) for row in db.rows(_ROWS, (person_ids,))}
    for person_id in person_ids:
        if person_id in wanted and person_id not in kept:
            yield Finding(Code.MISSING, person_id)
        elif person_id in kept and person_id not in wanted:
            yield Finding(Code.STRAY, person_id)
        elif person_id in wanted:
            row, other = wanted[person_id], kept[person_id]
            wrong = [column for column in row if row[column] != other[column]]
            if wrong:
                yield Finding(Code.DIFFERS, person_id, ", ".join(wrong))


def _wanted(person_ids: list[int]) -> dict[int, dict[str, Any]]:
    """The rows these people should have; a word nobody ever had has the key 0, which is in no row."""
    found = facts.load(person_ids)
    words = [index.words_of(each) for each in found]
    known = vocabulary.keys_of({word for each in words for word in each})
    unknown = {word: (0, kind) for each in words for word, kind in each.items() if word not in known}
    return {
        each.card.person_id: index.row_of(each, own, known | unknown)
        for each, own in zip(found, words, strict=True)
    }


def _kept(row: tuple[Any, ...]) -> dict[str, Any]:
    kept = dict(zip(_COLUMNS, row, strict=True))
    return kept | {"ancestry": tuple(kept["ancestry"]), "card": msgspec.json.decode(kept["card"], type=Card)}


_COLUMNS: Final = (
    "person_id", "agency_id", "ancestry", "terms", "names", "numbers", "is_head", "sorting", "card", "version"
)  # fmt: skip

_ROWS: Final = """
    select person_id, agency_id, ancestry, terms, names, numbers, is_head, sorting, card, version
      from finding_entry where person_id = any(%s)
"""

_EVERYBODY: Final = """
    (select id from directory_person where id > %(last)s order by id limit %(limit)s)
     union (select person_id from finding_entry where person_id > %(last)s order by person_id limit %(limit)s)
     order by 1 limit %(limit)s
"""
