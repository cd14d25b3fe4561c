"""Mailbox/changes (rfc8621#2.2)."""

from __future__ import annotations

from pirab.core.ids import IdKind, encode_id
from pirab.jmap.arguments import ChangesArguments, decode_state
from pirab.jmap.capabilities import MAIL
from pirab.jmap.context import RequestContext, Right
from pirab.jmap.mailbox.properties import COUNTS
from pirab.jmap.registry import MethodResult, method
from pirab.store import queries
from pirab.store.types import ObjectType


@method("Mailbox/changes", capability=MAIL, arguments=ChangesArguments)
def handle(context: RequestContext, arguments: ChangesArguments) -> MethodResult:
    """What changed since a state; `updatedProperties` names the counters when nothing else moved."""
    account = context.account(arguments.account_id, Right.READ)
    since = decode_state(arguments.since_state)
    found = queries.changes(account, ObjectType.MAILBOX, since, arguments.max_changes)
    return MethodResult(
        {
            "accountId": arguments.account_id,
            "oldState": arguments.since_state,
            "newState": str(found.new_state),
            "hasMoreChanges": found.has_more,
            "created": _ids(found.created),
            "updated": _ids(found.updated),
            "destroyed": _ids(found.destroyed),
            "updatedProperties": list(COUNTS) if found.counts_only else None,
        }
    )


def _ids(keys: list[int]) -> list[str]:
    return [encode_id(IdKind.MAILBOX, key) for key in keys]
