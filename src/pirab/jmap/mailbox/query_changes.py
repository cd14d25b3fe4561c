"""Mailbox/queryChanges (rfc8621#2.4)."""

from __future__ import annotations

from pirab.core.ids import IdKind
from pirab.jmap.arguments import QueryChangesArguments, decode_state
from pirab.jmap.capabilities import MAIL
from pirab.jmap.context import RequestContext, Right
from pirab.jmap.key_list import query_changes_result
from pirab.jmap.mailbox import selection
from pirab.jmap.mailbox.query import select
from pirab.jmap.registry import MethodResult, method
from pirab.store import queries
from pirab.store.types import ObjectType


class MailboxQueryChangesArguments(QueryChangesArguments, frozen=True, kw_only=True):
    """The standard arguments and the two that treat mailboxes as a tree; they must be those of the query."""

    sort_as_tree: bool = False
    filter_as_tree: bool = False


@method("Mailbox/queryChanges", capability=MAIL, arguments=MailboxQueryChangesArguments)
def handle(context: RequestContext, arguments: MailboxQueryChangesArguments) -> MethodResult:
    """How the results of a query differ from what they were.

    Every property of a mailbox may change, so each changed mailbox is taken out and, if it still matches, put
    back where it now stands (rfc8620#5.6); in a tree, whatever is below it moves along.
    """
    account = context.account(arguments.account_id, Right.READ)
    found = queries.changes(account, ObjectType.MAILBOX, decode_state(arguments.since_query_state), None)
    all_rows = queries.mailboxes(account, viewer=context.viewer(account))
    moved = set(found.updated) | set(found.created)
    if arguments.sort_as_tree or arguments.filter_as_tree:
        moved = selection.descendants(all_rows, moved)
    rows = select(
        context,
        all_rows,
        arguments.filter,
        arguments.sort,
        sort_as_tree=arguments.sort_as_tree,
        filter_as_tree=arguments.filter_as_tree,
    )
    return query_changes_result(arguments, IdKind.MAILBOX, [row.id for row in rows], found, moved)
