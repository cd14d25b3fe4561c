"""PushSubscription/get (rfc8620#7.2.1)."""

from __future__ import annotations

from pirab.core.ids import IdKind, encode_id
from pirab.jmap.arguments import Arguments, IdOrReference, check_get_size, chosen_properties
from pirab.jmap.capabilities import CORE
from pirab.jmap.context import RequestContext
from pirab.jmap.errors import MethodError
from pirab.jmap.push_subscription.rendering import PROPERTIES, SECRET, owner_of, render
from pirab.jmap.registry import MethodResult, method
from pirab.push import queries


class PushSubscriptionGetArguments(Arguments, frozen=True, kw_only=True):
    """No account: a subscription belongs to a credential. `ids` null means all of them."""

    ids: list[IdOrReference] | None = None
    properties: list[str] | None = None


@method("PushSubscription/get", capability=CORE, arguments=PushSubscriptionGetArguments)
def handle(context: RequestContext, arguments: PushSubscriptionGetArguments) -> MethodResult:
    """The caller's own subscriptions; `forbidden` for one who asks for addresses or keys."""
    check_get_size(arguments.ids)
    if arguments.properties is not None and SECRET & set(arguments.properties):
        raise MethodError("forbidden", "The address and the keys are never told.")
    names = chosen_properties(arguments.properties, frozenset(PROPERTIES), PROPERTIES)
    wanted = {text: context.key(IdKind.PUSH_SUBSCRIPTION, text) for text in arguments.ids or ()}
    keys = None if arguments.ids is None else [key for key in wanted.values() if key is not None]
    rows = {row.id: row for row in queries.subscriptions(owner_of(context), keys)}
    found = []
    for row in rows.values():
        whole = render(row) | {"id": encode_id(IdKind.PUSH_SUBSCRIPTION, row.id)}
        found.append({name: whole[name] for name in names})
    return MethodResult(
        {"list": found, "notFound": [text for text, key in wanted.items() if key not in rows]}
    )
