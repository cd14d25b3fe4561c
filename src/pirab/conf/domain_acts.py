"""What is done to a working domain once a second person has agreed."""

from __future__ import annotations

from typing import Any

from pirab.domainaudit import claims
from pirab.domainaudit.types import PolicyMode


def change_domain(details: dict[str, Any], agreed_by: int) -> None:
    """The act `domain`: take mail for it, let it stand for another, set its policy, or give it up."""
    claim_id: int = details["claim"]
    match details["do"]:
        case "activate":
            claims.activate(claim_id)
        case "alias":
            claims.stand_for(claim_id, details["main"])
        case "policy":
            claims.set_policy(claim_id, PolicyMode(details["mode"]))
        case "release":
            claims.release(claim_id)
        case other:
            raise ValueError(other)
