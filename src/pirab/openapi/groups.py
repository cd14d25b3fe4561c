"""Groups as administrators keep them: `/api/v1/agencies/{agency_id}/groups/…`."""

from __future__ import annotations

from typing import Annotated, Final

from django.http import HttpRequest
from ninja import Field, Router, Status

from pirab.core.ids import IdError, IdKind, decode_id, encode_id
from pirab.directory import actions, queries
from pirab.directory.errors import GroupInvalid, GroupNotFound
from pirab.directory.types import (
    AdminRight,
    GroupFacts,
    GroupInfo,
    GroupKind,
    MemberInfo,
    MemberKind,
    PostingPolicy,
)
from pirab.openapi.administered import agency_for
from pirab.openapi.keys import key_of, page_of
from pirab.openapi.schemas import Page
from pirab.openapi.shapes import Cursor, Limit, Search, Shape

router: Final = Router(tags=["groups"], by_alias=True)
_ALL: Final = "/agencies/{agency_id}/groups"
_ONE: Final = f"{_ALL}/{{group_id}}"
_MEMBERS: Final = f"{_ONE}/members"

Text = Annotated[str, Field(max_length=300)]


class Facts(Shape):
    """What is said of a group. `unitId`: whose people it stands for, where `kind` is `unit`."""

    kind: GroupKind = GroupKind.PEOPLE
    posting: PostingPolicy = PostingPolicy.MEMBERS
    name_th: Text
    name_en: Text = ""
    unit_id: str | None = None


class New(Facts):
    """A group to make, and its address."""

    address: Annotated[str, Field(min_length=3, max_length=320)]


class Edit(Facts):
    """New facts, made from `version`."""

    version: int


class Group(Facts):
    """A group. A closed one (`isActive` false) takes no letters."""

    id: str
    agency_id: str
    address: str
    is_active: bool
    version: int


class NewMember(Shape):
    """Whom to put in: the id of a person, post or group, or an address. `receives`: letters to the group; `manages`:
    lets letters through and may announce."""

    kind: MemberKind
    member: Annotated[str, Field(min_length=1, max_length=320)]
    receives: bool = True
    manages: bool = False


class Member(Shape):
    """A member; `memberId` is null for an address, which `shown` says."""

    id: str
    kind: MemberKind
    member_id: str | None
    shown: str
    receives: bool
    manages: bool


_KINDS: Final = {
    MemberKind.PERSON: IdKind.PERSON,
    MemberKind.POST: IdKind.POST,
    MemberKind.GROUP: IdKind.GROUP,
}


def shown(group: GroupInfo) -> Group:
    """A group as clients see it."""
    facts = group.facts
    return Group(
        id=encode_id(IdKind.GROUP, group.id),
        agency_id=encode_id(IdKind.AGENCY, group.agency_id),
        address=group.address,
        kind=facts.kind,
        posting=facts.posting,
        name_th=facts.name_th,
        name_en=facts.name_en,
        unit_id=None if facts.unit_id is None else encode_id(IdKind.AGENCY, facts.unit_id),
        is_active=group.is_active,
        version=group.version,
    )


def _shown_member(member: MemberInfo) -> Member:
    kind = _KINDS.get(member.kind)
    return Member(
        id=encode_id(IdKind.HOLDING, member.id),
        kind=member.kind,
        member_id=encode_id(kind, member.key) if kind and member.key else None,
        shown=member.shown,
        receives=member.receives,
        manages=member.manages,
    )


@router.get(_ALL, response=Page[Group], summary="The groups of an agency")
def listing(
    request: HttpRequest, agency_id: str, q: Search = "", cursor: Cursor = None, limit: Limit = 50
) -> Page[Group]:
    """Of exactly this agency, the oldest first; `q` in a name or the address."""
    agency = agency_for(request, agency_id, AdminRight.SEE)
    after = 0 if cursor is None else key_of(IdKind.GROUP, cursor, GroupNotFound)
    found, more = page_of(queries.groups_of_agency(agency.id, after, limit + 1, q), limit, IdKind.GROUP)
    return Page[Group](items=[shown(group) for group in found], next=more)


