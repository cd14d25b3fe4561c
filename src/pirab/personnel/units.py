"""Units by the names people write into tables."""

from __future__ import annotations

from typing import Final

from pirab.core import db
from pirab.personnel.secrecy import folded_name


def by_name(agency_id: int) -> dict[str, int]:
    """Every name of the agency and of the units below it (Thai, English, abbreviations; folded), with their keys.

    A name that two units have is left out: nobody guesses which one was meant.
    """
    found: dict[str, int] = {}
    twice: set[str] = set()
    for unit_id, *names in db.rows(_UNITS, (agency_id,)):
        for name in {folded_name(name) for name in names if name}:
            if found.setdefault(name, unit_id) != unit_id:
                twice.add(name)
    return {name: unit_id for name, unit_id in found.items() if name not in twice}


_UNITS: Final = """
    select id, name_th, name_en, abbreviation, abbreviation_en from directory_agency
     where ancestry @> array[%s::bigint] and is_active order by id
"""
