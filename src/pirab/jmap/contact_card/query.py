"""ContactCard/query (rfc9610#3.3)."""

from __future__ import annotations

from pirab.contacts import queries
from pirab.core.ids import IdKind
from pirab.jmap.address_book.access import readable
from pirab.jmap.arguments import QueryArguments
from pirab.jmap.capabilities import CONTACTS
from pirab.jmap.contact_card.selection import condition_of, order_of
from pirab.jmap.context import RequestContext
from pirab.jmap.key_list import query_result
from pirab.jmap.registry import MethodResult, method
from pirab.store import queries as stored
from pirab.store.types import ObjectType


@method("ContactCard/query", capability=CONTACTS, arguments=QueryArguments)
def handle(context: RequestContext, arguments: QueryArguments) -> MethodResult:
    """The ids of the cards that match, in order."""
    access = readable(context, arguments.account_id)
    condition = condition_of(context, access, arguments.filter)
    order = order_of(arguments.sort)
    state = stored.states(access.account).of(ObjectType.CONTACT_CARD)
    keys = queries.matching(access.account, condition, order)
    return query_result(context, arguments, IdKind.CONTACT_CARD, keys, state)
