"""Who is meant by a question: readings from the most exact on, until there are enough people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

import msgspec
from psycopg import sql

from pirab.core import db
from pirab.directory.finding import hooks, lookup
from pirab.directory.finding.asking import Asked, Slot, read
from pirab.directory.finding.lookup import Clause
from pirab.directory.finding.types import Asker, Card, Found

MOST_ANSWERS: Final = 200
"""Answers to one question that can be paged through: who wants more asks more closely."""
_ENOUGH: Final = 8
"""Answers that make guessing needless."""
_MOST_COMPARED: Final = 1_000
"""People of one reading who are put in order; where more fit, the nearest units are asked first."""
_VERY_NEAR: Final = 0.86
_HARDLY_NEAR: Final = 0.0
_NEARNESS_STEPS: Final = 25
"""Differences of nearness below one step do not count against closeness in the organisation."""


class _Reading(msgspec.Struct, frozen=True):
    """What must hold of a person: a word of every clause, and every number within one of their telephones.

    A guess is only asked for where what was typed finds few."""

    clauses: tuple[Clause, ...]
    numbers: tuple[str, ...] = ()
    is_guess: bool = False


def search(asker: Asker, text: str, offset: int = 0, limit: int = 20) -> Found:
    """The people that `text` means, best first: `limit` of them (at most `MOST_ANSWERS` in all) after `offset`."""
    keys, is_exact = _keys(asker, read(text), min(offset + limit, MOST_ANSWERS))
    return Found(tuple(cards(keys[offset : offset + limit])), len(keys), is_exact)


def cards(person_ids: Sequence[int]) -> list[Card]:
    """Cards of these people in the order asked; who is not listed is absent."""
    rows = db.rows("select person_id, card from finding_entry where person_id = any(%s)", (list(person_ids),))
    found = {key: msgspec.json.decode(card, type=Card) for key, card in rows}
    return [found[key] for key in person_ids if key in found]


def _keys(asker: Asker, asked: Asked, wanted: int) -> tuple[list[int], bool]:
    """Keys of the people meant, at least `wanted` where there are so many, and whether there are no more."""
    found: dict[int, None] = {}
    if asked.is_empty:
        return [], True
    weights = hooks.correspondents(asker.person_id)
    is_exact = True
    for reading in _readings(asked):
        if len(found) >= (_ENOUGH if reading.is_guess else wanted):
            break
        keys, is_all = _fitting(asker, weights, reading)
        found.update(dict.fromkeys(keys))
        is_exact = is_exact and is_all
    return list(found)[:MOST_ANSWERS], is_exact and len(found) <= MOST_ANSWERS


def _readings(asked: Asked) -> Iterator[_Reading]:
    """What the question may mean, the most exact first. Lazy: what is not needed is not looked up."""
    slots, numbers = asked.slots, asked.numbers
    if not slots:
        yield _Reading((), numbers)
        return
    exact = lookup.exact(slots)
    if all(exact):
        yield _Reading(tuple(exact), numbers)
    begun = [there | more for there, more in zip(exact, lookup.begun(slots), strict=True)]
    if all(begun):
        yield _Reading(tuple(begun), numbers)
    yield from _recut(asked, begun)
    for least in (_VERY_NEAR, _HARDLY_NEAR):
        guess = [_or_nearly(slot, sure, least) for slot, sure in zip(slots, begun, strict=True)]
        if all(guess):
            yield _Reading(tuple(guess), numbers, is_guess=True)
    yield from _guessed_run(asked)


def _recut(asked: Asked, begun: Sequence[Clause]) -> Iterator[_Reading]:
    """The question with its words cut elsewhere: สมชายใจดี, ผู้อำนวยการกองคลัง, สม ชาย."""
    clauses: list[Clause] = []
    for slot, whole in zip(asked.slots, begun, strict=True):
        cut = lookup.pieces(slot) if not whole or len(asked.slots) == 1 else []
        clauses += cut or [whole]
    if all(clauses) and len(clauses) > len(asked.slots):
        yield _Reading(tuple(clauses), asked.numbers, is_guess=True)
    if asked.run and (cut := lookup.pieces(Slot((asked.run,)))):
        yield _Reading(tuple(cut), asked.numbers, is_guess=True)


def _guessed_run(asked: Asked) -> Iterator[_Reading]:
    """Several words grown together, one of them mistyped."""
    run = asked.run or (asked.slots[0].spellings[-1] if len(asked.slots) == 1 else "")
    cut = lookup.cut_into_known(run) if run and not run.isascii() else None
    if cut and len(cut) > 1:
        slots = [Slot((piece,)) for piece in cut]
        clauses = [_or_nearly(slot, sure, 0.0) for slot, sure in zip(slots, lookup.exact(slots), strict=True)]
        if all(clauses):
            yield _Reading(tuple(clauses), asked.numbers, is_guess=True)


def _or_nearly(slot: Slot, sure: Clause, least: float) -> Clause:
    return sure if slot.is_address else lookup.nearly(slot, least) | sure


def _fitting(asker: Asker, weights: dict[int, float], reading: _Reading) -> tuple[list[int], bool]:
    """Keys of at most `MOST_ANSWERS` people the reading fits, in order, and whether that is everybody."""
    rows = _rows(asker, weights, reading)
    if len(rows) <= _MOST_COMPARED:
        return _ordered(rows, reading), len(rows) <= MOST_ANSWERS
    keys: dict[int, None] = {}
    for unit in reversed(asker.ancestry):
        near = _rows(asker, weights, reading, (-unit,))
        if len(near) > _MOST_COMPARED:
            rows = near
            break
        keys.update(dict.fromkeys(_ordered(near, reading)))
        if len(keys) >= MOST_ANSWERS:
            return list(keys)[:MOST_ANSWERS], False
    known = _rows(asker, weights, reading, people=tuple(weights)) if weights else []
    keys.update(dict.fromkeys(_ordered([*known, *rows], reading)))
    return list(keys)[:MOST_ANSWERS], False


def _ordered(rows: list[tuple[Any, ...]], reading: _Reading) -> list[int]:
    """Keys in order. Rows come ordered but for the nearness of their names, which only matters to a guess."""
    if reading.is_guess:
        rows = sorted(rows, key=lambda row: -_nearness(row[1], reading))
    return [row[0] for row in rows][:MOST_ANSWERS]


def _nearness(names: list[int], reading: _Reading) -> int:
    """How near the person's names are to what was typed, in steps; a word that is no name counts as typed."""
    near = 1.0
    for clause in reading.clauses:
        near *= max((clause[name] for name in names if name in clause), default=1.0)
    return round(near * _NEARNESS_STEPS)


