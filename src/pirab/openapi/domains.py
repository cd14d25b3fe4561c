"""Mail domains as administrators bring and keep them: `/api/v1/agencies/{agency_id}/domains/…`.

What changes a domain that works is done by two people: the answer then has the proposal.
"""

from __future__ import annotations

from typing import Annotated, Any, Final

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Status

from pirab.core.ids import IdKind
from pirab.directory.types import AdminRight
from pirab.domainaudit import audit, claims, expected, queries, rotation, site, zone
from pirab.domainaudit.errors import ClaimNotFound, NotProven, NotReceiving
from pirab.domainaudit.types import DomainInfo, RecordState, State
from pirab.openapi import domain_shapes as shapes
from pirab.openapi.administered import agency_for, caller
from pirab.openapi.approvals import proposed
from pirab.openapi.domain_shapes import Alias, Claimed, Domain, Key, Line, New, Outcome, Policy, Report
from pirab.openapi.keys import key_of, page_of
from pirab.openapi.schemas import Page
from pirab.openapi.shapes import Cursor, Limit, Search
from pirab.signin import http as signin
from pirab.signin import stepup
from pirab.wire.address import normalize_domain

router: Final = Router(tags=["domains"], by_alias=True)
_ALL: Final = "/agencies/{agency_id}/domains"
_ONE: Final = f"{_ALL}/{{domain_id}}"
ACT: Final = "domain"
"""The name of the act in the table of approvals."""

Only = Annotated[str | None, Query(max_length=100, description="The key of one record; absent: all of them.")]


@router.get(_ALL, response=Page[Domain], summary="The domains of an agency")
def listing(
    request: HttpRequest, agency_id: str, q: Search = "", cursor: Cursor = None, limit: Limit = 50
) -> Page[Domain]:
    """Of exactly this agency, by name; `q` is a part of the A-label."""
    agency = agency_for(request, agency_id, AdminRight.SEE)
    found = queries.domains_of(agency.id, cursor or "", limit + 1, q)
    more = found[limit - 1].name if len(found) > limit else None
    return Page[Domain](items=[shapes.shown(each) for each in found[:limit]], next=more)


@router.post(_ALL, response={201: Claimed}, summary="Claim a domain")
def claim(request: HttpRequest, agency_id: str, given: New) -> Status[Claimed]:
    """409 for a domain of another agency or one that is claimed already, and where a limit is reached; 422 for names
    that are invalid, reserved, or look like somebody else's."""
    agency = agency_for(request, agency_id, AdminRight.MANAGE)
    name = claims.name_for(agency.id, given.name)
    made = claims.claim(agency.id, given.name, caller(request).person_id)
    return Status(201, shapes.claimed(queries.domain(made), name.oddities))


@router.get(_ONE, response=Report, summary="A domain and its records")
def one(request: HttpRequest, agency_id: str, domain_id: str) -> Report:
    """With what was last seen of every record."""
    return _report(_domain(request, agency_id, domain_id, AdminRight.SEE))


@router.post(f"{_ONE}/check", response=Report, summary="Look at a domain's records now")
def check(request: HttpRequest, agency_id: str, domain_id: str, only: Only = None) -> Report:
    """Ask the DNS now, note what is new, and take the steps that are due: the proof, the switch to new signing keys."""
    domain = _domain(request, agency_id, domain_id, AdminRight.MANAGE)
    records = audit.look(domain.id, only)
    return Report(
        domain=shapes.shown(queries.domain(domain.id)), records=[shapes.record(each) for each in records]
    )


@router.post(f"{_ONE}/activate", response={200: Outcome, 202: Outcome}, summary="Take mail for a domain")
def activate(request: HttpRequest, agency_id: str, domain_id: str) -> Status[Outcome]:
    """422 before the proof. A domain whose mail goes elsewhere at the moment is taken over by two people (202)."""
    domain = _domain(request, agency_id, domain_id, AdminRight.MANAGE)
    stepup.require_recent_strong_auth(signin.caller_of(request))
    if domain.proven_at is None:
        raise NotProven()
    if domain.state is State.PROVEN and _works_elsewhere(domain):
        return _propose(request, domain, {"do": "activate"})
    claims.activate(domain.id)
    return Status(200, Outcome(domain=shapes.shown(queries.domain(domain.id)), approval=None))


@router.put(f"{_ONE}/alias", response={202: Outcome}, summary="Let a domain stand for another")
def stand_for(request: HttpRequest, agency_id: str, domain_id: str, given: Alias) -> Status[Outcome]:
    """Proposed to a second person. 422 for a domain that takes no mail yet."""
    domain = _domain(request, agency_id, domain_id, AdminRight.MANAGE)
    stepup.require_recent_strong_auth(signin.caller_of(request))
    main = None if given.main_id is None else _domain(request, agency_id, given.main_id, AdminRight.MANAGE)
    if not _takes_mail(domain) or (main is not None and not _takes_mail(main)):
        raise NotReceiving()
    return _propose(request, domain, {"do": "alias", "main": None if main is None else main.id})


