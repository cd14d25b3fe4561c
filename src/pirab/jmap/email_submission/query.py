"""EmailSubmission/query (rfc8621#7.3)."""

from __future__ import annotations

from typing import Any, Final

from pirab.core.ids import IdKind, encode_id
from pirab.jmap.arguments import QueryArguments
from pirab.jmap.capabilities import SUBMISSION
from pirab.jmap.context import RequestContext, Right
from pirab.jmap.email_submission.filter import parse_query
from pirab.jmap.errors import MethodError
from pirab.jmap.registry import MethodResult, method
from pirab.store import queries as stored
from pirab.store.types import ObjectType
from pirab.submission import search

MAX_QUERY_IDS: Final = 5_000
"""Ids in one answer; a larger `limit`, or none, is brought down to this and the answer says so (rfc8620#5.5)."""


@method("EmailSubmission/query", capability=SUBMISSION, arguments=QueryArguments)
def handle(context: RequestContext, arguments: QueryArguments) -> MethodResult:
    """The ids of the submissions that match, in order; the state is read first."""
    account = context.account(arguments.account_id, Right.READ)
    query = parse_query(context, arguments.filter, arguments.sort)
    limit = MAX_QUERY_IDS if arguments.limit is None else min(arguments.limit, MAX_QUERY_IDS)
    state = stored.states(account).of(ObjectType.SUBMISSION)
    keys = search.matching(account, query)
    start = _start(context, arguments, keys)
    page = keys[start : start + limit]
    response: dict[str, Any] = {
        "accountId": arguments.account_id,
        "queryState": str(state),
        "canCalculateChanges": True,
        "position": start,
        "ids": [encode_id(IdKind.SUBMISSION, key) for key in page],
    }
    if arguments.calculate_total:
        response["total"] = len(keys)
    if limit != arguments.limit and len(page) == limit:
        response["limit"] = limit
    return MethodResult(response)


def _start(context: RequestContext, arguments: QueryArguments, keys: list[int]) -> int:
    """Index of the first id to answer with (rfc8620#5.5: an anchor goes before a position)."""
    if arguments.anchor is None:
        position = arguments.position
        return position if position >= 0 else max(0, len(keys) + position)
    anchor = context.key(IdKind.SUBMISSION, arguments.anchor)
    if anchor not in keys:
        raise MethodError("anchorNotFound")
    return max(0, keys.index(anchor) + arguments.anchor_offset)
