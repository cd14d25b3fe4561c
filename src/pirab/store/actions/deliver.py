"""A message comes into accounts: by delivery, or put there by its owner."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final

import msgspec

from pirab.core import db
from pirab.store.errors import AccountUnknown, AlreadyExists, InvalidMailboxes, MailboxNotFound, OverQuota
from pirab.store.filing import Filed, file_message, look
from pirab.store.keywords import PERSONAL, check_keywords, personal_bits
from pirab.store.ledger import Ledger, join_ledger, open_ledger
from pirab.store.queries.messages import email_with_message
from pirab.store.spreading import Spread, lock_accounts, share_words, spread_message
from pirab.store.tallies import keeping_tallies
from pirab.store.types import Delivery, DeliveryOutcome, DeliveryStatus, EmailRow, MessageRef, ObjectType
from pirab.store.viewing import become_viewer, write_personal_flags
from pirab.store.words import message_tokens

MANY: Final = 16
"""Accounts from which on one message is filed for all at once, its words kept once."""


def deliver(message: MessageRef, deliveries: Sequence[Delivery]) -> list[DeliveryOutcome]:
    """Put the message into each account, all in one transaction; outcomes in the order of `deliveries`.

    Repeating it is harmless: an account that holds the message already answers DUPLICATE with the email it has.
    """
    alike, others = _alike_and_others(deliveries)
    outcomes: dict[int, DeliveryOutcome] = {}
    with db.joined_transaction():
        if alike and others:
            # two turns through one set of accounts: the order in which they are locked must stay one
            lock_accounts(delivery.account_id for delivery in deliveries)
        if alike:
            outcomes |= _deliver_to_many(message, alike)
        tokens = message_tokens(message) if others else ""
        for delivery in sorted(others, key=lambda each: each.account_id):
            if delivery.account_id not in outcomes:
                outcomes[delivery.account_id] = _deliver_one(message, tokens, delivery)
    return [outcomes[delivery.account_id] for delivery in deliveries]


def create_email(
    account_id: int,
    message: MessageRef,
    mailbox_ids: Collection[int],
    keywords: Collection[str],
    received_at: datetime,
    *,
    viewer: int | None = None,
) -> EmailRow:
    """Put the message into these mailboxes of the account (Email/set, import, copy; rfc8621#4.6).

    `viewer` is the person whose own `$seen` and `$flagged` among the `keywords` are; None: those of the account itself.
    Raises `AlreadyExists`, `OverQuota`, `MailboxNotFound`, `InvalidMailboxes`, `InvalidKeywords`, `AccountUnknown`.
    """
    checked = check_keywords(keywords)
    if not mailbox_ids:
        raise InvalidMailboxes(properties=("mailboxIds",))
    with db.transaction():
        tokens = message_tokens(message)
        with open_ledger(account_id) as ledger:
            existing = email_with_message(account_id, message.id)
            if existing is not None:
                raise AlreadyExists(existing)
            require_mailboxes(account_id, mailbox_ids)
            if ledger.room_bytes < message.size:
                raise OverQuota()
            if viewer is None:
                return file_message(ledger, message, tokens, Filed(sorted(mailbox_ids), checked, received_at))
            common = Filed(sorted(mailbox_ids), checked - PERSONAL, received_at)
            row = file_message(ledger, message, tokens, common)
            _set_own(ledger, viewer, row, checked)
            return msgspec.structs.replace(row, keywords=checked)


def _set_own(ledger: Ledger, viewer: int, row: EmailRow, keywords: frozenset[str]) -> None:
    """What the person who puts an email into a shared account says of it is theirs."""
    if not keywords & PERSONAL:
        return
    become_viewer(ledger, viewer)
    with keeping_tallies(ledger, {row.id: row.thread_id}):
        write_personal_flags(ledger, viewer, {row.id: personal_bits(keywords)})


def require_mailboxes(account_id: int, mailbox_ids: Collection[int]) -> None:
    """Raise `MailboxNotFound` unless every mailbox belongs to the account."""
    found = db.rows(
        "select id from store_mailbox where account_id = %s and id = any(%s::bigint[])",
        (account_id, list(mailbox_ids)),
    )
    missing = set(mailbox_ids) - {mailbox_id for (mailbox_id,) in found}
    if missing:
        raise MailboxNotFound(properties=("mailboxIds",))


def _alike_and_others(deliveries: Sequence[Delivery]) -> tuple[list[Delivery], list[Delivery]]:
    """Those that differ in nothing but the account, when they are many; and all others: of people with filters, say."""
    if len(deliveries) < MANY:
        return [], list(deliveries)
    groups: dict[Delivery, list[Delivery]] = {}
    for delivery in deliveries:
        groups.setdefault(msgspec.structs.replace(delivery, account_id=0), []).append(delivery)
    what, alike = max(groups.items(), key=lambda group: len(group[1]))
    if what.mailbox_ids or len(alike) < MANY:
        return [], list(deliveries)
    return alike, [each for group in groups.values() if group is not alike for each in group]


def _deliver_to_many(message: MessageRef, deliveries: Sequence[Delivery]) -> dict[int, DeliveryOutcome]:
    first = deliveries[0]
    spread = Spread(first.role, check_keywords(first.keywords), first.received_at)
    share_words(message.id, message_tokens(message))
    landings = spread_message(message, {each.account_id for each in deliveries}, spread)
    return {
        account_id: DeliveryOutcome(account_id, landing.status, landing.email_id)
        for account_id, landing in landings.items()
    }


def _deliver_one(message: MessageRef, tokens: str, delivery: Delivery) -> DeliveryOutcome:
    account_id = delivery.account_id
    try:
        with join_ledger(account_id) as ledger:
            found = look(account_id, message, delivery.role)
            if found.existing is not None:
                return DeliveryOutcome(account_id, DeliveryStatus.DUPLICATE, found.existing)
            if ledger.room_bytes < message.size:
                return DeliveryOutcome(account_id, DeliveryStatus.OVER_QUOTA)
            places = _still_there(account_id, delivery.mailbox_ids) or (found.mailbox_id,)
            filed = Filed(places, check_keywords(delivery.keywords), delivery.received_at)
            email = file_message(ledger, message, tokens, filed, found.ids)
            ledger.touch(ObjectType.DELIVERY)
            return DeliveryOutcome(account_id, DeliveryStatus.STORED, email.id)
    except AccountUnknown:
        return DeliveryOutcome(account_id, DeliveryStatus.NO_ACCOUNT)


def _still_there(account_id: int, mailbox_ids: Sequence[int]) -> tuple[int, ...]:
    if not mailbox_ids:
        return ()
    found = db.rows(
        "select id from store_mailbox where account_id = %s and id = any(%s::bigint[]) order by id",
        (account_id, list(mailbox_ids)),
    )
    return tuple(mailbox_id for (mailbox_id,) in found)
