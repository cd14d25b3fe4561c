"""Who administers an agency: `/api/v1/agencies/{agency_id}/duties`."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.http import HttpRequest
from ninja import Router, Status

from pirab.core.ids import IdError, IdKind, decode_id, encode_id
from pirab.directory import actions, queries
from pirab.directory.errors import EntryInvalid, EntryNotFound
from pirab.directory.types import AdminRight, DutyInfo, DutyKind
from pirab.openapi.administered import agency_for, caller, person_for
from pirab.openapi.shapes import Shape

router: Final = Router(tags=["agencies"])
_ALL: Final = "/agencies/{agency_id}/duties"


class Duty(Shape):
    """An office of administration over the agency and all below it."""

    id: str
    person_id: str
    login: str
    name_th: str
    kind: DutyKind
    appointed_at: datetime
    expires_at: datetime | None


class Appointment(Shape):
    """Whom to appoint. `expiresAt` null: until dismissed."""

    person_id: str
    kind: DutyKind
    expires_at: datetime | None = None


def _shown(duty: DutyInfo) -> Duty:
    return Duty(
        id=encode_id(IdKind.DUTY, duty.id),
        person_id=encode_id(IdKind.PERSON, duty.person_id),
        login=duty.login,
        name_th=duty.name_th,
        kind=duty.kind,
        appointed_at=duty.appointed_at,
        expires_at=duty.expires_at,
    )


@router.get(_ALL, response=list[Duty], summary="Who administers an agency")
def listing(request: HttpRequest, agency_id: str) -> list[Duty]:
    """The present duties over exactly this agency."""
    agency = agency_for(request, agency_id, AdminRight.SEE)
    return [_shown(duty) for duty in queries.duties_over(agency.id)]


@router.post(_ALL, response={201: Duty}, summary="Appoint")
def appoint(request: HttpRequest, agency_id: str, given: Appointment) -> Status[Duty]:
    """Give a person of the caller's own tree a duty over this agency; the caller stands above it."""
    agency = agency_for(request, agency_id, AdminRight.GOVERN)
    person = person_for(request, given.person_id, AdminRight.SEE)
    if given.expires_at is not None and given.expires_at.tzinfo is None:
        raise EntryInvalid("expiresAt")
    made = actions.appoint(
        person.id, agency.id, given.kind, by=caller(request).person_id, expires_at=given.expires_at
    )
    found = next((duty for duty in queries.duties_over(agency.id) if duty.id == made), None)
    if found is None:
        raise EntryInvalid("expiresAt")
    return Status(201, _shown(found))


@router.delete(f"{_ALL}/{{duty_id}}", response={204: None}, summary="Dismiss")
def dismiss(request: HttpRequest, agency_id: str, duty_id: str) -> Status[None]:
    """End a duty over this agency."""
    agency = agency_for(request, agency_id, AdminRight.GOVERN)
    try:
        key = decode_id(IdKind.DUTY, duty_id)
    except IdError as error:
        raise EntryNotFound() from error
    if all(duty.id != key for duty in queries.duties_over(agency.id)):
        raise EntryNotFound()
    actions.dismiss(key)
    return Status(204, None)
