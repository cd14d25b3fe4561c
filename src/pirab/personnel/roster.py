"""Personnel lists: who may join by what they know of themselves. Replaced whole by each upload."""

from __future__ import annotations

from typing import Any, Final

import msgspec

from pirab.core import db
from pirab.directory.errors import DirectoryError
from pirab.personnel import brakes, enrolments, secrecy, tables, units
from pirab.personnel.errors import NotRecognised
from pirab.personnel.models import RosterEntry
from pirab.personnel.types import Door, Names, Newcomer, State, Way
from pirab.signin import providers, throttle
from pirab.signin.types import Origin

COLUMNS: Final = {
    tables.fold(heading): name
    for name, headings in {
        "citizen_id": ("เลขประจำตัวประชาชน", "เลขบัตรประชาชน", "citizen id", "national id"),
        "title": ("คำนำหน้า", "คำนำหน้าชื่อ", "title"),
        "given_th": ("ชื่อ", "ชื่อไทย", "given name", "first name th"),
        "family_th": ("นามสกุล", "สกุล", "นามสกุลไทย", "family name", "last name th"),
        "given_en": ("ชื่ออังกฤษ", "ชื่อภาษาอังกฤษ", "given name en", "first name en"),
        "family_en": ("นามสกุลอังกฤษ", "นามสกุลภาษาอังกฤษ", "family name en", "last name en"),
        "birth_year": ("ปีเกิด", "พศเกิด", "birth year"),
        "unit": ("หน่วยงาน", "สังกัด", "unit"),
    }.items()
    for heading in headings
}
MOST_PROBLEMS: Final = 1_000
_BIRTH_YEARS: Final = range(1900, 2200)


class Problem(msgspec.Struct, frozen=True):
    """A row that was left out. `row` is its number in the sheet; `code` is a key of `openapi.joining.ROW_PROBLEMS`."""

    row: int
    code: str


class Taken(msgspec.Struct, frozen=True):
    """What an upload brought."""

    entries: int
    problems: tuple[Problem, ...]
    more_problems: int


def replace(agency_id: int, content: bytes) -> Taken:
    """Make this table the agency's list. Rows with problems are left out and told.

    Raises `TableUnreadable`, `TableTooLarge`; then the old list stays.
    """
    names_of_units = units.by_name(agency_id)
    found: dict[bytes, RosterEntry] = {}
    problems: list[Problem] = []
    for row in tables.read_table(content, COLUMNS):
        entry, code = _entry(agency_id, row, names_of_units)
        if entry is not None and bytes(entry.citizen) in found:
            code = "duplicate"
        elif entry is not None:
            found[bytes(entry.citizen)] = entry
        if code:
            problems.append(Problem(int(row["#"]), code))
    with db.transaction():
        RosterEntry.objects.filter(agency_id=agency_id).delete()
        RosterEntry.objects.bulk_create(found.values(), batch_size=2_000)
    return Taken(len(found), tuple(problems[:MOST_PROBLEMS]), max(0, len(problems) - MOST_PROBLEMS))


def size(agency_id: int) -> tuple[int, int]:
    """How many entries the agency's list has, and how many of them have joined by it."""
    row = db.row(
        "select count(*), count(used_at) from personnel_rosterentry where agency_id = %s", (agency_id,)
    )
    return (0, 0) if row is None else (row[0], row[1])


def clear(agency_id: int) -> None:
    """The agency has no list any more."""
    RosterEntry.objects.filter(agency_id=agency_id).delete()


def request(
    last_digits: str, names: Names, birth_year: int, language: str, origin: Origin
) -> tuple[State, str]:
    """Ask to join as one who is on a list; returns how far that is, and the secret of the link.

    Raises `NotRecognised` alike for who is on no list, on the list of an agency that lets nobody in by it, and for who
    has joined; `TooManyAttempts` for a network or about a name that is tried too often.
    """
    brakes.slow_network("by list", origin)
    subject = brakes.slow_name(secrecy.folded_name(names.full_th))
    key = secrecy.roster_key(last_digits, names.full_th, birth_year)
    asked = _enrol("key", key, "list", Way.LIST, language, f"…{last_digits[-2:]}")
    throttle.clear(subject)
    return asked


def request_by_citizen(citizen_id: str, language: str, evidence: str) -> tuple[State, str]:
    """The same for somebody whose citizen number an identity provider vouches for. Raises `NotRecognised`."""
    return _enrol("citizen", providers.pid_digest(citizen_id), "provider", Way.PROVIDER, language, evidence)


def _enrol(
    column: str, digest: bytes, door: str, way: Way, language: str, evidence: str
) -> tuple[State, str]:
    with db.transaction():
        rows = db.rows(_FOUND[column], (digest,))
        usable = [row for row in rows if row[_DOORS[door]] not in (None, Door.CLOSED) and row[7] is None]
        if len(usable) != 1:
            raise NotRecognised()
        entry = usable[0]
        newcomer = Newcomer(entry[1], Names(*entry[2:7]), language=language)
        state = State.OPEN if entry[_DOORS[door]] == Door.RULE else State.WAITING
        db.execute(_WITHDRAW, {"entry": entry[0]})
        _, link = enrolments.enrol(
            enrolments.checked(newcomer), way, state, evidence=evidence, roster_entry_id=entry[0]
        )
    return state, link


def _entry(
    agency_id: int, row: dict[str, str], names_of_units: dict[str, int]
) -> tuple[RosterEntry | None, str]:
    citizen = "".join(letter for letter in row.get("citizen_id", "") if letter not in " -")
    year = row.get("birth_year", "")
    unit = names_of_units.get(secrecy.folded_name(row.get("unit", ""))) if row.get("unit") else agency_id
    try:
        names = enrolments.checked_names(
            Names(**{field: row.get(field, "") for field in Names.__struct_fields__})
        )
    except DirectoryError:
        return None, "name"
    if not providers.is_pid(citizen):
        return None, "citizenId"
    if not year.isdecimal() or len(year) > 4 or secrecy.christian_year(int(year)) not in _BIRTH_YEARS:
        return None, "birthYear"
    if unit is None:
        return None, "unit"
    return RosterEntry(
        agency_id=agency_id,
        unit_id=unit,
        key=secrecy.roster_key(citizen[-secrecy.LAST_DIGITS :], names.full_th, int(year)),
        citizen=providers.pid_digest(citizen),
        **{field: getattr(names, field) for field in Names.__struct_fields__},
    ), ""


# One entry is in one process of joining at a time: its row is locked, and an earlier link of it is worthless.
_ENTRY: Final = """
    select e.id, e.unit_id, e.given_th, e.family_th, e.given_en, e.family_en, e.title, e.used_at,
           r.by_list, r.by_provider
      from personnel_rosterentry e join personnel_joiningrule r on r.agency_id = e.agency_id
      join directory_agency g on g.id = e.unit_id and g.is_active
"""
_FOUND: Final[dict[str, Any]] = {
    "key": _ENTRY + " where e.key = %s for update of e",
    "citizen": _ENTRY + " where e.citizen = %s for update of e",
}
_DOORS: Final = {"list": 8, "provider": 9}
_WITHDRAW: Final = """
    update personnel_enrolment set state = 'withdrawn'
     where roster_entry_id = %(entry)s and state in ('waiting', 'open')
"""
