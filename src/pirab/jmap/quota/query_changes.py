"""Quota/queryChanges (rfc9425#4.5)."""

from __future__ import annotations

from typing import Any

from pirab.jmap.arguments import QueryChangesArguments
from pirab.jmap.capabilities import QUOTA
from pirab.jmap.context import RequestContext, Right
from pirab.jmap.quota.rendering import known_numbers, quota_state
from pirab.jmap.quota.selection import check_sort, matches
from pirab.jmap.registry import MethodResult, method
from pirab.store import queries


@method("Quota/queryChanges", capability=QUOTA, arguments=QueryChangesArguments)
def handle(context: RequestContext, arguments: QueryChangesArguments) -> MethodResult:
    """Nothing, ever: what a filter looks at never changes, and one object is always in its place."""
    account = context.account(arguments.account_id, Right.READ)
    known_numbers(arguments.since_query_state)
    check_sort(arguments.sort)
    passes = matches(arguments.filter)
    response: dict[str, Any] = {
        "accountId": arguments.account_id,
        "oldQueryState": arguments.since_query_state,
        "newQueryState": quota_state(queries.usage(account)),
        "removed": [],
        "added": [],
    }
    if arguments.calculate_total:
        response["total"] = int(passes)
    return MethodResult(response)
