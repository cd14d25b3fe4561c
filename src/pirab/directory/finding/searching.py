"""Who is meant by a question: readings from the most exact on, until there are enough people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

import msgspec
from psycopg import sql

from pirab.core import db
from pirab.directory.finding import hooks, lookup, numbering
from pirab.directory.finding.asking import Asked, Slot, read
from pirab.directory.finding.lookup import Clause
from pirab.directory.finding.types import Asker, Card, Found

MOST_ANSWERS: Final = 200
"""Answers to one question that can be paged through: who wants more asks more closely."""
_ENOUGH: Final = 8
"""Answers that make guessing needless."""
_MOST_COMPARED: Final = 500
"""People of one reading who are put in order; where more fit, those of the asker's own units are looked at alone."""
_NEARNESS_BANDS: Final = (0.86, 0.0)
_NEARNESS_STEPS: Final = 25
"""Differences of nearness below one step do not count against closeness in the organisation."""


class _Reading(msgspec.Struct, frozen=True):
    """What must hold of a person: a word of every clause, and every number within one of their telephones."""

    clauses: tuple[Clause, ...]
    numbers: tuple[str, ...] = ()
    is_guess: bool = False


class _Fitting(msgspec.Struct, frozen=True):
    """Keys of people whom a reading fits, in order, and how many it fits (at most one more than can be compared)."""

    keys: list[int]
    many: int

    @property
    def is_complete(self) -> bool:
        return self.many <= _MOST_COMPARED


def search(asker: Asker, text: str, offset: int = 0, limit: int = 20) -> Found:
    """The people that `text` means, best first: `limit` of them (at most `MOST_ANSWERS` in all) after `offset`."""
    end = min(offset + limit, MOST_ANSWERS)
    with db.joined_transaction():
        db.execute(_BY_INDEX)
        keys, is_exact = _keys(asker, read(text), end + 1)
    return Found(tuple(cards(keys[offset:end])), len(keys), is_exact, len(keys) > end)


def cards(person_ids: Sequence[int]) -> list[Card]:
    """Cards of these people in the order asked; who is not listed is absent."""
    rows = db.rows("select person_id, card from finding_entry where person_id = any(%s)", (list(person_ids),))
    found = {key: msgspec.json.decode(card, type=Card) for key, card in rows}
    return [found[key] for key in person_ids if key in found]


def _keys(asker: Asker, asked: Asked, wanted: int) -> tuple[list[int], bool]:
    """Keys of the people meant, at least `wanted` where there are so many, and whether there are no more."""
    found: dict[int, None] = {}
    is_exact = True
    if asked.is_empty:
        return [], True
    weights = hooks.correspondents(asker.person_id)
    slots = _Slots(asked)
    for enough, readings in ((wanted, _sure_readings(slots)), (_ENOUGH, _guesses(slots))):
        if len(found) >= enough:
            break
        for reading in readings:
            keys, is_all = _fitting(asker, weights, reading)
            found.update(dict.fromkeys(keys))
            is_exact = is_exact and is_all
            if len(found) >= enough:
                break
    return list(found)[:MOST_ANSWERS], is_exact and len(found) <= MOST_ANSWERS


class _Slots:
    """The slots of a question with the words found for them so far: each is looked up once, and only when needed."""

    def __init__(self, asked: Asked) -> None:
        self.asked = asked
        self.exact = lookup.exact(asked.slots)
        self._begun: list[Clause] | None = None
        self._near: dict[Slot, Clause] = {}

    def begun(self) -> list[Clause]:
        """Words spelled so and words that begin so."""
        if self._begun is None:
            begun = lookup.begun(self.asked.slots)
            self._begun = [there | more for there, more in zip(self.exact, begun, strict=True)]
        return self._begun

    def nearly(self, slot: Slot, sure: Clause, least: float) -> Clause:
        """`sure` and the words nearer to the slot than `least`."""
        if slot.is_address:
            return sure
        if slot not in self._near:
            self._near[slot] = lookup.nearly(slot)
        return {key: near for key, near in self._near[slot].items() if near >= least} | sure


def _sure_readings(slots: _Slots) -> Iterator[_Reading]:
    """What was typed, taken literally: whole words, then the last one unfinished, then beginnings."""
    numbers = slots.asked.numbers
    if all(slots.exact):
        yield _Reading(tuple(slots.exact), numbers)
    if len(slots.exact) > 1 and all(slots.exact[:-1]) and (last := slots.begun()[-1]):
        yield _Reading((*slots.exact[:-1], last), numbers)
    if slots.exact and all(slots.begun()):
        yield _Reading(tuple(slots.begun()), numbers)


def _guesses(slots: _Slots) -> Iterator[_Reading]:
    """What else may be meant, the likeliest first."""
    asked = slots.asked
    if not asked.slots:
        return
    yield from _recut(slots)
    for least in _NEARNESS_BANDS:
        guess = [
            slots.nearly(slot, sure, least) for slot, sure in zip(asked.slots, slots.begun(), strict=True)
        ]
        if all(guess):
            yield _Reading(tuple(guess), asked.numbers, is_guess=True)
    run = asked.run or (asked.slots[0].spellings[-1] if len(asked.slots) == 1 else "")
    cut = lookup.cut_into_known(run) if run and not run.isascii() else None
    if cut and len(cut) > 1:
        pieces = [Slot((piece,)) for piece in cut]
        guess = [
            slots.nearly(slot, sure, 0.0) for slot, sure in zip(pieces, lookup.exact(pieces), strict=True)
        ]
        if all(guess):
            yield _Reading(tuple(guess), asked.numbers, is_guess=True)


