"""The tree of agencies and their mail domains."""

from __future__ import annotations

import re
import unicodedata
from typing import Any, Final

import msgspec

from pirab.core import db
from pirab.directory.errors import (
    AddressInvalid,
    AgencyForbidden,
    AgencyInvalid,
    AgencyNotFound,
    EditedMeanwhile,
)
from pirab.directory.hooks import tell_unit
from pirab.directory.limits import Resource, require_handed_down, require_room, take_tree, used_by
from pirab.directory.models import Agency, Domain
from pirab.directory.queries import normal_form
from pirab.directory.types import AgencyFacts, Limits


def ensure_agency(
    name_en: str, name_th: str, *, document_code: str = "", parent_id: int | None = None
) -> int:
    """The agency with this English name below `parent_id`, made when it is missing; returns its key."""
    agency, _ = Agency.objects.get_or_create(
        name_en=name_en,
        parent_id=parent_id,
        defaults={"name_th": name_th, "document_code": document_code},
    )
    return agency.pk


def ensure_domain(name: str, agency_id: int) -> None:
    """Accept mail for `name` (U-label or A-label).

    Raises `AddressInvalid` for what is no domain name, `LimitReached`.
    """
    normal = normal_form(f"postmaster@{name}")
    if normal is None:
        raise AddressInvalid(name)
    with db.transaction():
        _, is_new = Domain.objects.get_or_create(
            name=normal.rpartition("@")[2], defaults={"agency_id": agency_id}
        )
        if is_new:
            require_room(agency_id, (Resource.DOMAINS,))


def set_agency_quota(agency_id: int, quota_bytes: int | None) -> None:
    """How many octets each account of the agency, and of those below it, may hold that has no quota of its own
    (None: as the agency above); the floor above tells the store.

    Raises `AgencyNotFound`, and `LimitReached` for more than before where there is no room for it.
    """
    with db.transaction():
        before = used_by(_locked(agency_id).pk, Resource.STORAGE)
        Agency.objects.filter(pk=agency_id).update(quota_bytes=quota_bytes)
        if used_by(agency_id, Resource.STORAGE) > before:
            require_room(agency_id, (Resource.STORAGE,))


def create_agency(parent_id: int | None, facts: AgencyFacts) -> int:
    """A new agency below `parent_id` (None: a root); returns its key.

    Raises `AgencyNotFound` for an unknown parent and `AgencyInvalid`.
    """
    _check(facts)
    with db.transaction():
        if parent_id is not None:
            _locked(parent_id)
        return Agency.objects.create(parent_id=parent_id, **_columns(facts)).pk


def edit_agency(agency_id: int, facts: AgencyFacts, version: int) -> int:
    """Say other things of the agency; returns its new version.

    Raises `EditedMeanwhile` unless `version` is the present one, `AgencyNotFound`, `AgencyInvalid`.
    """
    _check(facts)
    with db.transaction():
        agency = _locked(agency_id)
        if agency.version != version:
            raise EditedMeanwhile()
        Agency.objects.filter(pk=agency_id).update(**_columns(facts), version=version + 1)
        tell_unit(agency_id)
    return version + 1


def move_agency(agency_id: int, parent_id: int | None) -> None:
    """Put the agency with all below it under another one (None: make it a root).

    Raises `AgencyInvalid` where the new place lies inside the agency itself or is closed, `AgencyNotFound`, and
    `LimitReached` where the new agencies above have no room for all that comes.
    """
    with db.transaction():
        # One move at a time: two at once could each be sound and make a circle together.
        take_tree()
        agency = _locked(agency_id)
        parent = None if parent_id is None else _locked(parent_id)
        above = [] if parent is None else list(parent.ancestry)
        if agency_id in above or (parent is not None and agency.is_active and not parent.is_active):
            raise AgencyInvalid("parent_id")
        Agency.objects.filter(pk=agency_id).update(parent_id=parent_id, version=agency.version + 1)
        db.execute(_MOVE, (above, len(agency.ancestry), agency_id))
        require_room(agency_id, Resource, besides={agency_id, *agency.ancestry})
        tell_unit(agency_id)


def close_agency(agency_id: int) -> None:
    """The agency is no more: nothing can be put into it. Raises `AgencyNotFound`, and `AgencyForbidden` while it or
    anything below it still has people, accounts or domains that work."""
    with db.transaction():
        _locked(agency_id)
        if db.scalar(_IN_USE, {"agency": agency_id}):
            raise AgencyForbidden()
        Agency.objects.filter(ancestry__contains=[agency_id]).update(is_active=False)
        tell_unit(agency_id)


def set_limits(agency_id: int, limits: Limits) -> None:
    """How much the agency and all below it may have from now on; more than it has is not taken away.

    Raises `AgencyNotFound`, `AgencyInvalid` for a negative number, and `LimitAboveParent` for more than an agency above
    has left.
    """
    numbers = (limits.most_people, limits.most_storage_bytes, limits.most_domains)
    if any(number is not None and number < 0 for number in numbers):
        raise AgencyInvalid("limits")
    with db.transaction():
        require_handed_down(agency_id, limits)
        found = Agency.objects.filter(pk=agency_id).update(
            most_people=limits.most_people,
            most_storage_bytes=limits.most_storage_bytes,
            most_domains=limits.most_domains,
        )
    if not found:
        raise AgencyNotFound(str(agency_id))


def _locked(agency_id: int) -> Agency:
    agency = Agency.objects.select_for_update().filter(pk=agency_id).first()
    if agency is None:
        raise AgencyNotFound(str(agency_id))
    return agency


def _check(facts: AgencyFacts) -> None:
    for field in ("name_th", "name_en", "abbreviation", "abbreviation_en", "document_code"):
        text: str = getattr(facts, field)
        if len(text) > LONGEST_NAME or any(unicodedata.category(character) == "Cc" for character in text):
            raise AgencyInvalid(field)
    if not facts.name_th.strip():
        raise AgencyInvalid("name_th")
    if facts.document_code and not _DOCUMENT_CODE.fullmatch(facts.document_code):
        raise AgencyInvalid("document_code")


def _columns(facts: AgencyFacts) -> dict[str, Any]:
    return msgspec.structs.asdict(facts)


LONGEST_NAME: Final = 300
"""Of an agency, in characters."""

_DOCUMENT_CODE: Final = re.compile(r"[ก-ฮ]{2,3}(?: ?[0-9๐-๙]{2,5})?")
"""The letters of an official letter's number, and for a department or division its digits: นร, นร 0506."""

_MOVE: Final = """
    update directory_agency set ancestry = %s::bigint[] || ancestry[%s:] where ancestry @> array[%s::bigint]
"""

_IN_USE: Final = """
    select exists (
        select from directory_agency u
         where u.ancestry @> array[%(agency)s::bigint]
           and (exists (select from directory_person p where p.agency_id = u.id and p.is_active)
                or exists (select from directory_account a where a.agency_id = u.id and a.is_active)
                or exists (select from directory_domain d where d.agency_id = u.id and d.is_active)))
"""
