"""The tree of agencies as its administrators see it: `/api/v1/agencies/…`."""

from __future__ import annotations

from typing import Annotated, Final

from django.http import HttpRequest
from ninja import Field, Router, Status

from pirab.core.ids import IdKind, encode_id
from pirab.directory import actions, authority, queries
from pirab.directory.limits import Resource, usage_of
from pirab.directory.types import AdminRight, AgencyFacts, AgencyInfo, AgencyKind, Limits
from pirab.openapi.administered import administrator, agency_for, agency_key
from pirab.openapi.shapes import Shape

router: Final = Router(tags=["agencies"], by_alias=True)
_ONE: Final = "/agencies/{agency_id}"

Text = Annotated[str, Field(max_length=300)]


class Facts(Shape):
    """What is said of an agency."""

    kind: AgencyKind = AgencyKind.OTHER
    name_th: Text
    name_en: Text = ""
    abbreviation: Text = ""
    abbreviation_en: Text = ""
    document_code: Annotated[str, Field(max_length=12)] = ""
    position: Annotated[int, Field(ge=0, le=100_000)] = 0


class AgencyLimits(Shape):
    """How much the agency and all below it may have together; null: only what those above it say. Storage in octets."""

    most_people: Annotated[int, Field(ge=0, le=10_000_000)] | None = None
    most_storage_bytes: Annotated[int, Field(ge=0, le=2**60)] | None = None
    most_domains: Annotated[int, Field(ge=0, le=100_000)] | None = None


class Agency(Facts):
    """An agency. `path` is the way from the root to it, itself included; `quotaBytes` the room of each of its accounts
    in octets, null: as above it."""

    id: str
    parent_id: str | None
    path: list[str]
    limits: AgencyLimits
    quota_bytes: int | None
    is_active: bool
    version: int


class Used(Shape):
    """How much of one resource the agency and all below it have (storage: octets promised to accounts). `most`: the
    agency's own limit; `left`: what every limit of it and above it leaves; null: no limit."""

    resource: Resource
    used: int
    most: int | None
    left: int | None


class Edit(Facts):
    """New facts, made from `version`."""

    version: int


class Move(Shape):
    """The new parent; null: a root of its own."""

    parent_id: str | None


def shown(agency: AgencyInfo) -> Agency:
    """An agency as clients see it."""
    facts = {name: getattr(agency.facts, name) for name in AgencyFacts.__struct_fields__}
    limits = {name: getattr(agency.limits, name) for name in Limits.__struct_fields__}
    path = [encode_id(IdKind.AGENCY, key) for key in agency.ancestry]
    return Agency(
        id=path[-1],
        parent_id=path[-2] if len(path) > 1 else None,
        path=path,
        limits=AgencyLimits(**limits),
        quota_bytes=agency.quota_bytes,
        is_active=agency.is_active,
        version=agency.version,
        **facts,
    )


def _facts(given: Facts) -> AgencyFacts:
    return AgencyFacts(**{name: getattr(given, name) for name in AgencyFacts.__struct_fields__})


@router.get("/agencies", response=list[Agency], summary="The agencies I administer")
def mine(request: HttpRequest) -> list[Agency]:
    """Where the caller's duties begin: the roots of what they may administer; of an operator, all roots."""
    duties = authority.authority_of(administrator(request))
    if duties.is_operator:
        return [shown(agency) for agency in queries.children(None)]
    return [shown(agency) for agency in queries.agencies(sorted(duties.administered))]


@router.post("/agencies", response={201: Agency}, summary="Make a root agency")
def create_root(request: HttpRequest, facts: Facts) -> Status[Agency]:
    """A new tree. Operators only."""
    authority.require_operator(administrator(request))
    return Status(201, shown(queries.agency(actions.create_agency(None, _facts(facts)))))


@router.get(_ONE, response=Agency, summary="An agency")
def one(request: HttpRequest, agency_id: str) -> Agency:
    """One agency the caller administers."""
    return shown(agency_for(request, agency_id, AdminRight.SEE))


@router.put(_ONE, response=Agency, summary="Change what is said of an agency")
def edit(request: HttpRequest, agency_id: str, given: Edit) -> Agency:
    """All facts anew; 412 when somebody else changed them since `version`."""
    agency = agency_for(request, agency_id, AdminRight.MANAGE)
    actions.edit_agency(agency.id, _facts(given), given.version)
    return shown(queries.agency(agency.id))


@router.delete(_ONE, response={204: None}, summary="Close an agency")
def close(request: HttpRequest, agency_id: str) -> Status[None]:
    """The agency and all below it take nothing new; 403 while people, accounts or domains of theirs still work."""
    actions.close_agency(agency_for(request, agency_id, AdminRight.GOVERN).id)
    return Status(204, None)


@router.get(f"{_ONE}/children", response=list[Agency], summary="The agencies directly below")
def children(request: HttpRequest, agency_id: str) -> list[Agency]:
    """In their order."""
    agency = agency_for(request, agency_id, AdminRight.SEE)
    return [shown(child) for child in queries.children(agency.id)]


@router.post(f"{_ONE}/children", response={201: Agency}, summary="Make an agency below")
def create(request: HttpRequest, agency_id: str, facts: Facts) -> Status[Agency]:
    """A new agency directly below this one."""
    parent = agency_for(request, agency_id, AdminRight.MANAGE)
    return Status(201, shown(queries.agency(actions.create_agency(parent.id, _facts(facts)))))


@router.put(f"{_ONE}/parent", response=Agency, summary="Move an agency")
def move(request: HttpRequest, agency_id: str, given: Move) -> Agency:
    """With all below it, to where the caller has a say; 422 for a place inside itself. Roots are made by operators."""
    agency = agency_for(request, agency_id, AdminRight.GOVERN)
    who = administrator(request)
    if given.parent_id is None:
        authority.require_operator(who)
        actions.move_agency(agency.id, None)
    else:
        parent = authority.require_agency(who, agency_key(given.parent_id), AdminRight.MANAGE)
        actions.move_agency(agency.id, parent.id)
    return shown(queries.agency(agency.id))


@router.put(f"{_ONE}/limits", response=Agency, summary="Hand down limits")
def limit(request: HttpRequest, agency_id: str, limits: AgencyLimits) -> Agency:
    """Said from above: nobody raises the limits of the agency they administer. 409 for more than an agency above has
    left; the problem names it (`agencyId`, `left`)."""
    agency = agency_for(request, agency_id, AdminRight.GOVERN)
    wanted = Limits(**{name: getattr(limits, name) for name in Limits.__struct_fields__})
    actions.set_limits(agency.id, wanted)
    return shown(queries.agency(agency.id))


@router.get(f"{_ONE}/usage", response=list[Used], summary="How much an agency uses")
def usage(request: HttpRequest, agency_id: str) -> list[Used]:
    """People, storage and domains of the agency and all below it, beside what may still be added."""
    agency = agency_for(request, agency_id, AdminRight.SEE)
    return [
        Used(resource=each.resource, used=each.used, most=each.most, left=each.left)
        for each in usage_of(agency.id)
    ]
