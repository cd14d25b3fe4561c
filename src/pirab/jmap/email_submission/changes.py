"""EmailSubmission/changes (rfc8621#7.2)."""

from __future__ import annotations

from pirab.core.ids import IdKind, encode_id
from pirab.jmap.arguments import ChangesArguments, decode_state
from pirab.jmap.capabilities import SUBMISSION
from pirab.jmap.context import RequestContext
from pirab.jmap.registry import MethodResult, method
from pirab.store import queries
from pirab.store.types import ObjectType


@method("EmailSubmission/changes", capability=SUBMISSION, arguments=ChangesArguments)
def handle(context: RequestContext, arguments: ChangesArguments) -> MethodResult:
    """What was created, updated and destroyed since a state; `cannotCalculateChanges` when the log no longer says."""
    account = context.submission_account(arguments.account_id)
    since = decode_state(arguments.since_state)
    changes = queries.changes(account, ObjectType.SUBMISSION, since, arguments.max_changes)
    return MethodResult(
        {
            "accountId": arguments.account_id,
            "oldState": arguments.since_state,
            "newState": str(changes.new_state),
            "hasMoreChanges": changes.has_more,
            "created": [encode_id(IdKind.SUBMISSION, key) for key in changes.created],
            "updated": [encode_id(IdKind.SUBMISSION, key) for key in changes.updated],
            "destroyed": [encode_id(IdKind.SUBMISSION, key) for key in changes.destroyed],
        }
    )
