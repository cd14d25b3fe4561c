"""EmailSubmission/query (rfc8621#7.3)."""

from __future__ import annotations

from typing import Any, Final

from pirab.core.ids import IdKind, encode_id
from pirab.jmap.arguments import QueryArguments
from pirab.jmap.capabilities import SUBMISSION
from pirab.jmap.context import RequestContext
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
    account = context.submission_account(arguments.account_id)
    query = parse_query(context, arguments.filter, arguments.sort)
    limit = MAX_QUERY_IDS if arguments.limit is None else min(arguments.limit, MAX_QUERY_IDS)
    state = stored.states(account).of(ObjectType.SUBMISSION)
    wanted = search.Wanted(
        arguments.position,
        limit,
        anchor=_anchor(context, arguments.anchor),
        anchor_offset=arguments.anchor_offset,
        calculate_total=arguments.calculate_total,
    )
    page = search.page_of(account, query, wanted)
    response: dict[str, Any] = {
        "accountId": arguments.account_id,
        "queryState": str(state),
        "canCalculateChanges": True,
        "position": page.position,
        "ids": [encode_id(IdKind.SUBMISSION, key) for key in page.keys],
    }
    if arguments.calculate_total:
        response["total"] = page.total
    if limit != arguments.limit and len(page.keys) == limit:
        response["limit"] = limit
    return MethodResult(response)


def _anchor(context: RequestContext, text: str | None) -> int | None:
    if text is None:
        return None
    key = context.key(IdKind.SUBMISSION, text)
    if key is None:
        raise MethodError("anchorNotFound")
    return key
