"""A message comes into accounts: by delivery, or put there by its owner."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final

from pirab.core import db
from pirab.store.errors import AccountUnknown, AlreadyExists, InvalidMailboxes, MailboxNotFound, OverQuota
from pirab.store.filing import Filed, file_message
from pirab.store.indexing import body_vector, search_vector
from pirab.store.keywords import check_keywords
from pirab.store.ledger import open_ledger
from pirab.store.queries.attachment_text import attachment_text
from pirab.store.queries.messages import email_with_message, message_bytes
from pirab.store.types import Delivery, DeliveryOutcome, DeliveryStatus, EmailRow, MessageRef, ObjectType
from pirab.wire.mime import parse_message


def deliver(message: MessageRef, deliveries: Sequence[Delivery]) -> list[DeliveryOutcome]:
    """Put the message into each account, all in one transaction; outcomes in the order of `deliveries`.

    Repeating it is harmless: an account that holds the message already answers DUPLICATE with the email it has.
    """
    outcomes: dict[int, DeliveryOutcome] = {}
    with db.joined_transaction():
        tokens = _tokens(message)
        for delivery in sorted(deliveries, key=lambda each: each.account_id):
            if delivery.account_id not in outcomes:
                outcomes[delivery.account_id] = _deliver_one(message, tokens, delivery)
    return [outcomes[delivery.account_id] for delivery in deliveries]


def create_email(
    account_id: int,
    message: MessageRef,
    mailbox_ids: Collection[int],
    keywords: Collection[str],
    received_at: datetime,
) -> EmailRow:
    """Put the message into these mailboxes of the account (Email/set, import, copy; rfc8621#4.6).

    Raises `AlreadyExists`, `OverQuota`, `MailboxNotFound`, `InvalidMailboxes`, `InvalidKeywords`, `AccountUnknown`.
    """
    checked = check_keywords(keywords)
    if not mailbox_ids:
        raise InvalidMailboxes(properties=("mailboxIds",))
    with db.transaction():
        tokens = _tokens(message)
        with open_ledger(account_id) as ledger:
            existing = email_with_message(account_id, message.id)
            if existing is not None:
                raise AlreadyExists(existing)
            require_mailboxes(account_id, mailbox_ids)
            if ledger.room_bytes < message.size:
                raise OverQuota()
            return file_message(ledger, message, tokens, Filed(sorted(mailbox_ids), checked, received_at))


def require_mailboxes(account_id: int, mailbox_ids: Collection[int]) -> None:
    """Raise `MailboxNotFound` unless every mailbox belongs to the account."""
    found = db.rows(
        "select id from store_mailbox where account_id = %s and id = any(%s::bigint[])",
        (account_id, list(mailbox_ids)),
    )
    missing = set(mailbox_ids) - {mailbox_id for (mailbox_id,) in found}
    if missing:
        raise MailboxNotFound(properties=("mailboxIds",))


def _deliver_one(message: MessageRef, tokens: str, delivery: Delivery) -> DeliveryOutcome:
    account_id = delivery.account_id
    try:
        with open_ledger(account_id) as ledger:
            existing, mailbox_id = db.rows(
                _LOOK, {"account": account_id, "message": message.id, "role": delivery.role}
            )[0]
            if existing is not None:
                return DeliveryOutcome(account_id, DeliveryStatus.DUPLICATE, existing)
            if ledger.room_bytes < message.size:
                return DeliveryOutcome(account_id, DeliveryStatus.OVER_QUOTA)
            filed = Filed((mailbox_id,), check_keywords(delivery.keywords), delivery.received_at)
            email = file_message(ledger, message, tokens, filed)
            ledger.touch(ObjectType.DELIVERY)
            return DeliveryOutcome(account_id, DeliveryStatus.STORED, email.id)
    except AccountUnknown:
        return DeliveryOutcome(account_id, DeliveryStatus.NO_ACCOUNT)


# The inbox serves where a person has taken the role away from every mailbox; the inbox itself always keeps its role.
_LOOK: Final = """
    select (select id from store_email where message_id = %(message)s and account_id = %(account)s),
           (select id from store_mailbox where account_id = %(account)s and role in (%(role)s, 'inbox')
             order by role = 'inbox' limit 1)
"""


def _tokens(message: MessageRef) -> str:
    """The words of the message: from this process, from somebody who holds it, or read again."""
    if message.tokens is not None:
        return message.tokens
    found: str | None = db.scalar(
        """
        select s.tokens::text
          from store_email e join store_email_search s on s.account_id = e.account_id and s.email_id = e.id
         where e.message_id = %s limit 1
        """,
        (message.id,),
    )
    if found is not None:
        return found
    words = search_vector(parse_message(message_bytes(message.digest)).search_text)
    attached = body_vector(attachment_text(message.id))
    return f"{words} {attached}"
