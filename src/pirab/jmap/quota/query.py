"""Quota/query (rfc9425#4.4)."""

from __future__ import annotations

from typing import Any

from pirab.jmap.arguments import QueryArguments
from pirab.jmap.capabilities import QUOTA
from pirab.jmap.context import RequestContext, Right
from pirab.jmap.paging import cut
from pirab.jmap.quota.rendering import quota_id, quota_state
from pirab.jmap.quota.selection import check_sort, matches
from pirab.jmap.registry import MethodResult, method
from pirab.store import queries


@method("Quota/query", capability=QUOTA, arguments=QueryArguments)
def handle(context: RequestContext, arguments: QueryArguments) -> MethodResult:
    """The account's Quota if it passes the filter."""
    account = context.account(arguments.account_id, Right.READ)
    check_sort(arguments.sort)
    found = [quota_id(account)] if matches(arguments.filter) else []
    page = cut(arguments, len(found), found.index(arguments.anchor) if arguments.anchor in found else None)
    response: dict[str, Any] = {
        "accountId": arguments.account_id,
        "queryState": quota_state(queries.usage(account)),
        "canCalculateChanges": True,
        "position": page.start,
        "ids": found[page.start : page.end],
    }
    if arguments.calculate_total:
        response["total"] = len(found)
    return MethodResult(response)
