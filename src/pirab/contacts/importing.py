"""Contacts that people bring along, as vCard or table: compared by address, kept in one import that can be undone."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any, Final

import msgspec

from pirab.contacts import books, cards, queries
from pirab.contacts.errors import BadCard, FileUnreadable, ImportNotFound, TooManyRows
from pirab.contacts.facts import addresses
from pirab.contacts.types import CardDraft
from pirab.core import clock, db
from pirab.wire.vcard import Entry, decoded, looks_like_vcards, read_table, read_vcards

MOST_ROWS: Final = 20_000
LARGEST_FILE: Final = 32 * 1024 * 1024
MOST_ERRORS: Final = 500
"""Complaints that are kept of one import."""
_AT_ONCE: Final = 500


class RowError(msgspec.Struct, frozen=True):
    """Why a row was not taken."""

    row: int
    code: str
    value: str = ""


class Import(msgspec.Struct, frozen=True):
    """An import that was made. `passed_over`: rows whose address or uid was there already."""

    id: int
    file_name: str
    imported_at: datetime
    made: int
    passed_over: int
    errors: tuple[RowError, ...]
    undone_at: datetime | None


def import_file(account_id: int, file_name: str, octets: bytes, book_id: int | None = None) -> Import:
    """Keep the contacts of a file, in `book_id` or the default book.

    Raises `FileUnreadable` where nothing in it is a contact, `TooManyRows`, `TooManyCards`, `BooksMissing`.
    """
    entries = list(_entries(octets))
    if any(entry.code == "tooMany" for entry in entries):
        raise TooManyRows(f"at most {MOST_ROWS}")
    if not any(entry.card for entry in entries):
        raise FileUnreadable(entries[0].code if entries else None)
    books.ensure_default(account_id)
    target = frozenset({book_id or queries.default_book(account_id) or 0})
    with db.transaction():
        import_id: int = db.scalar("select store_new_id()")
        wanted, passed_over, errors = _sorted_out(account_id, entries)
        for start in range(0, len(wanted), _AT_ONCE):
            drafts = [CardDraft(content, target) for content in wanted[start : start + _AT_ONCE]]
            cards.create_cards(account_id, drafts, import_id)
        db.execute(
            """
            insert into contacts_import (account_id, id, file_name, imported_at, made, passed_over, errors)
            values (%s, %s, %s, %s, %s, %s, %s)
            """,
            (
                account_id,
                import_id,
                file_name[:255],
                clock.now(),
                len(wanted),
                passed_over,
                msgspec.json.encode(errors[:MOST_ERRORS]).decode(),
            ),
        )
    return one_import(account_id, import_id)


def imports_of(account_id: int, limit: int = 50) -> list[Import]:
    """The account's imports, the newest first."""
    found = db.rows(f"{_IMPORT} order by id desc limit %s", (account_id, limit))
    return [_import(row) for row in found]


def one_import(account_id: int, import_id: int) -> Import:
    """One import; raises `ImportNotFound`."""
    found = db.row(f"{_IMPORT} and id = %s", (account_id, import_id))
    if found is None:
        raise ImportNotFound(str(import_id))
    return _import(found)


def undo(account_id: int, import_id: int) -> int:
    """Take back the cards of an import that nobody has changed since; returns how many. Raises `ImportNotFound`."""
    with db.transaction():
        one_import(account_id, import_id)
        keys = [
            key
            for (key,) in db.rows(
                """
                select id from contacts_card
                 where account_id = %s and import_id = %s and updated_at = created_at order by id
                """,
                (account_id, import_id),
            )
        ]
        gone = cards.destroy_cards(account_id, keys)
        db.execute(
            "update contacts_import set undone_at = %s where account_id = %s and id = %s",
            (clock.now(), account_id, import_id),
        )
    return len(gone)


def _entries(octets: bytes) -> Iterator[Entry]:
    text = decoded(octets)
    return read_vcards(text, MOST_ROWS) if looks_like_vcards(text) else read_table(text, MOST_ROWS)


def _sorted_out(account_id: int, entries: list[Entry]) -> tuple[list[dict[str, Any]], int, list[RowError]]:
    """Cards to keep, how many are known already, and what is wrong with the others."""
    known = _known_addresses(account_id)
    uids = set(
        queries.keys_of_uids(
            account_id, [entry.card["uid"] for entry in entries if entry.card and "uid" in entry.card]
        )
    )
    wanted: list[dict[str, Any]] = []
    errors: list[RowError] = []
    passed_over = 0
    for entry in entries:
        if entry.card is None:
            errors.append(RowError(entry.row, entry.code, entry.value))
            continue
        content = cards.completed(entry.card)
        try:
            cards.check(content)
        except BadCard as error:
            errors.append(RowError(entry.row, "notACard", (error.detail or "")[:100]))
            continue
        theirs = set(addresses(content))
        if theirs & known or content["uid"] in uids:
            passed_over += 1
            continue
        known |= theirs
        uids.add(content["uid"])
        wanted.append(content)
    return wanted, passed_over, errors


def _known_addresses(account_id: int) -> set[str]:
    found = db.rows("select unnest(emails) from contacts_card where account_id = %s", (account_id,))
    return {address for (address,) in found}


def _import(row: Collection[Any]) -> Import:
    key, name, at, made, passed_over, errors, undone_at = row
    return Import(
        key, name, at, made, passed_over, msgspec.json.decode(errors, type=tuple[RowError, ...]), undone_at
    )


_IMPORT: Final = """
    select id, file_name, imported_at, made, passed_over, errors, undone_at from contacts_import where account_id = %s
"""
