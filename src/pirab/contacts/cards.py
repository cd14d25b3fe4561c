"""The only writer of cards."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from typing import Any, Final

import msgspec

from pirab.contacts import queries
from pirab.contacts.errors import BadCard, BooksMissing, CardNotFound, TooManyCards, UidTaken
from pirab.contacts.facts import PERSON, facts_of
from pirab.contacts.types import CardDraft, CardRow
from pirab.core import clock, db, jobs
from pirab.core.ids import IdError, IdKind, decode_id
from pirab.store import actions as store
from pirab.store.types import ChangeKind, ObjectType
from pirab.wire.jscontact import CardInvalid, validate

MOST_CARDS: Final = 50_000
"""Cards of one account."""
RENEW_TASK: Final = "contacts.renew_links"


def completed(content: dict[str, Any]) -> dict[str, Any]:
    """A new card with what its maker may leave to the server: version, uid, times (rfc9553#2.1)."""
    now = _utc(clock.now())
    given = {
        "@type": "Card",
        "version": "1.0",
        "uid": f"urn:uuid:{uuid.uuid4()}",
        "created": now,
        "updated": now,
    }
    return given | content


def create_card(account_id: int, draft: CardDraft) -> CardRow:
    """Keep one completed card. Raises `BadCard`, `BooksMissing`, `UidTaken`, `TooManyCards`, `AccountUnknown`."""
    return create_cards(account_id, [draft])[0]


def create_cards(account_id: int, drafts: Sequence[CardDraft], import_id: int | None = None) -> list[CardRow]:
    """Keep many cards in one change, as `create_card`."""
    for draft in drafts:
        check(draft.content)
    now = clock.now()
    with db.transaction():
        keys = [
            key for (key,) in db.rows("select store_new_id() from generate_series(1, %s)", (len(drafts),))
        ]
        store.log_changes(account_id, ObjectType.CONTACT_CARD, keys, ChangeKind.CREATED)
        _check_room(account_id, len(drafts))
        _check_books(account_id, drafts)
        _check_uids(account_id, [draft.content["uid"] for draft in drafts])
        rows = [
            CardRow(key, draft.content, tuple(sorted(draft.book_ids)), now, now, person_of(draft.content))
            for key, draft in zip(keys, drafts, strict=True)
        ]
        _insert(account_id, rows, import_id)
        for row, draft in zip(rows, drafts, strict=True):
            _keep_pictures(account_id, row.id, draft.digests)
        _follow({row.person_id for row in rows if row.person_id is not None})
    return rows


def update_card(account_id: int, card_id: int, draft: CardDraft) -> CardRow:
    """Give a card another content. Raises `CardNotFound` and as `create_card` does."""
    check(draft.content)
    with db.transaction():
        store.log_change(account_id, ObjectType.CONTACT_CARD, card_id, ChangeKind.UPDATED)
        before = queries.card(account_id, card_id)
        if before.content["uid"] != draft.content["uid"]:
            raise BadCard("uid stays as it is", "uid")
        _check_books(account_id, [draft])
        row = CardRow(
            card_id,
            draft.content,
            tuple(sorted(draft.book_ids)),
            before.created_at,
            clock.now(),
            person_of(draft.content),
        )
        db.execute(_UPDATE, _columns(account_id, row))
        db.execute("delete from contacts_media where account_id = %s and card_id = %s", (account_id, card_id))
        _keep_pictures(account_id, card_id, draft.digests)
        if row.person_id is not None and row.person_id != before.person_id:
            _follow({row.person_id})
    return row


def destroy_cards(account_id: int, card_ids: Collection[int]) -> list[int]:
    """Remove cards; returns those that were there."""
    if not card_ids:
        return []
    with db.transaction():
        there = queries.existing(account_id, card_ids)
        store.log_changes(account_id, ObjectType.CONTACT_CARD, there, ChangeKind.DESTROYED)
        keys = db.array(there)
        db.execute(
            "delete from contacts_card where account_id = %s and id = any(%s::bigint[])", (account_id, keys)
        )
        for table in ("contacts_media", "contacts_notice"):
            db.execute(_FORGET[table], (account_id, keys))
    return there


def destroy_card(account_id: int, card_id: int) -> None:
    """Remove one card. Raises `CardNotFound`."""
    if not destroy_cards(account_id, [card_id]):
        raise CardNotFound(str(card_id))


def check(content: dict[str, Any]) -> None:
    """Raise `BadCard` unless the content is a card of rfc9553 that may stand here."""
    try:
        validate(content)
    except CardInvalid as error:
        raise BadCard(str(error), *filter(None, [error.property])) from error
    if PERSON in content:
        person_of(content)


def person_of(content: dict[str, Any]) -> int | None:
    """The official whose entry the card follows. Raises `BadCard` for what names nobody."""
    given = content.get(PERSON)
    if given is None:
        return None
    try:
        return decode_id(IdKind.PERSON, given if isinstance(given, str) else "")
    except IdError as error:
        raise BadCard("names no person", PERSON) from error


def _follow(person_ids: Collection[int]) -> None:
    """Have the entries of officials taken over soon into the cards that begin to follow them."""
    if person_ids:
        jobs.defer(RENEW_TASK, person_ids=sorted(person_ids))


def _check_room(account_id: int, more: int) -> None:
    if queries.card_count(account_id) + more > MOST_CARDS:
        raise TooManyCards(f"at most {MOST_CARDS}")


def _check_books(account_id: int, drafts: Collection[CardDraft]) -> None:
    known = {row.id for row in queries.books(account_id)}
    if any(not draft.book_ids or draft.book_ids - known for draft in drafts):
        raise BooksMissing()


def _check_uids(account_id: int, uids: Sequence[str]) -> None:
    if len(set(uids)) < len(uids):
        raise BadCard("twice the same uid", "uid")
    taken = queries.keys_of_uids(account_id, uids)
    if taken:
        raise UidTaken(next(iter(taken.values())))


def _insert(account_id: int, rows: Sequence[CardRow], import_id: int | None) -> None:
    many = [_columns(account_id, row) | {"import": import_id} for row in rows]
    for each, row in zip(many, rows, strict=True):
        each["books"] = list(row.book_ids)
        each["fields"] = msgspec.Raw(each["fields"].encode())
    db.execute(_INSERT, (msgspec.json.encode(many).decode(),))


def _columns(account_id: int, row: CardRow) -> dict[str, Any]:
    facts = facts_of(row.content)
    return {
        "account": account_id,
        "id": row.id,
        "uid": row.content["uid"],
        "kind": row.content.get("kind", "individual"),
        "content": msgspec.json.encode(row.content).decode(),
        "books": db.array(row.book_ids),
        "created": row.created_at,
        "updated": row.updated_at,
        "fields": msgspec.json.encode(facts.fields).decode(),
        "given": facts.given_key,
        "surname": facts.surname_key,
        "surname2": facts.surname2_key,
        "shown": facts.shown,
        "emails": list(facts.emails),
        "words": list(facts.words),
        "sounds": list(facts.sounds),
        "person": row.person_id,
    }


def _keep_pictures(account_id: int, card_id: int, digests: Collection[bytes]) -> None:
    for digest in digests:
        db.execute(
            "insert into contacts_media (account_id, card_id, digest) values (%s, %s, %s)",
            (account_id, card_id, digest),
        )


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


_FORGET: Final = {
    "contacts_media": "delete from contacts_media where account_id = %s and card_id = any(%s::bigint[])",
    "contacts_notice": "delete from contacts_notice where account_id = %s and card_id = any(%s::bigint[])",
}

_INSERT: Final = """
    insert into contacts_card
        (account_id, id, uid, kind, content, book_ids, created_at, updated_at, fields, given_key, surname_key,
         surname2_key, shown, emails, words, sounds, person_id, import_id)
    select account, id, uid, kind, content, books, created, updated, fields, given, surname, surname2, shown, emails,
           words, sounds, person, "import"
      from jsonb_to_recordset(%s::jsonb) as c(
        account bigint, id bigint, uid text, kind text, content text, books bigint[], created timestamptz,
        updated timestamptz, fields jsonb, given text, surname text, surname2 text, shown text, emails text[],
        words text[], sounds text[], person bigint, "import" bigint)
"""

_UPDATE: Final = """
    update contacts_card
       set kind = %(kind)s, content = %(content)s, book_ids = %(books)s::bigint[], updated_at = %(updated)s,
           fields = %(fields)s::jsonb, given_key = %(given)s, surname_key = %(surname)s,
           surname2_key = %(surname2)s, shown = %(shown)s, emails = %(emails)s::text[], words = %(words)s::text[],
           sounds = %(sounds)s::text[], person_id = %(person)s
     where account_id = %(account)s and id = %(id)s
"""
