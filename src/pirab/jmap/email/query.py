"""Email/query (rfc8621#4.4)."""

from __future__ import annotations

from typing import Any, Final

from pirab.core.ids import IdKind, encode_id
from pirab.jmap.arguments import QueryArguments
from pirab.jmap.capabilities import MAIL
from pirab.jmap.context import RequestContext, Right
from pirab.jmap.email.filter import parse_filter, stays_comparable
from pirab.jmap.email.sort import parse_sort
from pirab.jmap.errors import MethodError
from pirab.jmap.registry import MethodResult, method
from pirab.store import queries
from pirab.store.types import EmailQuery

MAX_QUERY_IDS: Final = 5_000
"""Ids in one answer; a larger `limit`, or none, is brought down to this and the answer says so (rfc8620#5.5)."""


class EmailQueryArguments(QueryArguments, frozen=True, kw_only=True):
    """The arguments of rfc8621#4.4 on top of the standard ones."""

    collapse_threads: bool = False


@method("Email/query", capability=MAIL, arguments=EmailQueryArguments)
def handle(context: RequestContext, arguments: EmailQueryArguments) -> MethodResult:
    """The ids of the Emails that match, in order; one of each Thread where `collapseThreads` says so."""
    account = context.account(arguments.account_id, Right.READ)
    limit = MAX_QUERY_IDS if arguments.limit is None else min(arguments.limit, MAX_QUERY_IDS)
    page = queries.query_emails(
        account,
        EmailQuery(
            filter=parse_filter(context, account, arguments.filter),
            sort=parse_sort(arguments.sort),
            collapse_threads=arguments.collapse_threads,
            position=arguments.position,
            anchor=_anchor(context, arguments.anchor),
            anchor_offset=arguments.anchor_offset,
            limit=limit,
            calculate_total=arguments.calculate_total,
        ),
        viewer=context.viewer(account),
    )
    response: dict[str, Any] = {
        "accountId": arguments.account_id,
        "queryState": page.query_state,
        "canCalculateChanges": page.can_calculate_changes and stays_comparable(context, arguments.filter),
        "position": page.position,
        "ids": [encode_id(IdKind.EMAIL, key) for key in page.ids],
    }
    if arguments.calculate_total:
        response["total"] = page.total
    if limit != arguments.limit and len(page.ids) == limit:
        response["limit"] = limit
    return MethodResult(response)


def _anchor(context: RequestContext, text: str | None) -> int | None:
    if text is None:
        return None
    key = context.key(IdKind.EMAIL, text)
    if key is None:
        raise MethodError("anchorNotFound")
    return key
