"""Delivery to accounts of this service: straight into the store, never through SMTP.

A chunk of recipients and the notes about them commit together, so a recipient is either still open or served once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

import msgspec

from pirab.core import db
from pirab.directory import queries as directory
from pirab.directory.types import Recipient
from pirab.groups.distribution import take
from pirab.groups.types import Answer, Letter
from pirab.store import actions as store
from pirab.store.arrivals import Incoming, take_in
from pirab.store.types import DeliveryOutcome, DeliveryStatus, MailboxRole, MessageRef
from pirab.submission import records
from pirab.submission.records import Note, OutboundRow
from pirab.submission.states import Event
from pirab.submission.types import RecipientRow

CHUNK: Final = 100
"""Recipients of one transaction; each locks the account it writes to."""

_OUTCOMES: Final = {
    DeliveryStatus.STORED: (Event.STORED, "250 2.1.5 Delivered"),
    DeliveryStatus.DUPLICATE: (Event.STORED, "250 2.1.5 Delivered"),
    DeliveryStatus.OVER_QUOTA: (Event.DEFERRED, "452 4.2.2 The mailbox is full"),
    # The directory knows the address but its store is not open yet: that is ours to mend, not the sender's.
    DeliveryStatus.NO_ACCOUNT: (Event.DEFERRED, "451 4.3.0 The mailbox is not ready"),
}
_UNKNOWN: Final = (Event.REFUSED, "550 5.1.1 There is no such address here")
_INACTIVE: Final = (Event.DEFERRED, "450 4.2.1 The mailbox takes no mail at the moment")


class Split(msgspec.Struct, frozen=True):
    """Recipients by where their mail goes."""

    inside: list[RecipientRow]
    outside: list[RecipientRow]


def split(recipients: Sequence[RecipientRow]) -> Split:
    """Which recipients live in a domain of this service."""
    ours = frozenset(directory.local_domains())
    result = Split([], [])
    for recipient in recipients:
        domain = recipient.key.rpartition("@")[2]
        (result.inside if domain in ours else result.outside).append(recipient)
    return result


def deliver_inside(
    row: OutboundRow, outbound: bytes, recipients: Sequence[RecipientRow], now: datetime
) -> None:
    """Deliver to every recipient and note each outcome; a chunk at a time, each one transaction."""
    message = store.ensure_message(outbound)
    for start in range(0, len(recipients), CHUNK):
        _deliver_chunk(row, outbound, message, recipients[start : start + CHUNK], now)


def _deliver_chunk(
    row: OutboundRow,
    outbound: bytes,
    message: MessageRef,
    recipients: Sequence[RecipientRow],
    now: datetime,
) -> None:
    known = directory.resolve_recipients(recipient.key for recipient in recipients)
    resolved = [(recipient, known.get(recipient.key)) for recipient in recipients]
    groups = directory.groups_at(recipient.key for recipient, found in resolved if found is None)
    role = MailboxRole.JUNK if row.is_junk else MailboxRole.INBOX
    accounts = {
        found.account_id: recipient.key
        for recipient, found in resolved
        if found is not None and found.is_active
    }
    with db.transaction():
        taken = take_in(Incoming(message, outbound, row.mail_from, role, now, accounts))
        outcomes = {outcome.account_id: outcome for outcome in taken}
        letter = Letter(outbound, row.mail_from, role, now, is_vouched_for=True, fingerprint=message.digest)
        answers = {key: take(letter, group) for key, group in groups.items()}
        records.write_notes(row.account_id, row.id, list(_notes(resolved, outcomes, answers)), now)


def _notes(
    resolved: Sequence[tuple[RecipientRow, Recipient | None]],
    outcomes: dict[int, DeliveryOutcome],
    answers: dict[str, Answer],
) -> Iterator[Note]:
    for recipient, found in resolved:
        if recipient.key in answers:
            event, reply = _of_group(answers[recipient.key])
        elif found is None:
            event, reply = _UNKNOWN
        elif not found.is_active:
            event, reply = _INACTIVE
        else:
            event, reply = _OUTCOMES[outcomes[found.account_id].status]
        yield Note(recipient, event, reply)


def _of_group(answer: Answer) -> tuple[Event, str]:
    code, status, text = answer.reply
    return Event.STORED if code == 250 else Event.REFUSED, f"{code} {status} {text}"