def _recut(slots: _Slots) -> Iterator[_Reading]:
    """The question with its words cut elsewhere: สมชายใจดี, ผู้อำนวยการกองคลัง, สม ชาย."""
    asked = slots.asked
    clauses: list[Clause] = []
    for slot, whole in zip(asked.slots, slots.begun(), strict=True):
        cut = lookup.pieces(slot) if not whole or len(asked.slots) == 1 else []
        clauses += cut or [whole]
    if all(clauses) and len(clauses) > len(asked.slots):
        yield _Reading(tuple(clauses), asked.numbers, is_guess=True)
    if asked.run and (cut := lookup.pieces(Slot((asked.run,)))):
        yield _Reading(tuple(cut), asked.numbers, is_guess=True)


def _fitting(asker: Asker, weights: dict[int, float], reading: _Reading) -> tuple[list[int], bool]:
    """Keys of at most `MOST_ANSWERS` people the reading fits, in order, and whether that is everybody.

    Where too many fit to be compared, the circle is drawn closer around the asker until they are few enough. One word
    alone is likely to fit so many that it is asked from the inside out.
    """
    nearest: dict[int, None] = {}
    is_common = len(reading.clauses) == 1 and not reading.is_guess
    for unit in reversed(asker.ancestry) if is_common else ():
        nearest.update(dict.fromkeys(_compared(asker, weights, reading, unit=unit).keys))
        if len(nearest) >= MOST_ANSWERS:
            return list(nearest)[:MOST_ANSWERS], False
    everywhere = _compared(asker, weights, reading)
    if everywhere.is_complete:
        return everywhere.keys, everywhere.many <= MOST_ANSWERS
    if not is_common:
        nearest = _closer(asker, weights, reading)
    known = _compared(asker, weights, reading, people=weights).keys if weights else []
    return list(dict.fromkeys([*nearest, *known, *everywhere.keys]))[:MOST_ANSWERS], False


def _closer(asker: Asker, weights: dict[int, float], reading: _Reading) -> dict[int, None]:
    """People of the asker's own units, from the widest whose people can all be compared."""
    circles: list[_Fitting] = []
    for unit in asker.ancestry:
        circles.append(_compared(asker, weights, reading, unit=unit))
        if circles[-1].is_complete:
            break
    return {key: None for circle in reversed(circles) for key in circle.keys}


def _compared(
    asker: Asker,
    weights: dict[int, float],
    reading: _Reading,
    unit: int | None = None,
    people: Iterable[int] | None = None,
) -> _Fitting:
    """People the reading fits (of `unit` and below it, of `people`) by closeness, correspondence, rank and name."""
    conditions, values = _conditions(reading, unit, people)
    statement = _FITTING.format(
        conditions=sql.SQL(" and ").join(map(sql.SQL, conditions)),
        closeness=sql.SQL(" + ").join(
            [sql.SQL("0::int"), *(_CLOSE.format(depth) for depth in _depths(asker))]
        ),
    )
    shown = _MOST_COMPARED + 1 if reading.is_guess else MOST_ANSWERS
    ends = (_MOST_COMPARED + 1, list(weights), list(weights.values()), *asker.ancestry, shown)
    rows = db.rows_planned_anew(statement, (reading.is_guess, *values, *ends))
    many = rows[0][1] if rows else 0
    if reading.is_guess:
        rows.sort(key=lambda row: -_nearness(row[2], reading))
    return _Fitting([row[0] for row in rows][:MOST_ANSWERS], many)


def _conditions(
    reading: _Reading, unit: int | None, people: Iterable[int] | None
) -> tuple[list[str], list[Any]]:
    """What a row must fulfil: terms it must all have, terms it must have some of, numbers and keys."""
    every = [key for clause in reading.clauses if len(clause) == 1 for key in clause]
    every += [gram for number in reading.numbers for gram in numbering.asked_grams(number)]
    every += [] if unit is None else [-unit]
    conditions = ["terms @> %s::int[]"] if every else []
    values: list[Any] = [every] if every else []
    for clause in reading.clauses:
        if len(clause) > 1:
            conditions.append("terms && %s::int[]")
            values.append(list(clause))
    for number in reading.numbers:
        if len(number) > numbering.GRAM:
            conditions.append("numbers like %s")
            values.append(f"%{number}%")
    if people is not None:
        conditions.append("person_id = any(%s::bigint[])")
        values.append(list(people))
    return conditions, values


def _nearness(names: list[int], reading: _Reading) -> int:
    """How near the person's names are to what was typed, in steps; a word that is no name counts as typed."""
    near = 1.0
    for clause in reading.clauses:
        near *= max((clause[name] for name in names if name in clause), default=1.0)
    return round(near * _NEARNESS_STEPS)


def _depths(asker: Asker) -> range:
    return range(1, len(asker.ancestry) + 1)


# The planner takes hundreds of words for half of all people, and then reads the table from its beginning in the hope of
# meeting enough of them soon: some hundred times as slow where it does not.
_BY_INDEX: Final = (
    "select set_config('enable_seqscan', 'off', true), set_config('enable_indexscan', 'off', true)"
)

_CLOSE: Final = sql.SQL("coalesce((f.ancestry[{}] = %s)::int, 0)")

_FITTING: Final = sql.SQL("""
    with fitting as materialized (
        select person_id, case when %s then names end as names, ancestry, is_head, sorting
          from finding_entry where {conditions} limit %s)
    select f.person_id, (count(*) over ())::int, f.names from fitting f
      left join unnest(%s::bigint[], %s::float8[]) as c(person_id, weight) on c.person_id = f.person_id
     order by {closeness} desc, c.weight desc nulls last, f.is_head desc, f.sorting, f.person_id
     limit %s
""")
