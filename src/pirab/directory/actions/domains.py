"""Mail domains: opened for an agency, made to stand for another one, closed. Whose they are was proven before."""

from __future__ import annotations

from typing import Final

from pirab.core import db
from pirab.directory.errors import AliasInvalid, DomainInUse, DomainOfAnother, DomainUnknown
from pirab.directory.models import Domain


def open_domain(name: str, agency_id: int) -> int:
    """Take mail for `name` (A-label, lower case) from now on; returns the domain's key. May be repeated.

    Raises `DomainOfAnother` where another agency has it, or has addresses left in it.
    """
    with db.transaction():
        made, _ = Domain.objects.get_or_create(name=name, defaults={"agency_id": agency_id})
        found = Domain.objects.select_for_update().get(pk=made.pk)
        if found.agency_id != agency_id and (found.is_active or _has_addresses(name)):
            raise DomainOfAnother(name)
        Domain.objects.filter(pk=found.pk).update(agency_id=agency_id, is_active=True)
    return found.pk


def close_domain(domain_id: int) -> None:
    """Take no more mail for the domain. Raises `DomainUnknown`, and `DomainInUse` while it has addresses of accounts or
    groups that work, or other domains stand for it."""
    with db.transaction():
        found = _locked(domain_id)
        if found.aliases.filter(is_active=True).exists() or _has_addresses(found.name):
            raise DomainInUse(found.name)
        Domain.objects.filter(pk=domain_id).update(is_active=False, alias_of=None)


def shut_domain(domain_id: int) -> None:
    """As `close_domain`, whoever still has addresses in it: for a domain that is no longer the agency's."""
    with db.transaction():
        _locked(domain_id)
        Domain.objects.filter(alias_of_id=domain_id).update(alias_of=None)
        Domain.objects.filter(pk=domain_id).update(is_active=False, alias_of=None)


def stand_for(domain_id: int, main_id: int | None) -> None:
    """Let mail to the domain reach the same local parts of `main_id` (None: stand for itself again).

    Raises `DomainUnknown`, and `AliasInvalid` where that would be a chain or a circle, or the main one is closed or of
    another agency.
    """
    with db.transaction():
        # In one order, so that two domains made to stand for each other at once wait rather than pass.
        for key in sorted({domain_id, main_id or domain_id}):
            _locked(key)
        found = Domain.objects.get(pk=domain_id)
        if main_id is not None:
            main = Domain.objects.get(pk=main_id)
            if (
                main.pk == found.pk
                or main.alias_of_id is not None
                or not main.is_active
                or main.agency_id != found.agency_id
                or found.aliases.exists()
            ):
                raise AliasInvalid(found.name)
        Domain.objects.filter(pk=domain_id).update(alias_of_id=main_id)


def _locked(domain_id: int) -> Domain:
    found = Domain.objects.select_for_update().filter(pk=domain_id).first()
    if found is None:
        raise DomainUnknown(str(domain_id))
    return found


def _has_addresses(name: str) -> bool:
    return bool(db.scalar(_ADDRESSES, (name,)))


_ADDRESSES: Final = """
    select exists (
        select from directory_address d
          left join directory_account a on a.id = d.account_id
          left join directory_group g on g.id = d.group_id
         where split_part(d.address, '@', -1) = %s and coalesce(a.is_active, g.is_active))
"""
