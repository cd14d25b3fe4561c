"""Who may administer what: the part of the policy that is about agencies rather than mail.

No duty opens a mailbox: what `policy` says of accounts does not ask here (promise 6).
"""

from __future__ import annotations

import msgspec

from pirab.directory import queries
from pirab.directory.errors import AgencyForbidden, AgencyNotFound
from pirab.directory.types import AdminRight, AgencyInfo, DutyKind, Principal, Scope


class Authority(msgspec.Struct, frozen=True):
    """The present duties of a person. `administered` are the agencies whose subtrees they run; an administrator of the
    whole service and an operator run every tree."""

    person_id: int
    administered: frozenset[int]
    secured: frozenset[int]
    """Agencies whose security officer they are."""
    is_operator: bool
    is_central_security_officer: bool

    @property
    def is_anybody(self) -> bool:
        """Whether they have a duty at all, and so a second factor to show."""
        return bool(self.administered or self.secured or self.is_operator or self.is_central_security_officer)


def authority_of(principal: Principal) -> Authority:
    """What the signed-in person may administer now. One question; only administrative endpoints ask it.

    Nothing without `Scope.ADMIN`: a session has it after a second factor, a token where it was given.
    """
    duties = queries.duties_of(principal.person_id) if Scope.ADMIN in principal.scopes else []
    agencies = {kind: {duty.agency_id for duty in duties if duty.kind is kind} for kind in DutyKind}
    administered = agencies[DutyKind.ADMINISTRATOR]
    secured = agencies[DutyKind.SECURITY_OFFICER]
    return Authority(
        principal.person_id,
        frozenset(one for one in administered if one is not None),
        frozenset(one for one in secured if one is not None),
        bool(agencies[DutyKind.OPERATOR]) or None in administered,
        None in secured,
    )


def may_administer(authority: Authority, agency: AgencyInfo, right: AdminRight) -> bool:
    """Whether this authority has `right` on the agency.

    To govern an agency one has to stand above it: nobody raises their own limits.
    """
    if authority.is_operator:
        return True
    chain = agency.ancestry if right is not AdminRight.GOVERN else agency.ancestry[:-1]
    return not authority.administered.isdisjoint(chain)


def require_agency(principal: Principal, agency_id: int, right: AdminRight) -> AgencyInfo:
    """The agency, when `principal` has `right` on it.

    Raises `AgencyNotFound` for an agency that does not exist or that they do not administer at all (both look alike),
    `AgencyForbidden` where they may see it but not this.
    """
    authority = authority_of(principal)
    agency = queries.agency(agency_id)
    if may_administer(authority, agency, right):
        return agency
    if may_administer(authority, agency, AdminRight.SEE):
        raise AgencyForbidden(str(agency_id))
    raise AgencyNotFound(str(agency_id))


def require_operator(principal: Principal) -> Authority:
    """What an operator may do; raises `AgencyForbidden` for everybody else."""
    authority = authority_of(principal)
    if not authority.is_operator:
        raise AgencyForbidden()
    return authority
