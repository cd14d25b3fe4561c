"""AddressBook/set (rfc9610#2.3)."""

from __future__ import annotations

from typing import Any

import msgspec

from pirab.contacts import books, queries
from pirab.contacts.errors import BookNotFound, UnitBookForbidden
from pirab.contacts.types import BookPatch, BookRow, Contents
from pirab.core import db
from pirab.core.ids import IdKind, encode_id
from pirab.directory import queries as directory
from pirab.jmap.address_book.rendering import UNIT, draft_of, every_property, patch_of, render
from pirab.jmap.arguments import IdOrReference, SetArguments, check_set_size
from pirab.jmap.capabilities import CONTACTS, UNIT_BOOKS
from pirab.jmap.context import RequestContext, Right
from pirab.jmap.errors import SetError, invalid_properties
from pirab.jmap.patches import checked_paths
from pirab.jmap.registry import MethodResult, method
from pirab.jmap.set_outcome import SetOutcome
from pirab.jmap.states import hold_state
from pirab.store import queries as stored
from pirab.store.types import ObjectType


class AddressBookSetArguments(SetArguments, frozen=True, kw_only=True):
    """The standard arguments, what becomes of the cards of a destroyed book, and which book is the default one."""

    on_destroy_remove_contents: bool = False
    on_success_set_is_default: IdOrReference | None = None


@method("AddressBook/set", capability=CONTACTS, arguments=AddressBookSetArguments)
def handle(context: RequestContext, arguments: AddressBookSetArguments) -> MethodResult:
    """Create, update, destroy; then, if nothing was refused, choose the default book."""
    account = context.account(arguments.account_id, Right.WRITE)
    check_set_size(arguments)
    books.ensure_default(account)
    setter = _Setter(context, account, arguments.on_destroy_remove_contents)
    with db.transaction():
        old_state = hold_state(account, ObjectType.ADDRESS_BOOK, arguments.if_in_state)
        setter.apply(arguments)
        setter.choose_default(arguments.on_success_set_is_default)
        new_state = stored.states(account).of(ObjectType.ADDRESS_BOOK)
    return MethodResult(setter.outcome.response(arguments.account_id, old_state, new_state))


class _Setter:
    """One call."""

    def __init__(self, context: RequestContext, account: int, removes_contents: bool) -> None:
        self._context = context
        self._account = account
        self._contents = Contents.REMOVE if removes_contents else Contents.REFUSE
        self.outcome = SetOutcome()

    def apply(self, arguments: SetArguments) -> None:
        """Create, update, destroy."""
        self.outcome.run(arguments, self._create, self._update, self._destroy)

    def choose_default(self, wanted: str | None) -> None:
        """Make a book the default one; what is not there is ignored (rfc9610#2.3)."""
        outcome = self.outcome
        if wanted is None or outcome.not_created or outcome.not_updated or outcome.not_destroyed:
            return
        key = self._context.key(IdKind.ADDRESS_BOOK, wanted)
        if key is None or key not in {row.id for row in queries.books(self._account)}:
            return
        for row in books.set_default(self._account, key):
            self._report(row)

    def _report(self, row: BookRow) -> None:
        book_id = encode_id(IdKind.ADDRESS_BOOK, row.id)
        made = [record for record in self.outcome.created.values() if record["id"] == book_id]
        for record in made:
            record["isDefault"] = row.is_default
        if not made:
            known = self.outcome.updated.get(book_id) or {}
            self.outcome.record_update(book_id, {**known, "isDefault": row.is_default})

    def _create(self, creation_id: str, record: dict[str, Any]) -> dict[str, Any]:
        given, unit = self._without_unit(record)
        with db.transaction():
            key = books.create_book(self._account, draft_of(given))
            if unit is not msgspec.UNSET:
                books.show_to_unit(self._account, key, unit)
        whole = render(
            queries.book(self._account, key), list(every_property(self._context.using)), may_write=True
        )
        self._context.record_created(creation_id, whole["id"])
        return {name: value for name, value in whole.items() if name not in record or record[name] != value}

    def _update(self, text: str, patch: dict[str, Any]) -> dict[str, Any] | None:
        row = self._row(text)
        if any(len(path) > 1 for path in checked_paths(patch)):
            raise SetError("invalidPatch", "The patch points into a property that holds no object.")
        given, unit = self._without_unit(patch)
        current = render(row, list(every_property(self._context.using)), may_write=True)
        wanted = patch_of(given, current)
        with db.transaction():
            if wanted != BookPatch():
                books.update_book(self._account, row.id, wanted)
            if unit is not msgspec.UNSET:
                books.show_to_unit(self._account, row.id, unit)
        name = queries.book(self._account, row.id).name
        return {"name": name} if given.get("name", name) != name else None

    def _destroy(self, text: str) -> None:
        books.destroy_book(self._account, self._row(text).id, self._contents)

    def _row(self, text: str) -> BookRow:
        key = self._context.key(IdKind.ADDRESS_BOOK, text)
        if key is None:
            raise BookNotFound()
        return queries.book(self._account, key)

    def _without_unit(self, record: dict[str, Any]) -> tuple[dict[str, Any], int | msgspec.UnsetType | None]:
        """The record less the unit, and the unit. A book is shown to the unit its account belongs to, or to nobody."""
        if UNIT not in record or UNIT_BOOKS not in self._context.using:
            return record, msgspec.UNSET
        rest = {name: value for name, value in record.items() if name != UNIT}
        value = record[UNIT]
        if value is None:
            return rest, None
        unit = self._context.key(IdKind.AGENCY, value) if isinstance(value, str) else None
        if unit is None:
            raise invalid_properties("Not the id of a unit.", UNIT)
        if unit != directory.agency_of(self._account):
            raise UnitBookForbidden()
        return rest, unit
