"""The only writer of the rows: each says what the directory says of one person at this moment."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from datetime import timedelta
from itertools import chain
from typing import Any, Final, LiteralString

import msgspec
from psycopg import sql

from pirab.core import db
from pirab.directory.finding import facts, vocabulary
from pirab.directory.finding.folding import compact, fold, phone_numbers, sorting_key
from pirab.directory.finding.numbering import kept_grams
from pirab.directory.finding.terms import Words, beginnings, joined, mail_words, name_words, office_words
from pirab.directory.finding.types import Card, Facts, Unit
from pirab.directory.finding.vocabulary import Kind

AT_ONCE: Final = 1_000
"""People whose rows are made together."""
VERSION: Final = 2
"""Of the rules by which rows are made: raise it when they change, and every row is made anew."""


def renew(person_ids: Sequence[int]) -> None:
    """Make the rows of these people anew, or take them away; to be called in the transaction of the change."""
    known: dict[str, tuple[int, Kind]] = {}
    for chunk in _chunks(sorted(set(person_ids))):
        _renew(chunk, known)


def renew_unit(agency_id: int) -> None:
    """The same for everybody in the agency and below it, and for who holds a post there."""
    found = db.rows(_PEOPLE_OF_UNIT, {"agency": agency_id})
    renew([person_id for (person_id,) in found])


def rebuild() -> int:
    """Make every row anew, each thousand in a transaction of its own; returns how many people were looked at."""
    with _many_rows():
        return _renew_all(_PEOPLE_FROM, ())


def renew_old() -> int:
    """Make the rows that are missing, or were made by earlier rules; returns how many people that were."""
    old = db.scalar(_OLD_ARE_MANY, (VERSION, AT_ONCE))
    with _many_rows() if old else nullcontext():
        return _renew_all(_OLD_FROM, (VERSION,))


def renew_for_day() -> int:
    """Make the rows anew of people whose time in a post began today or ended yesterday; returns how many."""
    day = facts.today()
    found = db.rows(_CHANGING_PLACES, (day, day - timedelta(days=1)))
    with db.transaction():
        renew([person_id for (person_id,) in found])
    return len(found)


def _renew_all(statement: LiteralString, values: tuple[object, ...]) -> int:
    known: dict[str, tuple[int, Kind]] = {}
    last, seen = 0, 0
    while chunk := [key for (key,) in db.rows(statement, (*values, last, AT_ONCE))]:
        with db.transaction():
            _renew(chunk, known)
        last, seen = chunk[-1], seen + len(chunk)
    return seen


@contextmanager
def _many_rows() -> Iterator[None]:
    """Put new terms on the index's list of what is pending, and sort them in together: ten times as fast."""
    for index in _INDEXES:
        db.execute(sql.SQL("alter index {} set (fastupdate = on)").format(sql.Identifier(index)))
    try:
        yield
    finally:
        for index in _INDEXES:
            db.execute(sql.SQL("alter index {} set (fastupdate = off)").format(sql.Identifier(index)))
            db.execute("select gin_clean_pending_list(%s::regclass)", (index,))


def words_of(each: Facts) -> dict[str, Kind]:
    """Every word the person is found by, with its kind."""
    names = name_words(each.given_th, each.family_th) | name_words(each.given_en, each.family_en)
    offices = chain.from_iterable(_office(each))
    mail = [mail_words(address) for address in each.addresses]
    pieces = chain.from_iterable(one.plain for one in mail)
    whole = chain.from_iterable(one.mail for one in mail)
    words = Words(names, frozenset(chain(offices, office_words(each.expertise), pieces)), frozenset(whole))
    kinds: dict[str, Kind] = dict.fromkeys(beginnings(names), Kind.BEGINNING)
    kinds |= dict.fromkeys(words.mail, Kind.MAIL) | dict.fromkeys(words.plain, Kind.PLAIN)
    return kinds | dict.fromkeys(words.names, Kind.NAME)


def numbers_of(card: Card) -> str:
    """The telephones shown, as digits."""
    shown = (card.office_phone, card.extension, card.mobile)
    return " ".join(dict.fromkeys(number for text in shown for number in phone_numbers(text)))


