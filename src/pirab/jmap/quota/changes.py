"""Quota/changes (rfc9425#4.3)."""

from __future__ import annotations

from pirab.jmap.arguments import ChangesArguments
from pirab.jmap.capabilities import QUOTA
from pirab.jmap.context import RequestContext, Right
from pirab.jmap.quota.rendering import known_numbers, quota_id, quota_state
from pirab.jmap.registry import MethodResult, method
from pirab.store import queries


@method("Quota/changes", capability=QUOTA, arguments=ChangesArguments)
def handle(context: RequestContext, arguments: ChangesArguments) -> MethodResult:
    """Whether the Quota is another one than in a state; `updatedProperties` is `used` when only mail came or went."""
    account = context.account(arguments.account_id, Right.READ)
    _, limit = known_numbers(arguments.since_state)
    usage = queries.usage(account)
    now = quota_state(usage)
    has_changed = now != arguments.since_state
    return MethodResult(
        {
            "accountId": arguments.account_id,
            "oldState": arguments.since_state,
            "newState": now,
            "hasMoreChanges": False,
            "created": [],
            "updated": [quota_id(account)] if has_changed else [],
            "destroyed": [],
            "updatedProperties": ["used"] if has_changed and limit == usage.quota_bytes else None,
        }
    )
