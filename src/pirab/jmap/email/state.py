"""ifInState of the Email methods (rfc8620#5.3), looked at before any work is done."""

from __future__ import annotations

from pirab.jmap.errors import MethodError
from pirab.store import queries
from pirab.store.types import ObjectType


def require_email_state(account: int, expected: str | None) -> None:
    """Raise `stateMismatch` when the Email state is not `expected` (None: any).

    An early answer only: the transaction that writes asks again with the account held (`pirab.jmap.states`).
    """
    if expected is not None and expected != str(queries.states(account).of(ObjectType.EMAIL)):
        raise MethodError("stateMismatch")