def _office(each: Facts) -> Iterator[Iterable[str]]:
    """Words of posts and units; a post and its unit said in one breath are a word as well."""
    units = {unit.id: unit for unit in each.units}
    for post in each.card.posts:
        yield office_words(post.title_th)
        yield office_words(post.title_en)
        unit = units.get(post.agency_id)
        if unit is not None:
            yield (joined(post.title_th, unit.name_th),)
    for unit in each.units:
        yield from _unit(unit)


def _unit(unit: Unit) -> Iterator[Iterable[str]]:
    yield office_words(unit.name_th)
    yield office_words(unit.name_en)
    for short in (unit.abbreviation, unit.abbreviation_en):
        if short:
            yield (compact(fold(short)),)


def _renew(person_ids: list[int], known: dict[str, tuple[int, Kind]]) -> None:
    found = facts.load(person_ids)
    words = [words_of(each) for each in found]
    wanted: dict[str, Kind] = {}
    for each in words:
        for word, kind in each.items():
            wanted[word] = kind if word not in wanted else vocabulary.more_useful(wanted[word], kind)
    vocabulary.ensure(wanted, known)
    gone = set(person_ids) - {each.card.person_id for each in found}
    if gone:
        db.execute("delete from finding_entry where person_id = any(%s)", (list(gone),))
    if found:
        rows = [row_of(each, kinds, known) for each, kinds in zip(found, words, strict=True)]
        db.execute(_WRITE, (msgspec.json.encode(rows).decode(),))


def row_of(each: Facts, words: dict[str, Kind], known: dict[str, tuple[int, Kind]]) -> dict[str, Any]:
    """The columns of a person's row; `words` are theirs, `known` has the keys of all of them."""
    return {
        "person_id": each.card.person_id,
        "agency_id": each.card.agency_id,
        "ancestry": each.ancestry,
        "terms": sorted(_terms(each, words, known)),
        "names": sorted(known[word][0] for word, kind in words.items() if kind is Kind.NAME),
        "numbers": numbers_of(each.card),
        "is_head": any(post.is_head for post in each.card.posts),
        "sorting": sorting_key(each.card.name_th),
        "card": each.card,
        "version": VERSION,
    }


def _terms(each: Facts, words: dict[str, Kind], known: dict[str, tuple[int, Kind]]) -> set[int]:
    units = {-unit.id for unit in each.units}
    return units | {known[word][0] for word in words} | kept_grams(numbers_of(each.card).split(" "))


def _chunks(keys: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(keys), AT_ONCE):
        yield keys[start : start + AT_ONCE]


_INDEXES: Final = ("finding_entry_terms", "finding_word_near")

_PEOPLE_FROM: Final = "select id from directory_person where id > %s order by id limit %s"

_OLD_FROM: Final = """
    select p.id from directory_person p
     where not exists (select from finding_entry e where e.person_id = p.id and e.version = %s)
       and p.is_active and not exists (select from directory_profile f where f.person_id = p.id and not f.is_listed)
       and p.id > %s
     order by p.id limit %s
"""

_OLD_ARE_MANY: Final = """
    select (select count(*) from finding_entry where version = %s) + %s < (select count(*) from directory_person)
"""

_CHANGING_PLACES: Final = "select distinct person_id from directory_holding where since = %s or until = %s"

_PEOPLE_OF_UNIT: Final = """
    select id from directory_person
     where agency_id in (select id from directory_agency where ancestry @> array[%(agency)s::bigint])
     union
    select h.person_id from directory_holding h join directory_post p on p.id = h.post_id
     where p.agency_id in (select id from directory_agency where ancestry @> array[%(agency)s::bigint])
"""

_WRITE: Final = """
    insert into finding_entry (person_id, agency_id, ancestry, terms, names, numbers, is_head, sorting, card, version)
    select person_id, agency_id, ancestry, terms, names, numbers, is_head, sorting, card, version
      from jsonb_to_recordset(%s::text::jsonb) as e(
           person_id bigint, agency_id bigint, ancestry bigint[], terms integer[], names integer[], numbers text,
           is_head boolean, sorting text, card jsonb, version smallint)
        on conflict (person_id) do update
       set agency_id = excluded.agency_id, ancestry = excluded.ancestry, terms = excluded.terms,
           names = excluded.names, numbers = excluded.numbers, is_head = excluded.is_head,
           sorting = excluded.sorting, card = excluded.card, version = excluded.version
"""
