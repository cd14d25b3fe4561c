"""Jobs of the care of domains."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from pirab.core import clock, jobs, log
from pirab.domainaudit import audit, claims, notices, queries, rotation
from pirab.domainaudit.errors import ClaimNotFound
from pirab.domainaudit.models import Claim
from pirab.domainaudit.types import KeyState

REMIND_EVERY: Final = timedelta(days=30)
_log = log.get_logger(__name__)


@jobs.periodic(cron="17 21 * * *")
@jobs.task(name="domainaudit.audit", queueing_lock="domainaudit.audit")
def audit_all(timestamp: int) -> None:
    """Every day (04:17 in Bangkok): have every domain looked at, a job each, and remind of old keys."""
    claims.adopt()
    rotation.tell_signer()
    for claim_id in queries.claim_keys():
        jobs.defer_once("domainaudit.look", key=f"domainaudit.look {claim_id}", claim_id=claim_id)
        _remind(claim_id)


@jobs.periodic(cron="*/10 * * * *")
@jobs.task(name="domainaudit.rotate", queueing_lock="domainaudit.rotate")
def rotate(timestamp: int) -> None:
    """Every ten minutes: look at the domains with a change of keys under way."""
    rotation.tell_signer()
    for claim_id in queries.changing_claims(clock.now() - rotation.KEPT):
        jobs.defer_once("domainaudit.look", key=f"domainaudit.look {claim_id}", claim_id=claim_id)


@jobs.task(name="domainaudit.look")
def look(claim_id: int) -> None:
    """Look at one domain; one that was given up meanwhile is nothing to look at."""
    try:
        audit.look(claim_id)
    except ClaimNotFound:
        _log.info("domainaudit.gone", claim=claim_id)


def _remind(claim_id: int) -> None:
    now = clock.now()
    due = Claim.objects.filter(
        pk=claim_id, keys__state=KeyState.SIGNING, keys__signing_at__lte=now - rotation.OLD
    ).exclude(reminded_at__gt=now - REMIND_EVERY)
    if due.exists():
        notices.tell_old_key(queries.domain(claim_id), now)
        Claim.objects.filter(pk=claim_id).update(reminded_at=now)
