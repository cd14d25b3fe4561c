"""The agency a path names, and whether the caller may do there what they want."""

from __future__ import annotations

from django.http import HttpRequest

from pirab.core.ids import IdKind
from pirab.directory import authority, queries
from pirab.directory.errors import AgencyNotFound, EntryNotFound
from pirab.directory.types import AdminRight, AgencyInfo, PersonInfo, Principal, Scope
from pirab.openapi.keys import key_of
from pirab.signin import http as signin
from pirab.signin import stepup


def caller(request: HttpRequest) -> Principal:
    """Who asks; raises `SignInError`."""
    return signin.caller_of(request).principal


def administrator(request: HttpRequest) -> Principal:
    """Who asks, by a credential that may administer. Raises `SignInError`, `ScopeMissing`."""
    who = signin.caller_of(request)
    stepup.require_scope(who, Scope.ADMIN)
    return who.principal


def agency_for(request: HttpRequest, agency_id: str, right: AdminRight) -> AgencyInfo:
    """The agency, when the caller has `right` on it.

    Raises `AgencyNotFound` for an absent one and for one they do not administer alike, `AgencyForbidden` where they
    may see it but not this, `SignInError`, `ScopeMissing`.
    """
    return authority.require_agency(administrator(request), agency_key(agency_id), right)


def agency_key(agency_id: str) -> int:
    """The key of an agency's id; raises `AgencyNotFound`."""
    return key_of(IdKind.AGENCY, agency_id, AgencyNotFound)


def person_for(request: HttpRequest, person_id: str, right: AdminRight) -> PersonInfo:
    """The person, when the caller has `right` on the agency they belong to.

    Raises `EntryNotFound` for an absent one and for one of an agency they do not administer alike.
    """
    who = administrator(request)
    person = queries.person(key_of(IdKind.PERSON, person_id, EntryNotFound))
    try:
        if person.agency_id is None:
            authority.require_operator(who)
        else:
            authority.require_agency(who, person.agency_id, right)
    except AgencyNotFound as error:
        raise EntryNotFound() from error
    return person
