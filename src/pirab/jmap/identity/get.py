"""Identity/get (rfc8621#6.1)."""

from __future__ import annotations

from pirab.core.ids import IdKind
from pirab.jmap.arguments import GetArguments, check_get_size, chosen_properties
from pirab.jmap.capabilities import SUBMISSION
from pirab.jmap.context import RequestContext
from pirab.jmap.identity.rendering import PROPERTIES, render
from pirab.jmap.registry import MethodResult, method
from pirab.store import queries as stored
from pirab.store.types import ObjectType
from pirab.submission import identity_actions, queries


@method("Identity/get", capability=SUBMISSION, arguments=GetArguments)
def handle(context: RequestContext, arguments: GetArguments) -> MethodResult:
    """Identities by id, or all; the first look makes the default one of each address."""
    account = context.submission_account(arguments.account_id)
    check_get_size(arguments.ids)
    names = chosen_properties(arguments.properties, frozenset(PROPERTIES), PROPERTIES)
    identity_actions.ensure_default_identities(account)
    state = stored.states(account).of(ObjectType.IDENTITY)
    rows = {row.id: row for row in queries.identities(account)}
    wanted = {text: context.key(IdKind.IDENTITY, text) for text in arguments.ids or ()}
    found = (
        list(rows)
        if arguments.ids is None
        else [key for key in dict.fromkeys(wanted.values()) if key in rows]
    )
    return MethodResult(
        {
            "accountId": arguments.account_id,
            "state": str(state),
            "list": [
                {name: value for name, value in render(rows[each]).items() if name in names} for each in found
            ],
            "notFound": [text for text, key in wanted.items() if key not in rows],
        }
    )
