"""Who administers an agency: `/api/v1/agencies/{agency_id}/duties`."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.http import HttpRequest
from ninja import Router, Status

from pirab.core import clock
from pirab.core.ids import IdKind, encode_id
from pirab.directory import actions, queries
from pirab.directory.errors import EntryInvalid, EntryNotFound
from pirab.directory.types import AdminRight, DutyInfo, DutyKind
from pirab.openapi.administered import agency_for, person_for
from pirab.openapi.approvals import Approval, proposed
from pirab.openapi.keys import key_of
from pirab.openapi.shapes import Shape

router: Final = Router(tags=["agencies"], by_alias=True)
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


@router.post(_ALL, response={202: Approval}, summary="Propose an appointment")
def appoint(request: HttpRequest, agency_id: str, given: Appointment) -> Status[Approval]:
    """Give a person of the caller's own tree a duty over this agency, above which the caller stands; a second
    administrator has to agree (`/approvals`)."""
    agency = agency_for(request, agency_id, AdminRight.GOVERN)
    person = person_for(request, given.person_id, AdminRight.SEE)
    if given.kind is DutyKind.OPERATOR:
        raise EntryInvalid("kind")
    if given.expires_at is not None and (given.expires_at.tzinfo is None or given.expires_at <= clock.now()):
        raise EntryInvalid("expiresAt")
    expires = None if given.expires_at is None else given.expires_at.isoformat()
    details = {"person": person.id, "agency": agency.id, "kind": given.kind, "expires": expires}
    subject = f"{person.name_th} <{person.login}> · {given.kind} · {agency.facts.name_th}"
    return Status(202, proposed(request, "appoint", subject, details, agency.id))


@router.delete(f"{_ALL}/{{duty_id}}", response={204: None}, summary="Dismiss")
def dismiss(request: HttpRequest, agency_id: str, duty_id: str) -> Status[None]:
    """End a duty over this agency."""
    agency = agency_for(request, agency_id, AdminRight.GOVERN)
    key = key_of(IdKind.DUTY, duty_id, EntryNotFound)
    if all(duty.id != key for duty in queries.duties_over(agency.id)):
        raise EntryNotFound()
    actions.dismiss(key)
    return Status(204, None)
