"""RemovedEmail/get."""

from __future__ import annotations

from pirab.core.ids import IdKind, encode_id
from pirab.jmap.arguments import GetArguments, check_get_size, chosen_properties
from pirab.jmap.capabilities import RECOVERY
from pirab.jmap.context import RequestContext, Right
from pirab.jmap.errors import too_large
from pirab.jmap.limits import CORE_LIMITS
from pirab.jmap.registry import MethodResult, method
from pirab.jmap.removed_email.rendering import PROPERTIES, removed_state, render
from pirab.store import queries
from pirab.store.types import RemovedFilter


@method("RemovedEmail/get", capability=RECOVERY, arguments=GetArguments)
def handle(context: RequestContext, arguments: GetArguments) -> MethodResult:
    """What is known of removed mail."""
    account = context.account(arguments.account_id, Right.READ)
    check_get_size(arguments.ids)
    names = chosen_properties(arguments.properties, frozenset(PROPERTIES), PROPERTIES)
    wanted = arguments.ids if arguments.ids is not None else _all_ids(account)
    keys = {text: context.key(IdKind.REMOVED_EMAIL, text) for text in dict.fromkeys(wanted)}
    state = removed_state(account)
    wanted_keys = [key for key in keys.values() if key is not None]
    rows = queries.removed_emails(account, wanted_keys, viewer=context.viewer(account))
    found = {row.id for row in rows}
    return MethodResult(
        {
            "accountId": arguments.account_id,
            "state": state,
            "list": [render(row, names) for row in rows],
            "notFound": [text for text, key in keys.items() if key not in found],
        }
    )


def _all_ids(account: int) -> list[str]:
    keys = queries.removed_ids(account, RemovedFilter(), "removedAt", is_ascending=False)
    if len(keys) > CORE_LIMITS.max_objects_in_get:
        raise too_large("ids", CORE_LIMITS.max_objects_in_get)
    return [encode_id(IdKind.REMOVED_EMAIL, key) for key in keys]
