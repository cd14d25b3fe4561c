"""ContactCard/get (rfc9610#3.1)."""

from __future__ import annotations

from pirab.contacts import queries
from pirab.core.ids import IdKind
from pirab.jmap.address_book.access import readable
from pirab.jmap.arguments import GetArguments, check_get_size
from pirab.jmap.capabilities import CONTACTS
from pirab.jmap.contact_card.rendering import is_property, render
from pirab.jmap.context import RequestContext
from pirab.jmap.errors import invalid_arguments, too_large
from pirab.jmap.limits import CORE_LIMITS
from pirab.jmap.registry import MethodResult, method
from pirab.store import queries as stored
from pirab.store.types import ObjectType


@method("ContactCard/get", capability=CONTACTS, arguments=GetArguments)
def handle(context: RequestContext, arguments: GetArguments) -> MethodResult:
    """Cards by id, or all of them while they are not too many for one call."""
    access = readable(context, arguments.account_id)
    check_get_size(arguments.ids)
    names = _names(arguments.properties)
    state = stored.states(access.account).of(ObjectType.CONTACT_CARD)
    wanted = {text: context.key(IdKind.CONTACT_CARD, text) for text in arguments.ids or ()}
    keys = [key for key in wanted.values() if key is not None]
    if arguments.ids is None:
        keys = queries.first_keys(access.account, CORE_LIMITS.max_objects_in_get + 1)
        if len(keys) > CORE_LIMITS.max_objects_in_get:
            raise too_large("ids", CORE_LIMITS.max_objects_in_get)
    rows = [row for row in queries.cards(access.account, keys) if access.may_read(row.book_ids)]
    found = {row.id for row in rows}
    return MethodResult(
        {
            "accountId": arguments.account_id,
            "state": str(state),
            "list": [render(row, names) for row in rows],
            "notFound": [text for text, key in wanted.items() if key not in found],
        }
    )


def _names(asked: list[str] | None) -> list[str] | None:
    if asked is None:
        return None
    strange = [name for name in asked if not is_property(name)]
    if strange:
        raise invalid_arguments(f"No such property: {strange[0][:100]!r}.", "properties")
    return list(dict.fromkeys(["id", *asked]))
