"""Addresses that stand for several people."""

from __future__ import annotations

from typing import Any, Final

from pirab.core import db
from pirab.directory.actions.accounts import address_of_ours
from pirab.directory.actions.people import require_text
from pirab.directory.errors import (
    AddressTaken,
    AgencyNotFound,
    EditedMeanwhile,
    EntryInvalid,
    GroupInvalid,
    GroupNotFound,
)
from pirab.directory.models import Address, Agency, Group, GroupMember
from pirab.directory.queries import normal_form
from pirab.directory.types import GroupFacts, GroupKind, MemberKind

MOST_MEMBERS: Final = 20_000
"""Rows of one group; a unit's group stands for any number of people with none."""


def create_group(agency_id: int, address: str, facts: GroupFacts) -> int:
    """A group of the agency that is reached at `address`; returns its key.

    Raises `AgencyNotFound`, `AddressInvalid`, `DomainUnknown`, `AddressTaken`, `GroupInvalid`.
    """
    _check(facts)
    with db.transaction():
        if not Agency.objects.filter(pk=agency_id, is_active=True).exists():
            raise AgencyNotFound(str(agency_id))
        group = Group.objects.create(
            agency_id=agency_id,
            kind=facts.kind,
            posting=facts.posting,
            name_th=facts.name_th,
            name_en=facts.name_en,
            unit_id=facts.unit_id,
        )
        add_group_address(group.pk, address)
    return group.pk


def add_group_address(group_id: int, address: str) -> str:
    """Make `address` reach the group; returns its normal form. Errors as `add_address`."""
    normal = address_of_ours(address)
    with db.transaction():
        _locked(group_id)
        is_first = not Address.objects.filter(group_id=group_id).exists()
        row, made = Address.objects.get_or_create(
            address=normal, defaults={"group_id": group_id, "is_primary": is_first}
        )
    if not made and row.group_id != group_id:
        raise AddressTaken(normal)
    return normal


def edit_group(group_id: int, facts: GroupFacts, version: int) -> int:
    """Say other things of the group; its kind stays. Returns its new version.

    Raises `GroupNotFound`, `GroupInvalid`, and `EditedMeanwhile` unless `version` is the present one.
    """
    _check(facts)
    with db.transaction():
        group = _locked(group_id)
        if group.version != version:
            raise EditedMeanwhile()
        if group.kind != facts.kind:
            raise GroupInvalid("kind")
        Group.objects.filter(pk=group_id).update(
            posting=facts.posting,
            name_th=facts.name_th,
            name_en=facts.name_en,
            unit_id=facts.unit_id,
            version=version + 1,
        )
    return version + 1


def close_group(group_id: int) -> None:
    """The group takes no more letters; its address stays its own. Raises `GroupNotFound`."""
    _switch(group_id, is_active=False)


def reopen_group(group_id: int) -> None:
    """The group takes letters again. Raises `GroupNotFound`."""
    _switch(group_id, is_active=True)


def add_member(
    group_id: int, kind: MemberKind, member: int | str, *, receives: bool = True, manages: bool = False
) -> int:
    """Put a person, post or group (by key) or an address into the group; returns the member's key.

    Repeating it changes what the member receives and manages. Raises `GroupNotFound`, and `GroupInvalid` for a member
    that does not exist, for one more than `MOST_MEMBERS`, for a post in a group of people's kind that takes none, and
    for a group that would come to stand inside itself.
    """
    columns = _columns(kind, member)
    with db.transaction():
        # One change of nesting at a time: two at once could each be sound and make a circle together.
        db.execute("select pg_advisory_xact_lock(hashtext('directory: groups in groups'))")
        group = _locked(group_id)
        _require_member(group, kind, member)
        row, _ = GroupMember.objects.update_or_create(
            group_id=group_id, **columns, defaults={"receives": receives, "manages": manages}
        )
    return row.pk


def remove_member(group_id: int, member_id: int) -> None:
    """The member is no longer in the group; one that is gone has been removed already."""
    GroupMember.objects.filter(pk=member_id, group_id=group_id).delete()


def _columns(kind: MemberKind, member: int | str) -> dict[str, Any]:
    columns: dict[str, Any] = dict.fromkeys(("person_id", "post_id", "inner_id", "outside"))
    if isinstance(member, str) is not (kind is MemberKind.ADDRESS):
        raise GroupInvalid("member")
    value = normal_form(member) if isinstance(member, str) else member
    if value is None:
        raise GroupInvalid("member")
    return columns | {_COLUMN[kind]: value}


def _require_member(group: Group, kind: MemberKind, member: int | str) -> None:
    if GroupMember.objects.filter(group=group).count() >= MOST_MEMBERS:
        raise GroupInvalid("members")
    if kind is not MemberKind.ADDRESS and not db.scalar(_EXISTS[kind], (member,)):
        raise GroupInvalid("member")
    if kind is MemberKind.GROUP and db.scalar(_REACHES, {"inner": member, "group": group.pk}):
        raise GroupInvalid("member")


def _switch(group_id: int, *, is_active: bool) -> None:
    if not Group.objects.filter(pk=group_id).update(is_active=is_active):
        raise GroupNotFound(str(group_id))


def _locked(group_id: int) -> Group:
    group = Group.objects.select_for_update().filter(pk=group_id).first()
    if group is None:
        raise GroupNotFound(str(group_id))
    return group


def _check(facts: GroupFacts) -> None:
    try:
        require_text("name_th", facts.name_th)
        require_text("name_en", facts.name_en)
    except EntryInvalid as error:
        raise GroupInvalid(error.detail) from error
    if not facts.name_th.strip():
        raise GroupInvalid("name_th")
    if (facts.unit_id is not None) is not (facts.kind is GroupKind.UNIT):
        raise GroupInvalid("unit_id")
    if facts.unit_id is not None and not Agency.objects.filter(pk=facts.unit_id).exists():
        raise GroupInvalid("unit_id")


_COLUMN: Final = {
    MemberKind.PERSON: "person_id",
    MemberKind.POST: "post_id",
    MemberKind.GROUP: "inner_id",
    MemberKind.ADDRESS: "outside",
}

_EXISTS: Final = {
    MemberKind.PERSON: "select true from directory_person where id = %s",
    MemberKind.POST: "select true from directory_post where id = %s",
    MemberKind.GROUP: "select true from directory_group where id = %s",
}

_REACHES: Final = """
    with recursive inside(id) as (
        select %(inner)s::bigint
        union
        select m.inner_id from inside i join directory_groupmember m on m.group_id = i.id where m.inner_id is not null
    )
    select true from inside where id = %(group)s
"""
