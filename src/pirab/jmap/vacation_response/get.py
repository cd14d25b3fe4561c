"""VacationResponse/get (rfc8621#8.1)."""

from __future__ import annotations

from pirab.filtering.vacation import vacation_of
from pirab.jmap.arguments import GetArguments, check_get_size, chosen_properties
from pirab.jmap.capabilities import VACATION_RESPONSE
from pirab.jmap.context import RequestContext, Right
from pirab.jmap.registry import MethodResult, method
from pirab.jmap.vacation_response.rendering import PROPERTIES, SINGLETON, render
from pirab.store import queries as stored
from pirab.store.types import ObjectType


@method("VacationResponse/get", capability=VACATION_RESPONSE, arguments=GetArguments)
def handle(context: RequestContext, arguments: GetArguments) -> MethodResult:
    """The one object there is."""
    account = context.account(arguments.account_id, Right.READ)
    check_get_size(arguments.ids)
    names = chosen_properties(arguments.properties, frozenset(PROPERTIES), PROPERTIES)
    state = stored.states(account).of(ObjectType.VACATION)
    wanted = [SINGLETON] if arguments.ids is None else list(dict.fromkeys(arguments.ids))
    return MethodResult(
        {
            "accountId": arguments.account_id,
            "state": str(state),
            "list": [render(vacation_of(account), names)] if SINGLETON in wanted else [],
            "notFound": [text for text in wanted if text != SINGLETON],
        }
    )
