"""Mailbox/get (rfc8621#2.1)."""

from __future__ import annotations

from pirab.core.ids import IdKind
from pirab.jmap.arguments import GetArguments, check_get_size, chosen_properties
from pirab.jmap.capabilities import LABELS, MAIL
from pirab.jmap.context import RequestContext, Right
from pirab.jmap.mailbox.properties import Rights, every_property, rendered
from pirab.jmap.registry import MethodResult, extend, method
from pirab.store import queries
from pirab.store.types import ObjectType

extend(LABELS)


@method("Mailbox/get", capability=MAIL, arguments=GetArguments)
def handle(context: RequestContext, arguments: GetArguments) -> MethodResult:
    """The mailboxes asked for, or all of them, in the order of the account."""
    account = context.account(arguments.account_id, Right.READ)
    check_get_size(arguments.ids)
    known = every_property(context.using)
    names = chosen_properties(arguments.properties, frozenset(known), known)
    # State first: what changes in between is then in the answer and, harmlessly, once more in the next changes.
    state = queries.states(account).of(ObjectType.MAILBOX)
    rights = Rights(context.principal, account)
    rows = queries.mailboxes(account, viewer=context.viewer(account))
    not_found: list[str] = []
    if arguments.ids is not None:
        by_key = {row.id: row for row in rows}
        rows = []
        for text in dict.fromkeys(arguments.ids):
            key = context.key(IdKind.MAILBOX, text)
            if key in by_key:
                rows.append(by_key[key])
            else:
                not_found.append(text)
    return MethodResult(
        {
            "accountId": arguments.account_id,
            "state": str(state),
            "list": [rendered(row, names, rights) for row in rows],
            "notFound": not_found,
        }
    )
