"""Identity/changes (rfc8621#6.2)."""

from __future__ import annotations

from pirab.core.ids import IdKind, encode_id
from pirab.jmap.arguments import ChangesArguments, decode_state
from pirab.jmap.capabilities import SUBMISSION
from pirab.jmap.context import RequestContext
from pirab.jmap.registry import MethodResult, method
from pirab.store import queries
from pirab.store.types import ObjectType
from pirab.submission import identity_actions


@method("Identity/changes", capability=SUBMISSION, arguments=ChangesArguments)
def handle(context: RequestContext, arguments: ChangesArguments) -> MethodResult:
    """What was created, updated and destroyed since a state; `cannotCalculateChanges` when the log no longer says."""
    account = context.submission_account(arguments.account_id)
    since = decode_state(arguments.since_state)
    identity_actions.ensure_default_identities(account)  # an address may have come or gone
    changes = queries.changes(account, ObjectType.IDENTITY, since, arguments.max_changes)
    return MethodResult(
        {
            "accountId": arguments.account_id,
            "oldState": arguments.since_state,
            "newState": str(changes.new_state),
            "hasMoreChanges": changes.has_more,
            "created": [encode_id(IdKind.IDENTITY, key) for key in changes.created],
            "updated": [encode_id(IdKind.IDENTITY, key) for key in changes.updated],
            "destroyed": [encode_id(IdKind.IDENTITY, key) for key in changes.destroyed],
        }
    )
