"""Which address books of an account a person may read: all of them by their role, or those shown to their unit."""

from __future__ import annotations

import msgspec

from pirab.contacts import queries
from pirab.core.ids import IdError, IdKind, decode_id
from pirab.directory import queries as directory
from pirab.directory.types import SCOPE_RIGHTS, Principal
from pirab.jmap.context import RequestContext, Right
from pirab.jmap.errors import MethodError


class Access(msgspec.Struct, frozen=True):
    """An account, and the books of it that may be read; `book_ids` None: all."""

    account: int
    book_ids: frozenset[int] | None = None

    def may_read(self, book_ids: tuple[int, ...]) -> bool:
        """Whether something in these books may be read."""
        return self.book_ids is None or not self.book_ids.isdisjoint(book_ids)


def readable(context: RequestContext, account_id: str) -> Access:
    """The account with what this person may read of its books. Raises `accountNotFound` where that is nothing."""
    try:
        return Access(context.account(account_id, Right.READ))
    except MethodError as error:
        if error.kind != "accountNotFound":
            raise
        try:
            key = decode_id(IdKind.ACCOUNT, account_id)
        except IdError:
            raise error from None
        shown = unit_books(context.principal).get(key)
        if not shown:
            raise
        return Access(key, shown)


def unit_books(principal: Principal) -> dict[int, frozenset[int]]:
    """By account, the books shown to the unit of this person or one above it."""
    if not any(Right.READ in SCOPE_RIGHTS[scope] for scope in principal.scopes):
        return {}
    agency_id = directory.person(principal.person_id).agency_id
    agencies = [] if agency_id is None else directory.agencies([agency_id])
    return queries.unit_books(agencies[0].ancestry) if agencies else {}
