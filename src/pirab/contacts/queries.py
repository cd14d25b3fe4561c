"""The only reader of books and cards."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any, Final

import msgspec
from psycopg import sql

from pirab.contacts.conditions import Condition, compiled
from pirab.contacts.errors import BookNotFound, CardNotFound
from pirab.contacts.types import BookRow, CardRow, Order, SortKey
from pirab.core import db


def books(account_id: int) -> list[BookRow]:
    """The account's address books in the order they are shown."""
    return [BookRow(*row) for row in db.rows(f"{_BOOK} order by sort_order, name, id", (account_id,))]


def book(account_id: int, book_id: int) -> BookRow:
    """One book; raises `BookNotFound`."""
    found = db.row(f"{_BOOK} and id = %s", (account_id, book_id))
    if found is None:
        raise BookNotFound(str(book_id))
    return BookRow(*found)


def has_default(account_id: int) -> bool:
    """Whether the account has its default book."""
    return bool(
        db.scalar("select true from contacts_book where account_id = %s and is_default", (account_id,))
    )


def default_book(account_id: int) -> int | None:
    """The key of the default book."""
    found: int | None = db.scalar(
        "select id from contacts_book where account_id = %s and is_default", (account_id,)
    )
    return found


def unit_books(ancestry: Sequence[int]) -> dict[int, frozenset[int]]:
    """By account, the books that people of the last of these units may read; `ancestry` begins at the root."""
    found = db.rows(
        "select account_id, array_agg(id) from contacts_book where unit_id = any(%s::bigint[]) group by 1",
        (db.array(ancestry),),
    )
    return {account_id: frozenset(keys) for account_id, keys in found}


def card(account_id: int, card_id: int) -> CardRow:
    """One card; raises `CardNotFound`."""
    found = cards(account_id, [card_id])
    if not found:
        raise CardNotFound(str(card_id))
    return found[0]


def cards(account_id: int, card_ids: Collection[int]) -> list[CardRow]:
    """Those of the cards that exist, by key."""
    found = db.rows(f"{_CARD} and id = any(%s::bigint[]) order by id", (account_id, db.array(card_ids)))
    return [_card(row) for row in found]


def first_keys(account_id: int, limit: int) -> list[int]:
    """Keys of at most `limit` cards of the account, oldest first."""
    found = db.rows(
        "select id from contacts_card where account_id = %s order by id limit %s", (account_id, limit)
    )
    return [key for (key,) in found]


def existing(account_id: int, card_ids: Collection[int]) -> list[int]:
    """Those of the keys that are cards of the account, held until the transaction ends."""
    found = db.rows(
        "select id from contacts_card where account_id = %s and id = any(%s::bigint[]) order by id for update",
        (account_id, db.array(card_ids)),
    )
    return [key for (key,) in found]


def card_count(account_id: int, book_id: int | None = None) -> int:
    """How many cards the account has, or one book of it."""
    if book_id is None:
        return int(db.scalar("select count(*) from contacts_card where account_id = %s", (account_id,)))
    return int(
        db.scalar(
            "select count(*) from contacts_card where account_id = %s and book_ids @> array[%s::bigint]",
            (account_id, book_id),
        )
    )


def keys_of_uids(account_id: int, uids: Iterable[str]) -> dict[str, int]:
    """Keys of the cards with these uids; the others are absent."""
    found = db.rows(
        "select uid, id from contacts_card where account_id = %s and uid = any(%s::text[])",
        (account_id, list(uids)),
    )
    return dict(found)


def matching(account_id: int, condition: Condition | None, order: Sequence[Order]) -> list[int]:
    """Keys of the cards that fulfil the condition, in order; ties by key."""
    where, values = compiled(condition)
    keys = [_SORTED[each.key] + (sql.SQL("") if each.is_ascending else sql.SQL(" desc")) for each in order]
    statement = sql.SQL("select id from contacts_card where account_id = %s and {} order by {}").format(
        where, sql.SQL(", ").join([*keys, sql.SQL("id")])
    )
    return [key for (key,) in db.rows_planned_anew(statement, (account_id, *values))]


def digests(account_id: int, card_id: int) -> frozenset[bytes]:
    """Digests of the pictures a card shows."""
    found = db.rows(
        "select digest from contacts_media where account_id = %s and card_id = %s", (account_id, card_id)
    )
    return frozenset(bytes(digest) for (digest,) in found)


def shown(account_id: int, card_id: int) -> str:
    """The name of a card as lists show it; empty where there is none."""
    found = db.scalar(
        "select shown from contacts_card where account_id = %s and id = %s", (account_id, card_id)
    )
    return found or ""


def may_read_picture(account_id: int, digest: bytes) -> bool:
    """Whether the blob is a picture on a card of the account."""
    found = db.scalar(
        "select true from contacts_media where account_id = %s and digest = %s limit 1", (account_id, digest)
    )
    return bool(found)


def _card(row: tuple[Any, ...]) -> CardRow:
    key, content, book_ids, created_at, updated_at, person_id = row
    return CardRow(key, msgspec.json.decode(content), tuple(book_ids), created_at, updated_at, person_id)


_BOOK: Final = """
    select id, name, description, sort_order, is_default, is_subscribed, unit_id
      from contacts_book where account_id = %s
"""

_CARD: Final = """
    select id, content, book_ids, created_at, updated_at, person_id from contacts_card where account_id = %s
"""

_SORTED: Final = {
    SortKey.CREATED: sql.SQL("created_at"),
    SortKey.UPDATED: sql.SQL("updated_at"),
    SortKey.GIVEN: sql.SQL('given_key collate "C"'),
    SortKey.SURNAME: sql.SQL('surname_key collate "C"'),
    SortKey.SURNAME2: sql.SQL('surname2_key collate "C"'),
}
