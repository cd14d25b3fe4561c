"""The only readers of approvals."""

from __future__ import annotations

from typing import Any, Final

import msgspec

from pirab.approvals import acts
from pirab.approvals.errors import ProposalNotFound
from pirab.approvals.types import Proposal, State
from pirab.core import clock, db
from pirab.directory import authority, queries
from pirab.directory.types import Principal


def has_say(who: Principal, act: str, agency_id: int | None) -> bool:
    """Whether `who` may decide on such an act over the agency (None: over the whole service)."""
    duties = authority.authority_of(who)
    if agency_id is None:
        return duties.is_operator
    return authority.may_administer(duties, queries.agency(agency_id), acts.find(act).right)


def proposal(proposal_id: int, who: Principal) -> Proposal:
    """A proposal `who` made or has a say in; raises `ProposalNotFound` for any other."""
    row = db.row(f"{_PROPOSAL} where w.id = %s", (proposal_id,))
    if row is None:
        raise ProposalNotFound()
    found = _proposal(row)
    if found.proposed_by != who.person_id and not has_say(who, found.act, found.agency_id):
        raise ProposalNotFound()
    return found


def proposals(who: Principal, before: int | None, limit: int) -> list[Proposal]:
    """The newest proposals that `who` made, or that lie in what they administer; `before` is the last key seen."""
    duties = authority.authority_of(who)
    found = db.rows(
        f"""
        {_PROPOSAL} left join directory_agency g on g.id = w.agency_id
         where w.id < %(before)s
           and (w.proposed_by_id = %(me)s or %(operator)s or g.ancestry && %(mine)s::bigint[])
         order by w.id desc limit %(limit)s
        """,
        {
            "before": before or 2**63 - 1,
            "me": who.person_id,
            "operator": duties.is_operator,
            "mine": sorted(duties.administered),
            "limit": limit,
        },
    )
    return [_proposal(row) for row in found]


def _proposal(row: tuple[Any, ...]) -> Proposal:
    given = msgspec.json.decode(row[4]) if isinstance(row[4], str | bytes) else row[4]
    state = State(row[5])
    if state is State.OPEN and row[9] <= clock.now():
        state = State.EXPIRED
    return Proposal(*(*row[:4], given, state, *row[6:]))


_PROPOSAL: Final = """
    select w.id, w.act, w.agency_id, w.subject, w.details, w.state, w.proposed_by_id, p.name_th, w.proposed_at,
           w.expires_at, w.decided_by_id, d.name_th, w.decided_at, w.outcome
      from approvals_proposal w
      join directory_person p on p.id = w.proposed_by_id
      left join directory_person d on d.id = w.decided_by_id
"""
