"""Keeping cards in step with the directory entries they follow, and telling their owners in the cards' history.

The directory says within its own transaction whose entry changed; here a job is left behind, for one official may be in
thousands of address books and nobody's change of telephone shall wait for them.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

import msgspec

from pirab.contacts import cards, queries
from pirab.contacts.errors import BadCard, CardNotFound
from pirab.contacts.facts import PERSON
from pirab.contacts.following import Change, changes, followed
from pirab.contacts.types import CardDraft, CardRow
from pirab.core import clock, db, jobs
from pirab.directory.finding import searching
from pirab.directory.finding.entry import units_of
from pirab.directory.queries import of_unit

MOST_NOTICES: Final = 200
_AT_ONCE: Final = 200


class Notice(msgspec.Struct, frozen=True):
    """What changed in a card because its official's entry did."""

    id: int
    card_id: int
    name: str
    noticed_at: datetime
    changes: tuple[Change, ...]
    is_seen: bool


def entries_changed(person_ids: Sequence[int]) -> None:
    """Entries of these people show something else (a listener of `directory.hooks`)."""
    found = db.rows(
        "select distinct person_id from contacts_card where person_id = any(%s::bigint[])",
        (db.array(person_ids),),
    )
    _ask([key for (key,) in found])


def unit_changed(agency_id: int) -> None:
    """A unit is named otherwise or stands elsewhere (a listener of `directory.hooks`)."""
    found = db.rows("select distinct person_id from contacts_card where person_id is not null")
    _ask(of_unit(agency_id, [key for (key,) in found]))


def renew(person_ids: Sequence[int]) -> int:
    """Bring the cards that follow these people in step; returns how many changed. Harmless to repeat."""
    known = searching.cards(person_ids)
    by_person = {card.person_id: card for card in known}
    units = units_of(known)
    renewed = 0
    places = db.rows(
        "select account_id, id from contacts_card where person_id = any(%s::bigint[]) order by account_id, id",
        (db.array(person_ids),),
    )
    for account_id, card_id in places:
        with db.transaction():
            row = _held(account_id, card_id)
            if row is None or row.person_id not in person_ids:
                continue
            card = by_person.get(row.person_id or 0)
            after = _without_entry(row) if card is None else followed(row.content, card, units)
            renewed += _write(account_id, row, after, is_gone=card is None)
    return renewed


def notices(account_id: int, limit: int = 50) -> list[Notice]:
    """What changed in cards of the account, the newest first."""
    found = db.rows(
        """
        select n.id, n.card_id, c.shown, n.noticed_at, n.changes, n.is_seen
          from contacts_notice n join contacts_card c on c.account_id = n.account_id and c.id = n.card_id
         where n.account_id = %s order by n.id desc limit %s
        """,
        (account_id, limit),
    )
    return [
        Notice(key, card_id, name, at, msgspec.json.decode(text, type=tuple[Change, ...]), is_seen)
        for key, card_id, name, at, text, is_seen in found
    ]


def mark_seen(account_id: int) -> None:
    """Its owner has read the account's notices."""
    db.execute(
        "update contacts_notice set is_seen = true where account_id = %s and not is_seen", (account_id,)
    )


def _ask(person_ids: Sequence[int]) -> None:
    for start in range(0, len(person_ids), _AT_ONCE):
        jobs.defer(cards.RENEW_TASK, person_ids=list(person_ids[start : start + _AT_ONCE]))


def _held(account_id: int, card_id: int) -> CardRow | None:
    """The card, held until the transaction ends; None when it has gone meanwhile."""
    return queries.card(account_id, card_id) if queries.existing(account_id, [card_id]) else None


def _without_entry(row: CardRow) -> dict[str, object]:
    """The official is listed no more: the card keeps what it says and follows nobody."""
    return {name: value for name, value in row.content.items() if name != PERSON}


def _write(account_id: int, row: CardRow, after: dict[str, object], *, is_gone: bool) -> bool:
    if after == row.content:
        return False
    told = (
        [Change("entry", queries.shown(account_id, row.id), "")] if is_gone else changes(row.content, after)
    )
    after = after | {"updated": cards.completed({})["updated"]}
    try:
        cards.update_card(
            account_id, row.id, CardDraft(after, frozenset(row.book_ids), queries.digests(account_id, row.id))
        )
    except (BadCard, CardNotFound):
        return False
    if told:
        _tell(account_id, row.id, told)
    return True


def _tell(account_id: int, card_id: int, told: list[Change]) -> None:
    db.execute(
        "insert into contacts_notice (account_id, card_id, noticed_at, changes) values (%s, %s, %s, %s)",
        (account_id, card_id, clock.now(), msgspec.json.encode(told).decode()),
    )
    db.execute(
        """
        delete from contacts_notice where account_id = %s and id < (
            select min(id) from (
                select id from contacts_notice where account_id = %s order by id desc limit %s) as newest)
        """,
        (account_id, account_id, MOST_NOTICES),
    )