def _rows(
    asker: Asker,
    weights: dict[int, float],
    reading: _Reading,
    terms: tuple[int, ...] = (),
    people: tuple[int, ...] = (),
) -> list[tuple[Any, ...]]:
    """People the reading fits, one more than can be compared where there are so many: key and names, in order of
    closeness, correspondence, rank and name."""
    conditions = ["terms && %s::int[]"] * len(reading.clauses) + ["numbers like %s"] * len(reading.numbers)
    values: list[Any] = [list(clause) for clause in reading.clauses]
    values += [f"%{number}%" for number in reading.numbers]
    if terms:
        conditions.append("terms @> %s::int[]")
        values.append(list(terms))
    if people:
        conditions.append("person_id = any(%s::bigint[])")
        values.append(list(people))
    statement = _FITTING.format(
        conditions=sql.SQL(" and ").join(map(sql.SQL, conditions)),
        closeness=sql.SQL(" + ").join([sql.SQL("0"), *(_CLOSE.format(depth) for depth in _depths(asker))]),
    )
    ends = (_MOST_COMPARED + 1, list(weights), list(weights.values()), *asker.ancestry)
    return db.rows_planned_anew(statement, (*values, *ends))


def _depths(asker: Asker) -> range:
    return range(1, len(asker.ancestry) + 1)


_CLOSE: Final = sql.SQL("coalesce((f.ancestry[{}] = %s)::int, 0)")

_FITTING: Final = sql.SQL("""
    with fitting as materialized (
        select person_id, names, ancestry, is_head, sorting from finding_entry where {conditions} limit %s)
    select f.person_id, f.names from fitting f
      left join unnest(%s::bigint[], %s::float8[]) as c(person_id, weight) on c.person_id = f.person_id
     order by {closeness} desc, c.weight desc nulls last, f.is_head desc, f.sorting, f.person_id
""")
