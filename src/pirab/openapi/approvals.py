"""Four eyes: `/api/v1/approvals`."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Final

from django.http import HttpRequest
from ninja import Field, Router

from pirab.approvals import actions, queries
from pirab.approvals.errors import ProposalNotFound
from pirab.approvals.types import Proposal, State
from pirab.core.ids import IdError, IdKind, decode_id, encode_id
from pirab.openapi.administered import administrator, caller
from pirab.openapi.shapes import Cursor, Limit, Shape
from pirab.signin import http as signin
from pirab.signin import stepup

router: Final = Router(tags=["approvals"], by_alias=True)
_ONE: Final = "/approvals/{approval_id}"


class Approval(Shape):
    """A dangerous act that waits for a second person, or what came of it. `mayDecide` says whether the caller may."""

    id: str
    act: str
    agency_id: str | None
    subject: str
    state: State
    proposer: str
    proposed_at: datetime
    expires_at: datetime
    decider: str | None
    decided_at: datetime | None
    outcome: str
    is_mine: bool
    may_decide: bool


class Approvals(Shape):
    """A page, the newest first. `next` is the cursor of the page after it, null at the end."""

    items: list[Approval]
    next: str | None


class Refusal(Shape):
    """Why not, for the proposer to read."""

    reason: Annotated[str, Field(max_length=1000)] = ""


def shown(request: HttpRequest, proposal: Proposal) -> Approval:
    """A proposal as its readers see it."""
    who = caller(request)
    is_mine = proposal.proposed_by == who.person_id
    return Approval(
        id=encode_id(IdKind.APPROVAL, proposal.id),
        act=proposal.act,
        agency_id=None if proposal.agency_id is None else encode_id(IdKind.AGENCY, proposal.agency_id),
        subject=proposal.subject,
        state=proposal.state,
        proposer=proposal.proposer,
        proposed_at=proposal.proposed_at,
        expires_at=proposal.expires_at,
        decider=proposal.decider,
        decided_at=proposal.decided_at,
        outcome=proposal.outcome,
        is_mine=is_mine,
        may_decide=proposal.state is State.OPEN
        and not is_mine
        and queries.has_say(who, proposal.act, proposal.agency_id),
    )


def proposed(
    request: HttpRequest, act: str, subject: str, details: dict[str, Any], agency_id: int | None
) -> Approval:
    """Propose an act in the caller's name, who has been asked for the right already."""
    who = caller(request)
    key = actions.propose(act, subject, details, agency_id=agency_id, by=who.person_id)
    return shown(request, queries.proposal(key, who))


@router.get("/approvals", response=Approvals, summary="What waits for a second person")
def listing(request: HttpRequest, cursor: Cursor = None, limit: Limit = 50) -> Approvals:
    """What the caller proposed, and what lies in what they administer; open and decided."""
    before = None if cursor is None else _key(cursor)
    found = queries.proposals(caller(request), before, limit + 1)
    more = encode_id(IdKind.APPROVAL, found[limit - 1].id) if len(found) > limit else None
    return Approvals(items=[shown(request, proposal) for proposal in found[:limit]], next=more)


@router.get(_ONE, response=Approval, summary="A proposal")
def one(request: HttpRequest, approval_id: str) -> Approval:
    """One the caller made or has a say in."""
    return shown(request, queries.proposal(_key(approval_id), caller(request)))


@router.post(f"{_ONE}/approve", response=Approval, summary="Agree")
def approve(request: HttpRequest, approval_id: str) -> Approval:
    """Do what was proposed; `state` tells whether it could be done. 403 for what one proposed oneself, and without a
    second factor shown a moment ago."""
    who = administrator(request)
    queries.proposal(_key(approval_id), who)
    stepup.require_recent_strong_auth(signin.caller_of(request))
    actions.approve(_key(approval_id), who)
    return shown(request, queries.proposal(_key(approval_id), who))


@router.post(f"{_ONE}/refuse", response=Approval, summary="Disagree")
def refuse(request: HttpRequest, approval_id: str, given: Refusal) -> Approval:
    """Nothing is done."""
    who = caller(request)
    actions.refuse(_key(approval_id), who, given.reason)
    return shown(request, queries.proposal(_key(approval_id), who))


@router.post(f"{_ONE}/withdraw", response=Approval, summary="Take back")
def withdraw(request: HttpRequest, approval_id: str) -> Approval:
    """What one proposed oneself, while it is open."""
    who = caller(request)
    actions.withdraw(_key(approval_id), who)
    return shown(request, queries.proposal(_key(approval_id), who))


def _key(approval_id: str) -> int:
    try:
        return decode_id(IdKind.APPROVAL, approval_id)
    except IdError as error:
        raise ProposalNotFound() from error
