"""Thread/changes (rfc8621#3.2)."""

from __future__ import annotations

from pirab.core.ids import IdKind, encode_id
from pirab.jmap.arguments import ChangesArguments, decode_state
from pirab.jmap.capabilities import MAIL
from pirab.jmap.context import RequestContext, Right
from pirab.jmap.registry import MethodResult, method
from pirab.store import queries
from pirab.store.types import ObjectType


@method("Thread/changes", capability=MAIL, arguments=ChangesArguments)
def handle(context: RequestContext, arguments: ChangesArguments) -> MethodResult:
    """Which threads came, changed or went since a state."""
    account = context.account(arguments.account_id, Right.READ)
    since = decode_state(arguments.since_state)
    found = queries.changes(account, ObjectType.THREAD, since, arguments.max_changes)
    return MethodResult(
        {
            "accountId": arguments.account_id,
            "oldState": arguments.since_state,
            "newState": str(found.new_state),
            "hasMoreChanges": found.has_more,
            "created": _ids(found.created),
            "updated": _ids(found.updated),
            "destroyed": _ids(found.destroyed),
        }
    )


def _ids(keys: list[int]) -> list[str]:
    return [encode_id(IdKind.THREAD, key) for key in keys]
