"""The tree of agencies and the offices of administration over it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from pirab.core import clock, db
from pirab.directory.errors import AgencyNotFound
from pirab.directory.types import AgencyFacts, AgencyInfo, AgencyKind, DutyInfo, DutyKind, Limits


def agency(agency_id: int) -> AgencyInfo:
    """One agency; raises `AgencyNotFound`."""
    found = agencies([agency_id])
    if not found:
        raise AgencyNotFound(str(agency_id))
    return found[0]


def agencies(agency_ids: Iterable[int]) -> list[AgencyInfo]:
    """Several agencies, in the order asked; unknown ones are absent."""
    wanted = list(agency_ids)
    found = {row[0]: _info(row) for row in db.rows(f"{_AGENCY} where id = any(%s)", (wanted,))}
    return [found[agency_id] for agency_id in wanted if agency_id in found]


def children(parent_id: int | None) -> list[AgencyInfo]:
    """The agencies directly below `parent_id` (None: the roots) that still exist, in their order."""
    found = db.rows(
        f"{_AGENCY} where parent_id is not distinct from %s and is_active order by position, name_th, id",
        (parent_id,),
    )
    return [_info(row) for row in found]


def duties_of(person_id: int) -> list[DutyInfo]:
    """The person's present duties."""
    found = db.rows(f"{_DUTY} where d.person_id = %s {_PRESENT} order by d.id", (person_id, clock.now()))
    return [_duty(row) for row in found]


def duties_over(agency_id: int) -> list[DutyInfo]:
    """The present duties over exactly this agency, the oldest first."""
    found = db.rows(f"{_DUTY} where d.agency_id = %s {_PRESENT} order by d.id", (agency_id, clock.now()))
    return [_duty(row) for row in found]


def _info(row: tuple[Any, ...]) -> AgencyInfo:
    return AgencyInfo(
        row[0],
        row[1],
        tuple(row[2]),
        AgencyFacts(row[4], row[5], AgencyKind(row[3]), row[6], row[7], row[8], row[9]),
        Limits(row[10], row[11], row[12]),
        *row[13:],
    )


def _duty(row: tuple[Any, ...]) -> DutyInfo:
    return DutyInfo(*(*row[:5], DutyKind(row[5]), *row[6:]))


_AGENCY: Final = """
    select id, parent_id, ancestry, kind, name_th, name_en, abbreviation, abbreviation_en, document_code, position,
           most_people, most_storage_bytes, most_domains, quota_bytes, is_active, version
      from directory_agency
"""

_DUTY: Final = """
    select d.id, d.person_id, p.login, p.name_th, d.agency_id, d.kind, d.appointed_at, d.expires_at
      from directory_duty d join directory_person p on p.id = d.person_id and p.is_active
"""

_PRESENT: Final = "and (d.expires_at is null or d.expires_at > %s)"
