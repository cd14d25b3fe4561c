"""Mailbox/query (rfc8621#2.3)."""

from __future__ import annotations

from pirab.core.ids import IdKind
from pirab.jmap.arguments import Comparator, QueryArguments, Record
from pirab.jmap.capabilities import MAIL
from pirab.jmap.context import RequestContext, Right
from pirab.jmap.key_list import query_result
from pirab.jmap.mailbox import selection
from pirab.jmap.registry import MethodResult, method
from pirab.store import queries
from pirab.store.types import MailboxRow, ObjectType


class MailboxQueryArguments(QueryArguments, frozen=True, kw_only=True):
    """The standard arguments and the two that treat mailboxes as a tree."""

    sort_as_tree: bool = False
    filter_as_tree: bool = False


@method("Mailbox/query", capability=MAIL, arguments=MailboxQueryArguments)
def handle(context: RequestContext, arguments: MailboxQueryArguments) -> MethodResult:
    """The ids of the mailboxes that match, in order."""
    account = context.account(arguments.account_id, Right.READ)
    state = queries.states(account).of(ObjectType.MAILBOX)
    rows = select(
        context,
        queries.mailboxes(account, viewer=context.viewer(account)),
        arguments.filter,
        arguments.sort,
        sort_as_tree=arguments.sort_as_tree,
        filter_as_tree=arguments.filter_as_tree,
    )
    return query_result(context, arguments, IdKind.MAILBOX, [row.id for row in rows], state)


def select(
    context: RequestContext,
    rows: list[MailboxRow],
    filter_given: Record | None,
    sort: list[Comparator] | None,
    *,
    sort_as_tree: bool,
    filter_as_tree: bool,
) -> list[MailboxRow]:
    """All results of a query over `rows`, in order."""
    test = selection.parse_filter(context, filter_given)
    ordered = selection.sorted_rows(rows, sort)
    if sort_as_tree:
        ordered = selection.as_tree(ordered)
    if filter_as_tree:
        return selection.with_all_ancestors(ordered, test)
    return [row for row in ordered if test(row)]
