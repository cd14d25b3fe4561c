"""Identity/set (rfc8621#6.3)."""

from __future__ import annotations

from functools import partial
from typing import Any

from pirab.core import db
from pirab.core.ids import IdKind, encode_id
from pirab.jmap.arguments import SetArguments, check_set_size
from pirab.jmap.capabilities import SUBMISSION
from pirab.jmap.context import RequestContext, Right
from pirab.jmap.errors import SetError
from pirab.jmap.identity.rendering import draft_of, patch_of, render
from pirab.jmap.registry import MethodResult, method
from pirab.jmap.set_outcome import SetOutcome
from pirab.jmap.states import hold_state
from pirab.store import queries as stored
from pirab.store.types import ObjectType
from pirab.submission import identity_actions, queries


@method("Identity/set", capability=SUBMISSION, arguments=SetArguments)
def handle(context: RequestContext, arguments: SetArguments) -> MethodResult:
    """Create, update and destroy identities; `forbiddenFrom` for an address the person may not write as."""
    account = context.account(arguments.account_id, Right.WRITE)
    check_set_size(arguments)
    identity_actions.ensure_default_identities(account)
    outcome = SetOutcome()
    with db.transaction():
        old_state = hold_state(account, ObjectType.IDENTITY, arguments.if_in_state)
        outcome.run(
            arguments,
            partial(_create, context, account),
            partial(_update, context, account),
            partial(_destroy, context, account),
        )
        new_state = stored.states(account).of(ObjectType.IDENTITY)
    return MethodResult(outcome.response(arguments.account_id, old_state, new_state))


def _create(
    context: RequestContext, account: int, creation_id: str, record: dict[str, Any]
) -> dict[str, Any]:
    row = identity_actions.create_identity(context.principal, account, draft_of(record))
    context.record_created(creation_id, encode_id(IdKind.IDENTITY, row.id))
    return {name: value for name, value in render(row).items() if name not in record}


def _update(context: RequestContext, account: int, text: str, patch: dict[str, Any]) -> None:
    row = queries.identity(account, _key(context, text))
    identity_actions.update_identity(context.principal, account, row.id, patch_of(patch, row))


def _destroy(context: RequestContext, account: int, text: str) -> None:
    identity_actions.destroy_identity(context.principal, account, _key(context, text))


def _key(context: RequestContext, text: str) -> int:
    key = context.key(IdKind.IDENTITY, text)
    if key is None:
        raise SetError("notFound")
    return key
