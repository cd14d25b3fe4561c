"""Domains brought, taken into use, changed and given up."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Final

from django.conf import settings
from django.db import IntegrityError

from pirab.core import clock, db
from pirab.directory import actions as directory
from pirab.directory import queries as agencies
from pirab.directory.errors import DomainOfAnother, LimitReached
from pirab.domainaudit import names, queries, rotation
from pirab.domainaudit.errors import ClaimNotFound, DomainTaken, NameLookalike, NotProven, NotReceiving
from pirab.domainaudit.models import Change, Claim
from pirab.domainaudit.types import Name, Oddity, PolicyMode

MOST_OPEN: Final = 50
"""Claims of one agency that wait for their proof."""
_ALPHABET: Final = "abcdefghijkmnpqrstuvwxyz23456789"
_TOKEN_LETTERS: Final = 32


def name_for(agency_id: int, text: str) -> Name:
    """The name `text` means, when the agency may claim it, with what is odd about it.

    Raises `NameInvalid`, `NameReserved`, `NameLookalike` and `DomainTaken` where another agency has it.
    """
    environment = settings.ENVIRONMENT
    name = names.checked(text, environment.hostname, is_production=environment.is_production)
    others = queries.names_of_others(agency_id)
    if name.ascii in others:
        raise DomainTaken(name.shown)
    if names.outline(name.ascii) in {names.outline(other) for other in others}:
        raise NameLookalike(name.shown)
    below = (Oddity.BELOW_ANOTHER,) if names.lies_below(name.ascii, others) else ()
    return Name(name.ascii, name.shown, (*name.oddities, *below))


def claim(agency_id: int, text: str, by: int | None) -> int:
    """The agency says that the domain is its own; returns the claim's key.

    Raises as `name_for`, `DomainTaken` also for one it claims already, and `LimitReached`.
    """
    name = name_for(agency_id, text)
    now = clock.now()
    with db.transaction():
        # Claims are rare: one at a time, so that limits hold.
        db.execute("select pg_advisory_xact_lock(hashtext('domainaudit: claims'))")
        _require_room(agency_id, name.ascii)
        made, is_new = Claim.objects.get_or_create(
            agency_id=agency_id,
            name=name.ascii,
            defaults={"token": _token(), "claimed_by_id": by, "claimed_at": now},
        )
        if not is_new:
            raise DomainTaken(name.shown)
        note(made.pk, "state", "", "claimed", now)
    return made.pk


def vouch(agency_id: int, name: str) -> int:
    """Take a domain into use on the word of an operator, or adopt one that is in use; returns the claim's key.

    Raises `DomainTaken` where another agency has it.
    """
    now = clock.now()
    with db.transaction():
        claim, _ = Claim.objects.get_or_create(
            agency_id=agency_id, name=name, defaults={"token": _token(), "claimed_at": now}
        )
        if claim.proven_at is None:
            prove(claim.pk, now)
            Claim.objects.filter(pk=claim.pk).update(is_vouched=True)
        _open(claim.pk, now)
    return claim.pk


def adopt() -> int:
    """Take the domains of the directory that nobody claimed (an operator's) into care; returns how many."""
    strays = db.rows(
        """
        select d.agency_id, d.name from directory_domain d
         where d.is_active and not exists (select from domainaudit_claim c where c.domain_id = d.id)
        """
    )
    for agency_id, name in strays:
        vouch(agency_id, name)
    return len(strays)


def prove(claim_id: int, now: datetime) -> None:
    """Its ownership was shown: from now on the domain has signing keys and may be taken into use.

    Raises `DomainTaken` where another agency proved it before.
    """
    try:
        with db.transaction():
            claim = locked(claim_id)
            if claim.proven_at is not None:
                return
            if agencies.agency_of_domain(claim.name) not in (None, claim.agency_id):
                raise DomainTaken(claim.name)
            Claim.objects.filter(pk=claim_id).update(proven_at=now, proof_missing_since=None)
            note(claim_id, "state", "claimed", "proven", now)
            rotation.begin_first(claim_id, claim.name, now)
    except IntegrityError as error:
        raise DomainTaken() from error


def activate(claim_id: int) -> None:
    """Take mail for the domain. Raises `ClaimNotFound`, `NotProven`, `DomainTaken`. May be repeated."""
    with db.transaction():
        if locked(claim_id).proven_at is None:
            raise NotProven()
        _open(claim_id, clock.now())


def release(claim_id: int) -> None:
    """Give the domain up: no mail is taken for it, its keys are destroyed, its history goes with it.

    Raises `ClaimNotFound`, and `DomainInUse` while people have addresses in it.
    """
    with db.transaction():
        claim = locked(claim_id)
        domain_id = claim.domain_id
        Claim.objects.filter(pk=claim_id).update(domain=None)
        if domain_id is not None:
            directory.close_domain(domain_id)
        rotation.destroy(claim_id, claim.name)
        claim.delete()


def lapse(claim_id: int, now: datetime) -> None:
    """The domain is no longer the agency's: its proof went, and its mail goes elsewhere."""
    with db.transaction():
        claim = locked(claim_id)
        domain_id = claim.domain_id
        Claim.objects.filter(pk=claim_id).update(
            domain=None, proven_at=None, proof_missing_since=None, is_complete=False
        )
        if domain_id is not None:
            directory.shut_domain(domain_id)
        rotation.destroy(claim_id, claim.name)
        note(claim_id, "state", "receiving", "claimed", now)


def stand_for(claim_id: int, main_claim_id: int | None) -> None:
    """Let mail to the domain reach the same local parts of another domain of the agency (None: its own again).

    Raises `ClaimNotFound`, `NotReceiving`, and `AliasInvalid` for chains and circles.
    """
    with db.transaction():
        claim = locked(claim_id)
        main = None if main_claim_id is None else locked(main_claim_id)
        if claim.domain_id is None or (main is not None and main.domain_id is None):
            raise NotReceiving()
        before = queries.domain(claim_id).alias_of or ""
        directory.stand_for(claim.domain_id, None if main is None else main.domain_id)
        note(claim_id, "alias", before, "" if main is None else main.name, clock.now())


def set_policy(claim_id: int, mode: PolicyMode) -> None:
    """What the domain asks of senders whose connection is not safe. Raises `ClaimNotFound`."""
    with db.transaction():
        claim = locked(claim_id)
        if claim.mta_sts != mode:
            Claim.objects.filter(pk=claim_id).update(mta_sts=mode)
            note(claim_id, "mta_sts", claim.mta_sts, mode.value, clock.now())


def locked(claim_id: int) -> Claim:
    """The claim, held until the transaction ends; raises `ClaimNotFound`."""
    found = Claim.objects.select_for_update().filter(pk=claim_id).first()
    if found is None:
        raise ClaimNotFound()
    return found


def note(claim_id: int, key: str, before: str, after: str, at: datetime, detail: str = "") -> None:
    """A line of the domain's history."""
    Change.objects.create(claim_id=claim_id, key=key, before=before, after=after, detail=detail[:1000], at=at)


def _open(claim_id: int, now: datetime) -> None:
    claim = locked(claim_id)
    if claim.domain_id is not None:
        return
    try:
        domain_id = directory.open_domain(claim.name, claim.agency_id)
    except DomainOfAnother as error:
        raise DomainTaken(claim.name) from error
    Claim.objects.filter(pk=claim_id).update(domain_id=domain_id)
    note(claim_id, "state", "proven", "receiving", now)


def _token() -> str:
    return "".join(secrets.choice(_ALPHABET) for _ in range(_TOKEN_LETTERS))


def _require_room(agency_id: int, name: str) -> None:
    """Every limit on the way from the root counts the domains of its whole subtree, claimed or in use."""
    if Claim.objects.filter(agency_id=agency_id, proven_at=None).count() >= MOST_OPEN:
        raise LimitReached("domains")
    if db.scalar(_OVER_LIMIT, {"agency": agency_id, "name": name}):
        raise LimitReached("domains")


_OVER_LIMIT: Final = """
    select exists (
        select from directory_agency a
         where a.id = any(select unnest(ancestry) from directory_agency where id = %(agency)s)
           and a.most_domains is not null
           and a.most_domains <= (
               select count(*) from (
                   select name from domainaudit_claim c join directory_agency u on u.id = c.agency_id
                    where u.ancestry @> array[a.id]
                   union
                   select name from directory_domain d join directory_agency u on u.id = d.agency_id
                    where u.ancestry @> array[a.id] and d.is_active) n
                where n.name <> %(name)s))
"""
