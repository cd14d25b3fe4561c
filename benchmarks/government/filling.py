"""The generated government put into the directory's tables by COPY, and its rows to be found by."""

import sys
import time
from collections.abc import Iterable
from typing import Any, Final

from django.db import connection

from benchmarks.government.people import STAFF_POSTS, Official, officials
from benchmarks.government.units import Office, offices

BASE: Final = 1_000_000_000
"""Added to every number of the generator: far from the keys the system gives."""


def fill(people: int, units: int) -> list[Official]:
    """The officials, made in the database where they are not; whatever is there of them stays."""
    tree = offices(units)
    everybody = list(officials(people, tree))
    began = time.perf_counter()
    if _count() < people:
        _empty()
        _copy_tree(tree)
        _copy_people(everybody)
        print(
            f"[filling] {people} people, {len(tree)} units in {time.perf_counter() - began:.0f} s",
            file=sys.stderr,
        )
    if _indexed() < people:
        _index(people)
    return everybody


def unit_key(office: Office) -> int:
    """The database key of a unit."""
    return BASE + office.key


def person_key(official: Official) -> int:
    """The database key of a person."""
    return BASE + official.key


def post_key(office: Office, order: int) -> int:
    """The database key of a unit's post."""
    return BASE + office.key * (len(STAFF_POSTS) + 1) + order


def _index(people: int) -> None:
    from pirab.directory.finding import index

    began = time.perf_counter()
    index.rebuild()
    for table in ("finding_entry", "finding_word"):
        _execute(f"vacuum analyze {table}")
    spent = time.perf_counter() - began
    print(
        f"[filling] rows to find them by in {spent:.0f} s, {1000 * spent / people:.2f} ms each",
        file=sys.stderr,
    )


def _copy_tree(tree: list[Office]) -> None:
    _copy(
        "directory_agency (id, parent_id, kind, name_th, name_en, abbreviation, abbreviation_en, document_code)",
        (
            (unit_key(each), each.parent and BASE + each.parent, each.kind, each.name_th, each.name_en,
             each.abbreviation, each.abbreviation_en, "")
            for each in tree
        ),
    )  # fmt: skip
    _copy(
        "directory_post (id, agency_id, title_th, title_en, is_head, position, version)",
        (
            (post_key(each, order), unit_key(each), title_th, title_en, order == 0, order, 1)
            for each in tree
            for order, (title_th, title_en) in enumerate(((each.head_th, each.head_en), *STAFF_POSTS))
        ),
    )


def _copy_people(everybody: list[Official]) -> None:
    _copy(
        "directory_person (id, password, login, name_th, name_en, language, agency_id, is_active)",
        (
            (person_key(each), "!", each.email, f"{each.name.given_th} {each.name.family_th}",
             f"{each.given_en} {each.family_en}".strip(), "th", unit_key(each.office), True)
            for each in everybody
        ),
    )  # fmt: skip
    _copy(
        "directory_profile (person_id, title, rank, given_th, family_th, given_en, family_en, office_phone, extension,"
        " mobile, expertise, about, picture, hidden, is_listed, version)",
        (
            (person_key(each), each.title, "", each.name.given_th, each.name.family_th, each.given_en, each.family_en,
             each.office_phone, each.extension, each.mobile, "", "", None,
             ["mobile"] if each.hides_mobile else [], True, 1)
            for each in everybody
        ),
    )  # fmt: skip
    _copy(
        "directory_holding (person_id, post_id, kind)",
        ((person_key(each), post_key(each.office, each.post), "substantive") for each in everybody),
    )


def _copy(target: str, rows: Iterable[tuple[Any, ...]]) -> None:
    with connection.cursor() as cursor, cursor.copy(f"copy {target} from stdin") as copy:
        for row in rows:
            copy.write_row(row)


def _empty() -> None:
    """What an earlier run left half-way or in another size, children first."""
    for table in ("directory_holding where person_id", "directory_profile where person_id", "directory_person where id",
                  "directory_post where id", "directory_agency where id"):  # fmt: skip
        _execute(f"delete from {table} > {BASE}")


def _count() -> int:
    return _number(f"select count(*) from directory_person where id > {BASE}")


def _indexed() -> int:
    return _number(f"select count(*) from finding_entry where person_id > {BASE}")


def _number(statement: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return int(cursor.fetchone()[0])


def _execute(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)
