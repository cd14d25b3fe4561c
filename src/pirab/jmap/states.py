"""State strings while a set runs: what it was before, with nobody else writing in between (rfc8620#5.3)."""

from __future__ import annotations

from pirab.jmap.errors import MethodError
from pirab.store import actions, queries
from pirab.store.errors import StateMismatch
from pirab.store.types import ObjectType


def hold_state(account: int, object_type: ObjectType, expected: str | None) -> int:
    """The type's state now, which no one else can change until the caller's transaction ends.

    `expected` is `ifInState`: raises `stateMismatch` when the state is another one. Without the lock a client
    could take somebody else's change for part of its own and never ask for it.
    """
    if expected is not None:
        if not expected.isascii() or not expected.isdigit() or str(int(expected[:18])) != expected:
            raise MethodError("stateMismatch")
        actions.check_state(account, object_type, int(expected))
        return int(expected)
    while True:
        current = queries.states(account).of(object_type)
        try:
            actions.check_state(account, object_type, current)
        except StateMismatch:
            continue
        return current
