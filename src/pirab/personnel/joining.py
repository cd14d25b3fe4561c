"""Somebody whom another identity provider vouches for, and whom nobody here knows yet. Sign-in calls this by a hook."""

from __future__ import annotations

from pirab.core import db
from pirab.core.log import get_logger
from pirab.directory.errors import DirectoryError
from pirab.directory.queries import normal_form
from pirab.personnel import enrolments, roster, rules
from pirab.personnel.errors import PersonnelError
from pirab.personnel.models import Enrolment
from pirab.personnel.types import Claims, Door, Newcomer, State, Way
from pirab.signin import providers

_log = get_logger(__name__)


def on_unknown_identity(claims: Claims) -> str | None:
    """A link for whoever these verified claims are about; None where no agency lets them in.

    A citizen number is looked up on the personnel lists; else a verified address at a domain that proves. The caller
    has checked the provider's signature, and gives an address only where the provider says that it verified it.
    """
    try:
        return _by_number(claims) or _by_address(claims)
    except (PersonnelError, DirectoryError) as error:
        _log.info("personnel.unknown_identity", issuer=claims.issuer, refusal=type(error).__name__)
        return None


def _by_number(claims: Claims) -> str | None:
    if not providers.is_pid(claims.citizen_id):
        return None
    try:
        return roster.request_by_citizen(claims.citizen_id, "th", claims.issuer)[1]
    except PersonnelError:
        return None


def _by_address(claims: Claims) -> str | None:
    address = normal_form(claims.email) if claims.email else None
    if address is None:
        return None
    found = rules.agency_proved_by_provider(address.rpartition("@")[2])
    if found is None:
        return None
    agency_id, door = found
    with db.transaction():
        db.execute("select pg_advisory_xact_lock(hashtext('joining'), hashtext(%s))", (address,))
        theirs = Enrolment.objects.filter(contact=address, way__in=(Way.MAIL, Way.PROVIDER))
        if theirs.filter(state=State.USED).exists():
            return None
        theirs.filter(state__in=(State.WAITING, State.OPEN)).update(state=State.WITHDRAWN)
        newcomer = enrolments.checked(Newcomer(agency_id, claims.names, contact=address))
        state = State.OPEN if door is Door.RULE else State.WAITING
        return enrolments.enrol(newcomer, Way.PROVIDER, state, evidence=f"{claims.issuer} · {address}")[1]
