"""Four eyes: `/api/v1/approvals`."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Final

from django.http import HttpRequest
from ninja import Field, Router

from pirab.approvals import actions, queries
from pirab.approvals.errors import ProposalNotFound
from pirab.approvals.types import Proposal, State
from pirab.core.ids import IdKind, encode_id
from pirab.directory.types import Principal
from pirab.openapi.administered import administrator, caller
from pirab.openapi.keys import key_of, page_of
from pirab.openapi.schemas import Page
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


class Refusal(Shape):
    """Why not, for the proposer to read."""

    reason: Annotated[str, Field(max_length=1000)] = ""


def shown(who: Principal, proposal: Proposal) -> Approval:
    """A proposal as `who`, who may read it, sees it."""
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
    return shown(who, queries.proposal(key, who))


@router.get("/approvals", response=Page[Approval], summary="What waits for a second person")
def listing(request: HttpRequest, cursor: Cursor = None, limit: Limit = 50) -> Page[Approval]:
    """What the caller proposed, and what lies in what they administer; open and decided."""
    before = None if cursor is None else _key(cursor)
    who = caller(request)
    found, more = page_of(queries.proposals(who, before, limit + 1), limit, IdKind.APPROVAL)
    return Page[Approval](items=[shown(who, proposal) for proposal in found], next=more)


@router.get(_ONE, response=Approval, summary="A proposal")
def one(request: HttpRequest, approval_id: str) -> Approval:
    """One the caller made or has a say in."""
    who = caller(request)
    return shown(who, queries.proposal(_key(approval_id), who))


@router.post(f"{_ONE}/approve", response=Approval, summary="Agree")
def approve(request: HttpRequest, approval_id: str) -> Approval:
    """Do what was proposed; `state` tells whether it could be done. 403 for what one proposed oneself, and without a
    second factor shown a moment ago."""
    who, key = administrator(request), _key(approval_id)
    queries.proposal(key, who)
    stepup.require_recent_strong_auth(signin.caller_of(request))
    actions.approve(key, who)
    return shown(who, queries.proposal(key, who))


@router.post(f"{_ONE}/refuse", response=Approval, summary="Disagree")
def refuse(request: HttpRequest, approval_id: str, given: Refusal) -> Approval:
    """Nothing is done."""
    who, key = caller(request), _key(approval_id)
    actions.refuse(key, who, given.reason)
    return shown(who, queries.proposal(key, who))


@router.post(f"{_ONE}/withdraw", response=Approval, summary="Take back")
def withdraw(request: HttpRequest, approval_id: str) -> Approval:
    """What one proposed oneself, while it is open."""
    who, key = caller(request), _key(approval_id)
    actions.withdraw(key, who)
    return shown(who, queries.proposal(key, who))


def _key(text: str) -> int:
    return key_of(IdKind.APPROVAL, text, ProposalNotFound)
