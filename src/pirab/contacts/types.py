"""Values of contacts. Ids are database keys; times are aware UTC; a card's content is rfc9553 as decoded JSON."""

from __future__ import annotations

from datetime import datetime
from enum import Enum, StrEnum
from typing import Any

import msgspec


class BookRow(msgspec.Struct, frozen=True):
    """An address book (rfc9610#2). `unit_id`: the agency whose people may read it, None: only its account's."""

    id: int
    name: str
    description: str | None
    sort_order: int
    is_default: bool
    is_subscribed: bool
    unit_id: int | None


class BookDraft(msgspec.Struct, frozen=True):
    """An address book to be made."""

    name: str
    description: str | None = None
    sort_order: int = 0
    is_subscribed: bool = True


class BookPatch(msgspec.Struct, frozen=True):
    """What changes in a book; UNSET leaves as it is."""

    name: str | msgspec.UnsetType = msgspec.UNSET
    description: str | msgspec.UnsetType | None = msgspec.UNSET
    sort_order: int | msgspec.UnsetType = msgspec.UNSET
    is_subscribed: bool | msgspec.UnsetType = msgspec.UNSET


class Contents(Enum):
    """What happens to the cards of a book that is destroyed (rfc9610#2.3 onDestroyRemoveContents)."""

    REMOVE = "remove"
    REFUSE = "refuse"


class CardDraft(msgspec.Struct, frozen=True):
    """A card to be kept: its content, the books it is in, the digests of the pictures it shows."""

    content: dict[str, Any]
    book_ids: frozenset[int]
    digests: frozenset[bytes] = frozenset()


class CardRow(msgspec.Struct, frozen=True):
    """A card as kept. `person_id`: the official whose entry it follows."""

    id: int
    content: dict[str, Any]
    book_ids: tuple[int, ...]
    created_at: datetime
    updated_at: datetime
    person_id: int | None


class SortKey(StrEnum):
    """What cards are sorted by (rfc9610#3.3.2)."""

    CREATED = "created"
    UPDATED = "updated"
    GIVEN = "name/given"
    SURNAME = "name/surname"
    SURNAME2 = "name/surname2"


class Order(msgspec.Struct, frozen=True):
    """One sort key and its direction."""

    key: SortKey
    is_ascending: bool = True
