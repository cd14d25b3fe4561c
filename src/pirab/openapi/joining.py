"""How people join an agency, for its administrators: `/api/v1/agencies/{agency_id}/enrolments`, `…/joining-rule`,
`…/personnel-list`."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Final

from django.http import HttpRequest, HttpResponse
from ninja import Field, Router, Status

from pirab.core.ids import IdKind, encode_id
from pirab.directory.errors import EntryNotFound
from pirab.directory.types import AdminRight
from pirab.openapi.administered import administrator, agency_for
from pirab.openapi.bodies import octets
from pirab.openapi.join import PersonNames
from pirab.openapi.keys import key_of, page_of
from pirab.openapi.shapes import Cursor, Limit, Search, Shape
from pirab.personnel import enrolments, letters, roster, rules, tables
from pirab.personnel.errors import EnrolmentNotFound
from pirab.personnel.types import Door, EnrolmentInfo, Names, Newcomer, Rule, State, Way

router: Final = Router(tags=["joining"], by_alias=True)
_ALL: Final = "/agencies/{agency_id}/enrolments"
_ONE: Final = f"{_ALL}/{{enrolment_id}}"
_RULE: Final = "/agencies/{agency_id}/joining-rule"
_LIST: Final = "/agencies/{agency_id}/personnel-list"

ROW_PROBLEMS: Final = {
    "name": ("ชื่อไม่ถูกต้องหรือว่าง", "The name is missing or not allowed"),
    "citizenId": ("เลขประจำตัวประชาชนไม่ถูกต้อง", "The citizen number is not valid"),
    "birthYear": ("ปีเกิดไม่ถูกต้อง", "The year of birth is not valid"),
    "unit": ("ไม่รู้จักหน่วยงานนี้ หรือมีหลายหน่วยงานชื่อเดียวกัน", "No such unit, or several of this name"),
    "duplicate": ("ซ้ำกับแถวก่อนหน้า", "The same as an earlier row"),
    "localPart": ("ชื่อที่อยู่อีเมลใช้ไม่ได้", "The address cannot be used"),
    "reserved": ("ชื่อที่อยู่อีเมลนี้สงวนไว้", "The address is reserved"),
    "taken": ("มีผู้ใช้ที่อยู่อีเมลนี้แล้ว", "The address is in use"),
    "contact": ("อีเมลติดต่อไม่ถูกต้อง", "The contact address is not valid"),
    "formula": ("ช่องนี้เป็นสูตร ไม่ใช่ข้อความ", "A cell is a formula and not text"),
    "limit": ("เกินจำนวนบุคลากรที่กำหนด", "Beyond the number of people allowed"),
    "domain": ("หน่วยงานยังไม่มีโดเมนอีเมล", "The agency has no mail domain"),
}
"""What may be wrong with a row of a table, in Thai and English."""


class Invitation(PersonNames):
    """Whom to invite. `localPart` empty lets them choose among offers. The link is in the answer, and with `contact`
    it is sent there, too."""

    post_id: str | None = None
    local_part: Annotated[str, Field(max_length=64)] = ""
    contact: Annotated[str, Field(max_length=320)] = ""
    language: Annotated[str, Field(max_length=8)] = "th"


class Enrolment(Shape):
    """An invitation or request. `evidence` is what was proved."""

    id: str
    agency_id: str
    agency_name: str
    way: Way
    state: State
    title: str
    given_th: str
    family_th: str
    given_en: str
    family_en: str
    post_id: str | None
    local_part: str
    contact: str
    evidence: str
    reason: str
    person_id: str | None
    created_at: datetime
    expires_at: datetime


class Invited(Enrolment):
    """`link` is shown this once: it is not kept."""

    link: str


class Enrolments(Shape):
    """A page of the list."""

    items: list[Enrolment]
    next: str | None


class Refusal(Shape):
    """Why, for the person to read."""

    reason: Annotated[str, Field(min_length=1, max_length=500)]


class JoiningRule(Shape):
    """Who may join by themselves, with an address at one of `proofDomains`, by the personnel list, or by an identity
    provider."""

    by_mail: Door = Door.CLOSED
    by_list: Door = Door.CLOSED
    by_provider: Door = Door.CLOSED
    proof_domains: Annotated[list[Annotated[str, Field(max_length=253)]], Field(max_length=50)]
    version: int


class RowProblem(Shape):
    """A row of a table that was left out, and why in Thai and English."""

    row: int
    code: str
    th: str
    en: str


class ListTaken(Shape):
    """What an upload brought; `moreProblems` counts those that are not told one by one."""

    entries: int
    problems: list[RowProblem]
    more_problems: int


class ListSize(Shape):
    """How many people are on the list, and how many of them joined by it."""

    entries: int
    joined: int


def row_problem(row: int, code: str) -> RowProblem:
    """A problem with its words."""
    return RowProblem(row=row, code=code, th=ROW_PROBLEMS[code][0], en=ROW_PROBLEMS[code][1])


def _columns(found: EnrolmentInfo) -> dict[str, object]:
    plain = {
        field: getattr(found, field)
        for field in ("agency_name", "way", "state", "local_part", "contact", "evidence", "reason")
    }
    names = {field: getattr(found.names, field) for field in Names.__struct_fields__}
    keys = {
        "id": encode_id(IdKind.ENROLMENT, found.id),
        "agency_id": encode_id(IdKind.AGENCY, found.agency_id),
        "post_id": None if found.post_id is None else encode_id(IdKind.POST, found.post_id),
        "person_id": None if found.person_id is None else encode_id(IdKind.PERSON, found.person_id),
    }
    return plain | names | keys | {"created_at": found.created_at, "expires_at": found.expires_at}


def _shown(found: EnrolmentInfo) -> Enrolment:
    return Enrolment.model_validate(_columns(found))


def _with_link(found: EnrolmentInfo, secret: str) -> Invited:
    return Invited.model_validate(_columns(found) | {"link": letters.link_to(secret)})


@router.get(_ALL, response=Enrolments, summary="Invitations and requests")
def listing(
    request: HttpRequest,
    agency_id: str,
    state: State | None = None,
    q: Search = "",
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Enrolments:
    """Of the agency and all below it, the newest first."""
    agency = agency_for(request, agency_id, AdminRight.MANAGE)
    before = None if cursor is None else _key(cursor)
    found, more = page_of(
        enrolments.enrolments(agency.id, state, q.strip(), before, limit + 1), limit, IdKind.ENROLMENT
    )
    return Enrolments(items=[_shown(one) for one in found], next=more)


@router.post(_ALL, response={201: Invited}, summary="Invite somebody")
def invite(
    request: HttpRequest, response: HttpResponse, agency_id: str, given: Invitation
) -> Status[Invited]:
    """A link for one person, good once within seven days."""
    agency = agency_for(request, agency_id, AdminRight.MANAGE)
    post = None if given.post_id is None else key_of(IdKind.POST, given.post_id, EntryNotFound)
    newcomer = Newcomer(agency.id, given.names(), post, given.local_part, given.contact, given.language)
    key, secret = enrolments.invite(newcomer, administrator(request).person_id)
    response["Cache-Control"] = "no-store"
    return Status(201, _with_link(enrolments.enrolment(key, agency.id), secret))


@router.get(_ONE, response=Enrolment, summary="An invitation or request")
def one(request: HttpRequest, agency_id: str, enrolment_id: str) -> Enrolment:
    """One of the agency or of those below it."""
    agency = agency_for(request, agency_id, AdminRight.MANAGE)
    return _shown(enrolments.enrolment(_key(enrolment_id), agency.id))


@router.delete(_ONE, response={204: None}, summary="Withdraw an invitation")
def withdraw(request: HttpRequest, agency_id: str, enrolment_id: str) -> Status[None]:
    """Its link is worthless from now on; 409 for one that was used."""
    agency = agency_for(request, agency_id, AdminRight.MANAGE)
    enrolments.withdraw(_key(enrolment_id), agency.id)
    return Status(204, None)


@router.post(f"{_ONE}/renew", response=Invited, summary="Make another link")
def renew(request: HttpRequest, response: HttpResponse, agency_id: str, enrolment_id: str) -> Invited:
    """For the same person; the old link is worthless."""
    agency = agency_for(request, agency_id, AdminRight.MANAGE)
    secret = enrolments.renew(_key(enrolment_id), agency.id)
    response["Cache-Control"] = "no-store"
    return _with_link(enrolments.enrolment(_key(enrolment_id), agency.id), secret)


@router.post(f"{_ONE}/approve", response=Enrolment, summary="Let somebody in who asked")
def approve(request: HttpRequest, agency_id: str, enrolment_id: str) -> Enrolment:
    """Their link opens the account from now on; who gave an address is told there."""
    agency = agency_for(request, agency_id, AdminRight.MANAGE)
    enrolments.approve(_key(enrolment_id), agency.id, administrator(request).person_id)
    return _shown(enrolments.enrolment(_key(enrolment_id), agency.id))


@router.post(f"{_ONE}/refuse", response=Enrolment, summary="Turn somebody down who asked")
def refuse(request: HttpRequest, agency_id: str, enrolment_id: str, given: Refusal) -> Enrolment:
    """They are shown the reason."""
    agency = agency_for(request, agency_id, AdminRight.MANAGE)
    enrolments.refuse(
        _key(enrolment_id),
        agency.id,
        administrator(request).person_id,
        given.reason,
    )
    return _shown(enrolments.enrolment(_key(enrolment_id), agency.id))


@router.get(_RULE, response=JoiningRule, summary="Who may join by themselves")
def rule(request: HttpRequest, agency_id: str) -> JoiningRule:
    """The agency's own rule."""
    return _rule(rules.rule_of(agency_for(request, agency_id, AdminRight.MANAGE).id))


