"""AddressBook/changes (rfc9610#2.2)."""

from __future__ import annotations

from pirab.contacts import queries
from pirab.core.ids import IdKind, encode_id
from pirab.jmap.address_book.access import readable
from pirab.jmap.arguments import ChangesArguments, decode_state
from pirab.jmap.capabilities import CONTACTS
from pirab.jmap.context import RequestContext
from pirab.jmap.registry import MethodResult, method
from pirab.store import queries as stored
from pirab.store.types import ObjectType


@method("AddressBook/changes", capability=CONTACTS, arguments=ChangesArguments)
def handle(context: RequestContext, arguments: ChangesArguments) -> MethodResult:
    """What changed since a state; a book no longer shown to the reader's unit counts as destroyed."""
    access = readable(context, arguments.account_id)
    since = decode_state(arguments.since_state)
    found = stored.changes(access.account, ObjectType.ADDRESS_BOOK, since, arguments.max_changes)
    seen = {row.id for row in queries.books(access.account) if access.may_read((row.id,))}
    hidden = [key for key in found.updated if key not in seen]
    return MethodResult(
        {
            "accountId": arguments.account_id,
            "oldState": arguments.since_state,
            "newState": str(found.new_state),
            "hasMoreChanges": found.has_more,
            "created": _ids([key for key in found.created if access.book_ids is None or key in seen]),
            "updated": _ids([key for key in found.updated if key in seen]),
            "destroyed": _ids([*found.destroyed, *hidden]),
        }
    )


def _ids(keys: list[int]) -> list[str]:
    return [encode_id(IdKind.ADDRESS_BOOK, key) for key in keys]
