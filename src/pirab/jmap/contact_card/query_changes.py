"""ContactCard/queryChanges (rfc9610#3.4)."""

from __future__ import annotations

from pirab.contacts import queries
from pirab.core.ids import IdKind
from pirab.jmap.address_book.access import readable
from pirab.jmap.arguments import QueryChangesArguments, decode_state
from pirab.jmap.capabilities import CONTACTS
from pirab.jmap.contact_card.selection import condition_of, order_of
from pirab.jmap.context import RequestContext
from pirab.jmap.key_list import query_changes_result
from pirab.jmap.registry import MethodResult, method
from pirab.store import queries as stored
from pirab.store.types import ObjectType


@method("ContactCard/queryChanges", capability=CONTACTS, arguments=QueryChangesArguments)
def handle(context: RequestContext, arguments: QueryChangesArguments) -> MethodResult:
    """How the results of a query differ from what they were: every property of a card may change, so each changed card
    is taken out and, if it still matches, put back where it now stands (rfc8620#5.6)."""
    access = readable(context, arguments.account_id)
    condition = condition_of(context, access, arguments.filter)
    order = order_of(arguments.sort)
    since = decode_state(arguments.since_query_state)
    found = stored.changes(access.account, ObjectType.CONTACT_CARD, since, None)
    keys = queries.matching(access.account, condition, order)
    moved = set(found.updated) | set(found.created)
    return query_changes_result(arguments, IdKind.CONTACT_CARD, keys, found, moved)