@router.put(_RULE, response=JoiningRule, summary="Say who may join by themselves")
def set_rule(request: HttpRequest, agency_id: str, given: JoiningRule) -> JoiningRule:
    """Replaces the rule; 412 when somebody else changed it since `version`."""
    agency = agency_for(request, agency_id, AdminRight.MANAGE)
    wanted = Rule(given.by_mail, given.by_list, given.by_provider, tuple(given.proof_domains), given.version)
    return _rule(rules.set_rule(agency.id, wanted))


@router.get(_LIST, response=ListSize, summary="The personnel list")
def list_size(request: HttpRequest, agency_id: str) -> ListSize:
    """Its size alone: what was uploaded is not given out again."""
    entries, joined = roster.size(agency_for(request, agency_id, AdminRight.MANAGE).id)
    return ListSize(entries=entries, joined=joined)


@router.put(_LIST, response=ListTaken, summary="Replace the personnel list")
def replace_list(request: HttpRequest, agency_id: str) -> ListTaken:
    """The body is a CSV or XLSX file. Citizen numbers are kept as keyed digests alone."""
    agency = agency_for(request, agency_id, AdminRight.MANAGE)
    taken = roster.replace(agency.id, octets(request, tables.MOST_OCTETS))
    return ListTaken(
        entries=taken.entries,
        problems=[row_problem(found.row, found.code) for found in taken.problems],
        more_problems=taken.more_problems,
    )


@router.delete(_LIST, response={204: None}, summary="Delete the personnel list")
def delete_list(request: HttpRequest, agency_id: str) -> Status[None]:
    """Nobody joins by it any more; who joined stays."""
    roster.clear(agency_for(request, agency_id, AdminRight.MANAGE).id)
    return Status(204, None)


def _rule(found: Rule) -> JoiningRule:
    return JoiningRule(
        by_mail=found.by_mail,
        by_list=found.by_list,
        by_provider=found.by_provider,
        proof_domains=list(found.proof_domains),
        version=found.version,
    )


def _key(text: str) -> int:
    return key_of(IdKind.ENROLMENT, text, EnrolmentNotFound)
