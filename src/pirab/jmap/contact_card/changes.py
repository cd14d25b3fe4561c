"""ContactCard/changes (rfc9610#3.2)."""

from __future__ import annotations

from pirab.contacts import queries
from pirab.core.ids import IdKind, encode_id
from pirab.jmap.address_book.access import Access, readable
from pirab.jmap.arguments import ChangesArguments, decode_state
from pirab.jmap.capabilities import CONTACTS
from pirab.jmap.context import RequestContext
from pirab.jmap.registry import MethodResult, method
from pirab.store import queries as stored
from pirab.store.types import ChangeSet, ObjectType


@method("ContactCard/changes", capability=CONTACTS, arguments=ChangesArguments)
def handle(context: RequestContext, arguments: ChangesArguments) -> MethodResult:
    """What changed since a state; what left the books a reader may see counts as destroyed."""
    access = readable(context, arguments.account_id)
    since = decode_state(arguments.since_state)
    found = stored.changes(access.account, ObjectType.CONTACT_CARD, since, arguments.max_changes)
    seen = visible(access, found)
    return MethodResult(
        {
            "accountId": arguments.account_id,
            "oldState": arguments.since_state,
            "newState": str(found.new_state),
            "hasMoreChanges": found.has_more,
            "created": _ids([key for key in found.created if key in seen]),
            "updated": _ids([key for key in found.updated if key in seen]),
            "destroyed": _ids([*found.destroyed, *(key for key in found.updated if key not in seen)]),
        }
    )


def visible(access: Access, found: ChangeSet) -> set[int]:
    """Those of the created and updated cards that this reader may see."""
    changed = [*found.created, *found.updated]
    if access.book_ids is None:
        return set(changed)
    return {row.id for row in queries.cards(access.account, changed) if access.may_read(row.book_ids)}


def _ids(keys: list[int]) -> list[str]:
    return [encode_id(IdKind.CONTACT_CARD, key) for key in keys]
