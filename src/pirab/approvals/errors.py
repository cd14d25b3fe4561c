"""What approvals refuse."""

from __future__ import annotations

from pirab.core.errors import PirabError


class ApprovalError(PirabError):
    """This cannot be approved."""


class ProposalNotFound(ApprovalError):
    """No such proposal, or none this person has a say in."""


class OwnProposal(ApprovalError):
    """Somebody else has to agree to what one proposed oneself."""


class ProposalClosed(ApprovalError):
    """The proposal has been decided or is over."""
