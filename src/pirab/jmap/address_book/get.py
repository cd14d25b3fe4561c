"""AddressBook/get (rfc9610#2.1)."""

from __future__ import annotations

from pirab.contacts import books, queries
from pirab.core.ids import IdKind
from pirab.directory import policy
from pirab.jmap.address_book.access import readable
from pirab.jmap.address_book.rendering import every_property, render
from pirab.jmap.arguments import GetArguments, check_get_size, chosen_properties
from pirab.jmap.capabilities import CONTACTS, UNIT_BOOKS
from pirab.jmap.context import RequestContext, Right
from pirab.jmap.registry import MethodResult, extend, method
from pirab.store import queries as stored
from pirab.store.types import ObjectType

extend(UNIT_BOOKS)


@method("AddressBook/get", capability=CONTACTS, arguments=GetArguments)
def handle(context: RequestContext, arguments: GetArguments) -> MethodResult:
    """Books by id, or all in order; an account that has none yet gets its default one."""
    access = readable(context, arguments.account_id)
    check_get_size(arguments.ids)
    known = every_property(context.using)
    names = chosen_properties(arguments.properties, frozenset(known), known)
    if access.book_ids is None:
        books.ensure_default(access.account)
    state = stored.states(access.account).of(ObjectType.ADDRESS_BOOK)
    rows = {row.id: row for row in queries.books(access.account) if access.may_read((row.id,))}
    wanted = {text: context.key(IdKind.ADDRESS_BOOK, text) for text in arguments.ids or ()}
    keys = list(rows) if arguments.ids is None else list(dict.fromkeys(wanted.values()))
    may_write = policy.may(context.principal, access.account, Right.WRITE)
    return MethodResult(
        {
            "accountId": arguments.account_id,
            "state": str(state),
            "list": [
                render(rows[key], names, may_write=may_write)
                for key in keys
                if key is not None and key in rows
            ],
            "notFound": [text for text, key in wanted.items() if key not in rows],
        }
    )
