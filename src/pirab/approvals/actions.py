"""The only writers of approvals."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from django.db.models import Q

from pirab.approvals import acts, queries
from pirab.approvals.errors import OwnProposal, ProposalClosed, ProposalNotFound
from pirab.approvals.models import Proposal
from pirab.approvals.types import State
from pirab.core import clock, db
from pirab.core.errors import PirabError, TemporaryError
from pirab.directory.types import Principal

OPEN_FOR: Final = timedelta(days=7)
"""How long a proposal waits for a second person."""


def propose(act: str, subject: str, details: dict[str, Any], *, agency_id: int | None, by: int) -> int:
    """Record that the person `by` wants `act` done; returns the proposal's key.

    The door has asked already whether they may. `details` must be JSON and carry no mail content. Repeating an open
    proposal returns the same key.
    """
    acts.find(act)
    now = clock.now()
    with db.transaction():
        db.execute("select pg_advisory_xact_lock(hashtext('approvals'), hashtext(%s))", (f"{act} {subject}",))
        same = Proposal.objects.filter(
            Q(agency=agency_id),
            act=act,
            subject=subject,
            details=details,
            proposed_by_id=by,
            state=State.OPEN,
            expires_at__gt=now,
        ).first()
        return (
            same
            or Proposal.objects.create(
                act=act,
                agency_id=agency_id,
                subject=subject,
                details=details,
                proposed_by_id=by,
                proposed_at=now,
                expires_at=now + OPEN_FOR,
            )
        ).pk


def approve(proposal_id: int, who: Principal) -> State:
    """Agree, and do what was proposed; returns what came of it, `DONE` or `FAILED`.

    Raises `ProposalNotFound` where `who` has no say in it, `OwnProposal`, `ProposalClosed`.
    """
    with db.transaction():
        proposal = _deciding(proposal_id, who)
        try:
            with db.transaction():
                acts.find(proposal.act).do(proposal.details, who.person_id)
        except TemporaryError:
            raise
        except PirabError as error:
            return _close(proposal, State.FAILED, who.person_id, error.message)
        return _close(proposal, State.DONE, who.person_id, "")


def refuse(proposal_id: int, who: Principal, reason: str) -> State:
    """Disagree. Errors as `approve`."""
    with db.transaction():
        return _close(_deciding(proposal_id, who), State.REFUSED, who.person_id, reason)


def withdraw(proposal_id: int, who: Principal) -> State:
    """Take back what one proposed oneself. Raises `ProposalNotFound` for somebody else's, `ProposalClosed`."""
    with db.transaction():
        proposal = _locked(proposal_id)
        if proposal.proposed_by_id != who.person_id:
            raise ProposalNotFound()
        _require_open(proposal)
        return _close(proposal, State.WITHDRAWN, who.person_id, "")


def expire() -> int:
    """Close what nobody decided on in time; returns how many."""
    return Proposal.objects.filter(state=State.OPEN, expires_at__lte=clock.now()).update(state=State.EXPIRED)


def _deciding(proposal_id: int, who: Principal) -> Proposal:
    proposal = _locked(proposal_id)
    if not queries.has_say(who, proposal.act, proposal.agency_id):
        raise ProposalNotFound()
    if proposal.proposed_by_id == who.person_id:
        raise OwnProposal()
    _require_open(proposal)
    return proposal


def _locked(proposal_id: int) -> Proposal:
    proposal = Proposal.objects.select_for_update().filter(pk=proposal_id).first()
    if proposal is None:
        raise ProposalNotFound()
    return proposal


def _require_open(proposal: Proposal) -> None:
    if proposal.state != State.OPEN or proposal.expires_at <= clock.now():
        raise ProposalClosed()


def _close(proposal: Proposal, state: State, by: int, outcome: str) -> State:
    Proposal.objects.filter(pk=proposal.pk).update(
        state=state, decided_by_id=by, decided_at=clock.now(), outcome=outcome
    )
    return state
