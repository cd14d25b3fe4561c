"""What approvals tell the doors."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

import msgspec


class State(StrEnum):
    """How far a proposal is."""

    OPEN = "open"
    DONE = "done"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    FAILED = "failed"


class Proposal(msgspec.Struct, frozen=True):
    """A dangerous act somebody proposed. `subject` is what it is about, for people to read; `details` what its act
    needs; `outcome` why it failed or was refused."""

    id: int
    act: str
    agency_id: int | None
    subject: str
    details: dict[str, Any]
    state: State
    proposed_by: int
    proposer: str
    proposed_at: datetime
    expires_at: datetime
    decided_by: int | None
    decider: str | None
    decided_at: datetime | None
    outcome: str