@router.post(_ALL, response={201: Group}, summary="Make a group")
def create(request: HttpRequest, agency_id: str, given: New) -> Status[Group]:
    """Its address is in a domain the caller's tree owns; 409 where the address is taken."""
    agency = agency_for(request, agency_id, AdminRight.MANAGE)
    facts = _facts(request, given)
    _require_own_domain(given.address, agency.ancestry)
    return Status(201, shown(queries.group(actions.create_group(agency.id, given.address, facts))))


@router.get(_ONE, response=Group, summary="A group")
def one(request: HttpRequest, agency_id: str, group_id: str) -> Group:
    """One group of the agency."""
    return shown(_group(request, agency_id, group_id, AdminRight.SEE))


@router.put(_ONE, response=Group, summary="Change a group")
def edit(request: HttpRequest, agency_id: str, group_id: str, given: Edit) -> Group:
    """All facts anew, its kind excepted; 412 when somebody else changed them since `version`."""
    group = _group(request, agency_id, group_id, AdminRight.MANAGE)
    actions.edit_group(group.id, _facts(request, given), given.version)
    return shown(queries.group(group.id))


@router.delete(_ONE, response={204: None}, summary="Close a group")
def close(request: HttpRequest, agency_id: str, group_id: str) -> Status[None]:
    """It takes no letters any more; address and members stay, so that it can be opened again."""
    actions.close_group(_group(request, agency_id, group_id, AdminRight.MANAGE).id)
    return Status(204, None)


@router.post(f"{_ONE}/reopen", response=Group, summary="Open a group again")
def reopen(request: HttpRequest, agency_id: str, group_id: str) -> Group:
    """It takes letters again."""
    group = _group(request, agency_id, group_id, AdminRight.MANAGE)
    actions.reopen_group(group.id)
    return shown(queries.group(group.id))


@router.get(_MEMBERS, response=Page[Member], summary="The members of a group")
def members(
    request: HttpRequest, agency_id: str, group_id: str, cursor: Cursor = None, limit: Limit = 50
) -> Page[Member]:
    """In the order they came in."""
    group = _group(request, agency_id, group_id, AdminRight.SEE)
    after = 0 if cursor is None else key_of(IdKind.HOLDING, cursor, GroupNotFound)
    found, more = page_of(queries.members(group.id, after, limit + 1), limit, IdKind.HOLDING)
    return Page[Member](items=[_shown_member(member) for member in found], next=more)


@router.post(_MEMBERS, response={201: Member}, summary="Put somebody into a group")
def add(request: HttpRequest, agency_id: str, group_id: str, given: NewMember) -> Status[Member]:
    """Repeating it changes what the member receives and manages."""
    group = _group(request, agency_id, group_id, AdminRight.MANAGE)
    kind = _KINDS.get(given.kind)
    member: int | str = given.member
    if kind is not None:
        try:
            member = decode_id(kind, given.member)
        except IdError as error:
            raise GroupInvalid("member") from error
    made = actions.add_member(group.id, given.kind, member, receives=given.receives, manages=given.manages)
    return Status(201, _shown_member(queries.members(group.id, made - 1, 1)[0]))


@router.delete(f"{_MEMBERS}/{{member_id}}", response={204: None}, summary="Take somebody out of a group")
def remove(request: HttpRequest, agency_id: str, group_id: str, member_id: str) -> Status[None]:
    """Letters on their way still reach them."""
    group = _group(request, agency_id, group_id, AdminRight.MANAGE)
    actions.remove_member(group.id, key_of(IdKind.HOLDING, member_id, GroupNotFound))
    return Status(204, None)


def _group(request: HttpRequest, agency_id: str, group_id: str, right: AdminRight) -> GroupInfo:
    agency = agency_for(request, agency_id, right)
    group = queries.group(key_of(IdKind.GROUP, group_id, GroupNotFound))
    if group.agency_id != agency.id:
        raise GroupNotFound()
    return group


def _facts(request: HttpRequest, given: Facts) -> GroupFacts:
    unit = None if given.unit_id is None else agency_for(request, given.unit_id, AdminRight.SEE).id
    return GroupFacts(given.kind, given.name_th, given.name_en, given.posting, unit)


def _require_own_domain(address: str, ancestry: tuple[int, ...]) -> None:
    """Nobody makes addresses in the domain of another agency."""
    owner = queries.agency_of_domain(address.rpartition("@")[2])
    if owner is not None and owner not in ancestry:
        raise GroupInvalid("address")
