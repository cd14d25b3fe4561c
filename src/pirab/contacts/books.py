"""The only writer of address books."""

from __future__ import annotations

from typing import Final

import msgspec

from pirab.contacts import queries
from pirab.contacts.errors import BookHasContents, BookIsDefault, BookNotFound, TooManyBooks
from pirab.contacts.types import BookDraft, BookPatch, BookRow, Contents
from pirab.core import db
from pirab.store import actions as store
from pirab.store.types import ChangeKind, ObjectType

MOST_BOOKS: Final = 100
LONGEST_NAME: Final = 255
"""Octets of a book's name (rfc9610#2)."""
FIRST_BOOK: Final = "Contacts"
"""The name of the book an account is born with; clients show it in the reader's language while it is the default."""


def ensure_default(account_id: int) -> None:
    """Give the account its default book if it has none. Harmless to repeat."""
    if queries.has_default(account_id):
        return
    with db.transaction():
        key: int = db.scalar("select store_new_id()")
        store.log_change_where(
            account_id,
            ObjectType.ADDRESS_BOOK,
            key,
            ChangeKind.CREATED,
            lambda: not queries.has_default(account_id),
        )
        db.execute(
            """
            insert into contacts_book (account_id, id, name, is_default) select %s, %s, %s, true
             where not exists (select from contacts_book where account_id = %s and is_default)
            """,
            (account_id, key, FIRST_BOOK, account_id),
        )


def create_book(account_id: int, draft: BookDraft) -> int:
    """Make a book; returns its key. Raises `TooManyBooks`, `AccountUnknown`."""
    with db.transaction():
        key: int = db.scalar("select store_new_id()")
        store.log_change(account_id, ObjectType.ADDRESS_BOOK, key, ChangeKind.CREATED)
        if len(queries.books(account_id)) >= MOST_BOOKS:
            raise TooManyBooks(f"at most {MOST_BOOKS}")
        db.execute(
            """
            insert into contacts_book (account_id, id, name, description, sort_order, is_subscribed)
            values (%s, %s, %s, %s, %s, %s)
            """,
            (account_id, key, draft.name, draft.description, draft.sort_order, draft.is_subscribed),
        )
    return key


def update_book(account_id: int, book_id: int, patch: BookPatch) -> None:
    """Change what the patch sets. Raises `BookNotFound`."""
    with db.transaction():
        store.log_change(account_id, ObjectType.ADDRESS_BOOK, book_id, ChangeKind.UPDATED)
        row = queries.book(account_id, book_id)
        values = [
            old if new is msgspec.UNSET else new
            for old, new in (
                (row.name, patch.name),
                (row.description, patch.description),
                (row.sort_order, patch.sort_order),
                (row.is_subscribed, patch.is_subscribed),
            )
        ]
        db.execute(
            """
            update contacts_book set name = %s, description = %s, sort_order = %s, is_subscribed = %s
             where account_id = %s and id = %s
            """,
            (*values, account_id, book_id),
        )


def show_to_unit(account_id: int, book_id: int, agency_id: int | None) -> None:
    """Let the people of an agency and below it read the book; None: no longer. Raises `BookNotFound`."""
    with db.transaction():
        store.log_change(account_id, ObjectType.ADDRESS_BOOK, book_id, ChangeKind.UPDATED)
        queries.book(account_id, book_id)
        db.execute(
            "update contacts_book set unit_id = %s where account_id = %s and id = %s",
            (agency_id, account_id, book_id),
        )


def set_default(account_id: int, book_id: int) -> list[BookRow]:
    """Make this the default book; returns the books that changed, as they are now. Raises `BookNotFound`."""
    with db.transaction():
        before = {row.id: row for row in queries.books(account_id)}
        if book_id not in before:
            raise BookNotFound(str(book_id))
        changed = [row.id for row in before.values() if row.is_default is not (row.id == book_id)]
        for key in sorted(changed, key=lambda key: key == book_id):  # one is the default at most, always
            store.log_change(account_id, ObjectType.ADDRESS_BOOK, key, ChangeKind.UPDATED)
            db.execute(
                "update contacts_book set is_default = %s where account_id = %s and id = %s",
                (key == book_id, account_id, key),
            )
    return [row for row in queries.books(account_id) if row.id in changed]


def destroy_book(account_id: int, book_id: int, contents: Contents) -> None:
    """Remove a book. With REMOVE its cards go too, unless another book holds them.

    Raises `BookNotFound`, `BookIsDefault`, `BookHasContents`.
    """
    with db.transaction():
        store.log_change(account_id, ObjectType.ADDRESS_BOOK, book_id, ChangeKind.DESTROYED)
        if queries.book(account_id, book_id).is_default:
            raise BookIsDefault()
        if contents is Contents.REFUSE and queries.card_count(account_id, book_id):
            raise BookHasContents()
        _empty(account_id, book_id)
        db.execute("delete from contacts_book where account_id = %s and id = %s", (account_id, book_id))


def _empty(account_id: int, book_id: int) -> None:
    gone = db.rows(
        "delete from contacts_card where account_id = %s and book_ids = array[%s::bigint] returning id",
        (account_id, book_id),
    )
    kept = db.rows(
        """
        update contacts_card set book_ids = array_remove(book_ids, %s::bigint)
         where account_id = %s and book_ids @> array[%s::bigint] returning id
        """,
        (book_id, account_id, book_id),
    )
    keys = [key for (key,) in gone]
    db.execute(
        "delete from contacts_media where account_id = %s and card_id = any(%s::bigint[])",
        (account_id, db.array(keys)),
    )
    store.log_changes(account_id, ObjectType.CONTACT_CARD, keys, ChangeKind.DESTROYED)
    store.log_changes(account_id, ObjectType.CONTACT_CARD, [key for (key,) in kept], ChangeKind.UPDATED)
