"""FilterRules/get."""

from __future__ import annotations

from pirab.jmap.arguments import GetArguments, check_get_size, chosen_properties
from pirab.jmap.capabilities import FILTERS
from pirab.jmap.context import RequestContext, Right
from pirab.jmap.filter_rules.rendering import PROPERTIES, SINGLETON, render
from pirab.jmap.registry import MethodResult, method
from pirab.store import queries as stored
from pirab.store.types import ObjectType


@method("FilterRules/get", capability=FILTERS, arguments=GetArguments)
def handle(context: RequestContext, arguments: GetArguments) -> MethodResult:
    """The one object there is. Its state is that of SieveScript: rules are a script, too."""
    account = context.account(arguments.account_id, Right.READ)
    check_get_size(arguments.ids)
    names = chosen_properties(arguments.properties, frozenset(PROPERTIES), PROPERTIES)
    state = stored.states(account).of(ObjectType.SIEVE)
    wanted = [SINGLETON] if arguments.ids is None else list(dict.fromkeys(arguments.ids))
    return MethodResult(
        {
            "accountId": arguments.account_id,
            "state": str(state),
            "list": [render(account, names)] if SINGLETON in wanted else [],
            "notFound": [text for text in wanted if text != SINGLETON],
        }
    )
