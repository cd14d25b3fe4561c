"""ContactCard/query (rfc9610#3.3)."""

from __future__ import annotations

from typing import Any

from pirab.contacts import queries
from pirab.core.ids import IdKind, encode_id
from pirab.jmap.address_book.access import readable
from pirab.jmap.arguments import QueryArguments
from pirab.jmap.capabilities import CONTACTS
from pirab.jmap.contact_card.selection import condition_of, order_of
from pirab.jmap.context import RequestContext
from pirab.jmap.paging import cut
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
    anchor = context.key(IdKind.CONTACT_CARD, arguments.anchor) if arguments.anchor else None
    page = cut(arguments, len(keys), keys.index(anchor) if anchor in keys else None)
    response: dict[str, Any] = {
        "accountId": arguments.account_id,
        "queryState": str(state),
        "canCalculateChanges": True,
        "position": page.start,
        "ids": [encode_id(IdKind.CONTACT_CARD, key) for key in keys[page.start : page.end]],
    }
    if arguments.calculate_total:
        response["total"] = len(keys)
    return MethodResult(response)