@router.put(f"{_ONE}/policy", response={200: Outcome, 202: Outcome}, summary="Set the MTA-STS policy")
def set_policy(request: HttpRequest, agency_id: str, domain_id: str, given: Policy) -> Status[Outcome]:
    """Of a domain that takes mail it is proposed to a second person (202)."""
    domain = _domain(request, agency_id, domain_id, AdminRight.MANAGE)
    stepup.require_recent_strong_auth(signin.caller_of(request))
    if _takes_mail(domain):
        return _propose(request, domain, {"do": "policy", "mode": given.mta_sts.value})
    claims.set_policy(domain.id, given.mta_sts)
    return Status(200, Outcome(domain=shapes.shown(queries.domain(domain.id)), approval=None))


@router.delete(_ONE, response={202: Outcome, 204: None}, summary="Give a domain up")
def release(request: HttpRequest, agency_id: str, domain_id: str) -> Status[Outcome] | Status[None]:
    """At once while it takes no mail (204), else proposed to a second person (202)."""
    domain = _domain(request, agency_id, domain_id, AdminRight.MANAGE)
    if _takes_mail(domain):
        stepup.require_recent_strong_auth(signin.caller_of(request))
        return _propose(request, domain, {"do": "release"})
    claims.release(domain.id)
    return Status(204, None)


@router.get(f"{_ONE}/zone", response={200: str}, summary="The records as a zone file")
def zone_file(request: HttpRequest, agency_id: str, domain_id: str) -> HttpResponse:
    """A BIND zone file (text/plain) to include in the domain's own."""
    domain = _domain(request, agency_id, domain_id, AdminRight.SEE)
    records = expected.records(domain, queries.published_keys(domain.id), site.house())
    answer = HttpResponse(zone.zone_file(domain.name, records), content_type="text/plain; charset=us-ascii")
    answer["Content-Disposition"] = f'attachment; filename="{domain.name}.zone"'
    answer["Cache-Control"] = "no-store"
    return answer


@router.get(f"{_ONE}/history", response=Page[Line], summary="What changed of a domain")
def history(
    request: HttpRequest, agency_id: str, domain_id: str, cursor: Cursor = None, limit: Limit = 50
) -> Page[Line]:
    """The newest first: states, records, keys."""
    domain = _domain(request, agency_id, domain_id, AdminRight.SEE)
    found, more = page_of(
        queries.history(domain.id, None if cursor is None else _key(cursor), limit + 1),
        limit,
        IdKind.DOMAIN,
    )
    return Page[Line](items=[shapes.line(each) for each in found], next=more)


@router.get(f"{_ONE}/keys", response=list[Key], summary="The signing keys of a domain")
def keys(request: HttpRequest, agency_id: str, domain_id: str) -> list[Key]:
    """Of all time, the oldest first; never the private halves."""
    domain = _domain(request, agency_id, domain_id, AdminRight.SEE)
    return [shapes.key(each, domain) for each in queries.keys_of(domain.id)]


@router.post(f"{_ONE}/keys", response={201: list[Key]}, summary="Begin a change of signing keys")
def begin_rotation(request: HttpRequest, agency_id: str, domain_id: str) -> Status[list[Key]]:
    """New keys that sign once their records were seen in the DNS; 409 while others wait."""
    domain = _domain(request, agency_id, domain_id, AdminRight.MANAGE)
    stepup.require_recent_strong_auth(signin.caller_of(request))
    generation = rotation.begin(domain.id)
    made = [each for each in queries.keys_of(domain.id) if each.generation == generation]
    return Status(201, [shapes.key(each, domain) for each in made])


@router.delete(f"{_ONE}/keys/{{selector}}", response={204: None}, summary="Give up waiting keys")
def abandon_rotation(request: HttpRequest, agency_id: str, domain_id: str, selector: str) -> Status[None]:
    """All keys of the selector's generation; 409 for one that is or was in use."""
    rotation.abandon(_domain(request, agency_id, domain_id, AdminRight.MANAGE).id, selector)
    return Status(204, None)


def _domain(request: HttpRequest, agency_id: str, domain_id: str, right: AdminRight) -> DomainInfo:
    agency = agency_for(request, agency_id, right)
    found = queries.domain(_key(domain_id))
    if found.agency_id != agency.id:
        raise ClaimNotFound()
    return found


def _report(domain: DomainInfo) -> Report:
    records = queries.seen(domain, site.house())
    return Report(domain=shapes.shown(domain), records=[shapes.record(each) for each in records])


def _takes_mail(domain: DomainInfo) -> bool:
    return domain.state in (State.RECEIVING, State.COMPLETE)


def _works_elsewhere(domain: DomainInfo) -> bool:
    """Whether it was last seen with mail servers that are not ours."""
    found = {each.record.key: each.verdict for each in queries.seen(domain, site.house())}
    # Where nothing is known of it, two people look rather than one.
    return found["mx"].state not in (RecordState.FOUND, RecordState.MISSING)


def _propose(request: HttpRequest, domain: DomainInfo, details: dict[str, Any]) -> Status[Outcome]:
    subject = f"{details['do']} · {normalize_domain(domain.name)[1]}"
    approval = proposed(request, ACT, subject, details | {"claim": domain.id}, domain.agency_id)
    return Status(202, Outcome(domain=None, approval=approval))


def _key(text: str) -> int:
    return key_of(IdKind.DOMAIN, text, ClaimNotFound)
