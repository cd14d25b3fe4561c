"""Email/queryChanges (rfc8621#4.5)."""

from __future__ import annotations

from typing import Any

from pirab.core.ids import IdKind, encode_id
from pirab.jmap.arguments import QueryChangesArguments
from pirab.jmap.capabilities import MAIL
from pirab.jmap.context import RequestContext, Right
from pirab.jmap.email.filter import parse_filter, stays_comparable
from pirab.jmap.email.sort import parse_sort
from pirab.jmap.errors import MethodError
from pirab.jmap.registry import MethodResult, method
from pirab.store import queries
from pirab.store.types import EmailQuery


class EmailQueryChangesArguments(QueryChangesArguments, frozen=True, kw_only=True):
    """The arguments of rfc8621#4.5 on top of the standard ones."""

    collapse_threads: bool = False


@method("Email/queryChanges", capability=MAIL, arguments=EmailQueryChangesArguments)
def handle(context: RequestContext, arguments: EmailQueryChangesArguments) -> MethodResult:
    """What to take out of and put into a cached result; `cannotCalculateChanges` sends the client back to the query."""
    account = context.account(arguments.account_id, Right.READ)
    query = EmailQuery(
        filter=parse_filter(context, account, arguments.filter),
        sort=parse_sort(arguments.sort),
        collapse_threads=arguments.collapse_threads,
        position=0,
        anchor=None,
        anchor_offset=0,
        limit=None,
        calculate_total=arguments.calculate_total,
    )
    if not stays_comparable(context, arguments.filter):
        raise MethodError("cannotCalculateChanges")
    # An id that is not in the result changes nothing (rfc8620#5.6), so one that names nothing is as good as none.
    up_to = None if arguments.up_to_id is None else context.key(IdKind.EMAIL, arguments.up_to_id)
    delta = queries.query_changes(
        account,
        query,
        arguments.since_query_state,
        arguments.max_changes,
        up_to,
        viewer=context.viewer(account),
    )
    response: dict[str, Any] = {
        "accountId": arguments.account_id,
        "oldQueryState": arguments.since_query_state,
        "newQueryState": delta.new_query_state,
        "removed": [encode_id(IdKind.EMAIL, key) for key in delta.removed],
        "added": [{"id": encode_id(IdKind.EMAIL, key), "index": index} for key, index in delta.added],
    }
    if arguments.calculate_total:
        response["total"] = delta.total
    return MethodResult(response)
