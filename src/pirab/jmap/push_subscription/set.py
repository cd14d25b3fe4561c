"""PushSubscription/set (rfc8620#7.2.2)."""

from __future__ import annotations

from functools import partial
from typing import Any

from pirab.core.ids import IdKind, encode_id
from pirab.jmap.arguments import Arguments, Id, IdOrReference, Record, check_set_count
from pirab.jmap.capabilities import CORE
from pirab.jmap.context import RequestContext
from pirab.jmap.errors import SetError
from pirab.jmap.push_subscription.rendering import date_text, draft_of, owner_of, patch_of, render
from pirab.jmap.registry import MethodResult, method
from pirab.jmap.set_outcome import SetOutcome
from pirab.push import actions
from pirab.push.types import Credential, Subscription


class PushSubscriptionSetArguments(Arguments, frozen=True, kw_only=True):
    """As Foo/set, without account and states."""

    create: dict[Id, Record] | None = None
    update: dict[IdOrReference, Record] | None = None
    destroy: list[IdOrReference] | None = None


@method("PushSubscription/set", capability=CORE, arguments=PushSubscriptionSetArguments)
def handle(context: RequestContext, arguments: PushSubscriptionSetArguments) -> MethodResult:
    """Make, verify, renew, narrow and end subscriptions of the credential the request came with."""
    check_set_count(arguments.create, arguments.update, arguments.destroy)
    owner = owner_of(context)
    outcome = SetOutcome()
    for creation_id, record in (arguments.create or {}).items():
        outcome.create(creation_id, partial(_create, context, owner, creation_id, record))
    for text, patch in (arguments.update or {}).items():
        outcome.update(text, partial(_update, context, owner, text, patch))
    for text in dict.fromkeys(arguments.destroy or ()):
        outcome.destroy(text, partial(_destroy, context, owner, text))
    return MethodResult(outcome.lists())


def _create(
    context: RequestContext, owner: Credential, creation_id: str, record: dict[str, Any]
) -> dict[str, Any]:
    made = actions.create(owner, draft_of(record))
    name = encode_id(IdKind.PUSH_SUBSCRIPTION, made.id)
    context.record_created(creation_id, name)
    return {"id": name} | _beyond(record, made)


def _update(
    context: RequestContext, owner: Credential, text: str, patch: dict[str, Any]
) -> dict[str, Any] | None:
    changed = actions.update(owner, _key(context, text), patch_of(patch))
    if "expires" not in patch or not _differs(patch, changed):
        return None
    return {"expires": date_text(changed.expires_at)}


def _destroy(context: RequestContext, owner: Credential, text: str) -> None:
    actions.destroy(owner, _key(context, text))


def _beyond(record: dict[str, Any], row: Subscription) -> dict[str, Any]:
    """What the client does not know: the server decides how long, and fills in what was left out."""
    whole = render(row)
    known = {"id", "deviceClientId", "verificationCode"}
    return {
        name: value
        for name, value in whole.items()
        if name not in known and (name not in record or (name == "expires" and _differs(record, row)))
    }


def _differs(record: dict[str, Any], row: Subscription) -> bool:
    return bool(record.get("expires") != date_text(row.expires_at))


def _key(context: RequestContext, text: str) -> int:
    key = context.key(IdKind.PUSH_SUBSCRIPTION, text)
    if key is None:
        raise SetError("notFound")
    return key
