"""Quota/get (rfc9425#4.2)."""

from __future__ import annotations

from pirab.jmap.arguments import GetArguments, check_get_size, chosen_properties
from pirab.jmap.capabilities import QUOTA
from pirab.jmap.context import RequestContext, Right
from pirab.jmap.quota.rendering import PROPERTIES, quota_id, quota_state, render
from pirab.jmap.registry import MethodResult, method
from pirab.store import queries


@method("Quota/get", capability=QUOTA, arguments=GetArguments)
def handle(context: RequestContext, arguments: GetArguments) -> MethodResult:
    """The one Quota of the account."""
    account = context.account(arguments.account_id, Right.READ)
    check_get_size(arguments.ids)
    names = chosen_properties(arguments.properties, frozenset(PROPERTIES), PROPERTIES)
    usage, own = queries.usage(account), quota_id(account)
    wanted = [own] if arguments.ids is None else list(dict.fromkeys(arguments.ids))
    return MethodResult(
        {
            "accountId": arguments.account_id,
            "state": quota_state(usage),
            "list": [render(account, usage, names)] if own in wanted else [],
            "notFound": [text for text in wanted if text != own],
        }
    )
