"""From the spellings of a question to words that people have: exactly, by their beginning, in pieces, nearly."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Final

from pirab.core import db
from pirab.core.thai import letters
from pirab.directory.finding import near, vocabulary
from pirab.directory.finding.asking import Slot
from pirab.directory.finding.folding import LONGEST_WORD
from pirab.directory.finding.terms import BEGINNING, LONGEST_BEGINNING
from pirab.directory.finding.vocabulary import Kind

Clause = dict[int, float]
"""Keys of words, any of which will do, each with how near it is to what was typed (1: the same)."""

_MOST_BEGINNINGS: Final = 300
_MOST_NEAR: Final = 40
_MOST_CANDIDATES: Final = 1_500
_LONGEST_PIECE: Final = 24
_SHORTEST_PIECE: Final = 2


def exact(slots: Collection[Slot]) -> list[Clause]:
    """For each slot the words spelled so."""
    known = vocabulary.keys_of({spelling for slot in slots for spelling in slot.spellings})
    return [
        {known[spelling][0]: 1.0 for spelling in slot.spellings if _fits(spelling, slot, known)}
        for slot in slots
    ]


def begun(slots: Collection[Slot]) -> list[Clause]:
    """For each slot the words that begin so."""
    return [_begun(slot) for slot in slots]


def pieces(slot: Slot) -> list[Clause]:
    """The slot cut into words that are known, as few as will do; nothing where some of it is none.

    The last may be the beginning of a word.
    """
    for spelling in slot.spellings:
        if slot.is_address:
            cut: list[str] | None = [piece for piece in spelling.replace("@", ".").split(".") if piece]
        else:
            cut = cut_into_known(spelling)
        if cut and len(cut) > 1:
            clauses = [*exact([Slot((piece,)) for piece in cut[:-1]]), _begun(Slot((cut[-1],)))]
            if all(clauses):
                return clauses
    return []


def nearly(slot: Slot) -> Clause:
    """Names that sound like the slot or are spelled almost so, the nearest first."""
    best: Clause = {}
    for spelling in slot.spellings:
        for key, word in db.rows_planned_anew(_NEAR, (near.asked_keys(spelling), _MOST_CANDIDATES)):
            nearness = near.nearness(spelling, word)
            if nearness > best.get(key, 0.0):
                best[key] = nearness
    nearest = sorted(best.items(), key=lambda item: -item[1])
    return dict(nearest[:_MOST_NEAR])


def cut_into_known(run: str) -> list[str] | None:
    """`run` in the fewest known words, longest first; one stretch that is none of them may be left, by itself."""
    parts = letters(run) if not run.isascii() else list(run)
    places = [0]
    for part in parts:
        places.append(places[-1] + len(part))
    # The whole of it was looked for before: here it is to be cut.
    known = vocabulary.keys_of(_stretches(run, places) - {run}).keys()
    return _fewest(run, places, known)


def _stretches(run: str, places: list[int]) -> set[str]:
    return {
        run[start:end]
        for index, start in enumerate(places)
        for end in places[index + 1 :]
        if _SHORTEST_PIECE <= end - start <= _LONGEST_PIECE
    }


def _fewest(run: str, places: list[int], known: Collection[str]) -> list[str] | None:
    """The cheapest way through `run`: a known word costs 1, the one unknown stretch 3 and a little for its length."""
    ways: dict[int, tuple[float, list[str]]] = {0: (0.0, [])}
    for index, end in enumerate(places[1:], 1):
        options = []
        for start in places[:index]:
            piece = run[start:end]
            if start not in ways or (piece not in known and len(piece) > LONGEST_WORD):
                continue
            cost = 1.0 if piece in known else 3.0 + len(piece) / 2
            options.append((ways[start][0] + cost, [*ways[start][1], piece]))
        if options:
            ways[end] = min(options, key=lambda option: option[0])
    return ways[places[-1]][1] if places[-1] in ways else None


def _begun(slot: Slot) -> Clause:
    found: Clause = {}
    for spelling in slot.spellings:
        if not slot.is_address and len(spelling) <= LONGEST_BEGINNING:
            found |= {key: 1.0 for key, _ in vocabulary.keys_of([BEGINNING + spelling]).values()}
        if len(spelling) >= LONGEST_BEGINNING or slot.is_address:
            kinds = [Kind.MAIL] if slot.is_address else [Kind.NAME, Kind.PLAIN]
            found |= dict.fromkeys(_range(spelling, kinds), 1.0)
    return found


def _range(beginning: str, kinds: list[Kind]) -> Iterable[int]:
    rows = db.rows_planned_anew(
        _BEGUN, (beginning, beginning + "\U0010ffff", [int(kind) for kind in kinds], _MOST_BEGINNINGS)
    )
    return [key for (key,) in rows]


def _fits(spelling: str, slot: Slot, known: dict[str, tuple[int, Kind]]) -> bool:
    if spelling not in known:
        return False
    return slot.is_address or known[spelling][1] is not Kind.BEGINNING


_BEGUN: Final = """
    select id from finding_word where word >= %s and word < %s and kind = any(%s::smallint[]) order by word limit %s
"""

_NEAR: Final = "select id, word from finding_word where near && %s::text[] limit %s"
