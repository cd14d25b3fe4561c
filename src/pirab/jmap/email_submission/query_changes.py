"""EmailSubmission/queryChanges (rfc8621#7.4)."""

from __future__ import annotations

from typing import Any

from pirab.core.ids import IdKind, encode_id
from pirab.jmap.arguments import QueryChangesArguments, decode_state
from pirab.jmap.capabilities import SUBMISSION
from pirab.jmap.context import RequestContext
from pirab.jmap.email_submission.filter import parse_query
from pirab.jmap.registry import MethodResult, method
from pirab.submission import search


@method("EmailSubmission/queryChanges", capability=SUBMISSION, arguments=QueryChangesArguments)
def handle(context: RequestContext, arguments: QueryChangesArguments) -> MethodResult:
    """What to take out of and put into a cached result; `cannotCalculateChanges` sends the client back to the query."""
    account = context.submission_account(arguments.account_id)
    query = parse_query(context, arguments.filter, arguments.sort)
    since = decode_state(arguments.since_query_state)
    up_to = None if arguments.up_to_id is None else context.key(IdKind.SUBMISSION, arguments.up_to_id)
    delta = search.changes_of(
        account, query, since, arguments.max_changes, up_to, calculate_total=arguments.calculate_total
    )
    response: dict[str, Any] = {
        "accountId": arguments.account_id,
        "oldQueryState": arguments.since_query_state,
        "newQueryState": str(delta.new_state),
        "removed": [encode_id(IdKind.SUBMISSION, key) for key in delta.removed],
        "added": [{"id": encode_id(IdKind.SUBMISSION, key), "index": index} for key, index in delta.added],
    }
    if arguments.calculate_total:
        response["total"] = delta.total
    return MethodResult(response)
