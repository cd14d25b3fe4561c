"""Who may join an agency by themselves, as its administrator says."""

from __future__ import annotations

from typing import Any, Final

from pirab.core import db
from pirab.directory.errors import EditedMeanwhile, EntryInvalid
from pirab.directory.queries import normal_form
from pirab.personnel.models import JoiningRule
from pirab.personnel.types import Door, Rule

MOST_DOMAINS: Final = 50
PROVING_SUFFIXES: Final = ("go.th", "mi.th", "or.th", "ac.th", "รัฐบาล.ไทย", "ทหาร.ไทย", "go.test")
"""Only registries that look at who registers: an address at a free-mail service proves nothing."""


def rule_of(agency_id: int) -> Rule:
    """The agency's own rule; one that lets nobody in, of version 0, where it has none."""
    row = JoiningRule.objects.filter(pk=agency_id).first()
    if row is None:
        return Rule()
    return Rule(
        Door(row.by_mail), Door(row.by_list), Door(row.by_provider), tuple(row.proof_domains), row.version
    )


def set_rule(agency_id: int, rule: Rule) -> Rule:
    """Replace the agency's rule, which was read at `rule.version`.

    Raises `EditedMeanwhile`, and `EntryInvalid` for a domain that is none, that proves nothing (`PROVING_SUFFIXES`) or
    that proves belonging to another agency already.
    """
    domains = sorted({_domain(name) for name in rule.proof_domains})
    if len(domains) > MOST_DOMAINS:
        raise EntryInvalid("proof_domains")
    columns = {
        "by_mail": rule.by_mail,
        "by_list": rule.by_list,
        "by_provider": rule.by_provider,
        "proof_domains": domains,
    }
    with db.transaction():
        db.execute("select pg_advisory_xact_lock(hashtext('personnel: domains that prove'))")
        if db.scalar(_ELSEWHERE, {"agency": agency_id, "domains": domains}):
            raise EntryInvalid("proof_domains")
        JoiningRule.objects.get_or_create(agency_id=agency_id, defaults={"version": 0})
        changed = JoiningRule.objects.filter(pk=agency_id, version=rule.version)
        if not changed.update(**columns, version=rule.version + 1):
            raise EditedMeanwhile()
    return rule_of(agency_id)


def agency_proved_by(domain: str) -> tuple[int, Door] | None:
    """The agency that an address at `domain` (A-label) proves belonging to, and what its rule says."""
    return _found(db.row(_PROVED, {"domain": domain}), 1)


def agency_proved_by_provider(domain: str) -> tuple[int, Door] | None:
    """The same for an address that an identity provider has verified."""
    return _found(db.row(_PROVED, {"domain": domain}), 2)


def _found(row: tuple[Any, ...] | None, column: int) -> tuple[int, Door] | None:
    """The rule, unless it keeps the door closed."""
    return None if row is None or row[column] == Door.CLOSED else (row[0], Door(row[column]))


def _domain(name: str) -> str:
    """The A-label. Both spellings of a suffix count."""
    normal = normal_form(f"postmaster@{name.strip()}")
    domain = "" if normal is None else normal.rpartition("@")[2]
    suffixes = [normal_form(f"x@{suffix}") or "" for suffix in PROVING_SUFFIXES]
    if not any(domain.endswith("." + suffix.rpartition("@")[2]) for suffix in suffixes):
        raise EntryInvalid("proof_domains")
    return domain


_PROVED: Final = """
    select r.agency_id, r.by_mail, r.by_provider
      from personnel_joiningrule r join directory_agency g on g.id = r.agency_id
     where r.proof_domains @> array[%(domain)s] and g.is_active limit 1
"""
_ELSEWHERE: Final = """
    select true from personnel_joiningrule
     where agency_id <> %(agency)s and proof_domains && %(domains)s::text[] limit 1
"""
