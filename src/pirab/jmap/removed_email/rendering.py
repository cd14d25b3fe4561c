"""What a RemovedEmail looks like from outside: enough to recognise it; to read it, restore it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from pirab.core.ids import IdKind, encode_id
from pirab.store import queries
from pirab.store.removed import RECOVERABLE_FOR
from pirab.store.types import ObjectType, RemovedEmail


def _date(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


_VALUES: Final[dict[str, Callable[[RemovedEmail], Any]]] = {
    "id": lambda mail: encode_id(IdKind.REMOVED_EMAIL, mail.id),
    "emailId": lambda mail: encode_id(IdKind.EMAIL, mail.id),
    "mailboxIds": lambda mail: {encode_id(IdKind.MAILBOX, box): True for box in mail.mailbox_ids},
    "keywords": lambda mail: dict.fromkeys(sorted(mail.keywords), True),
    "size": lambda mail: mail.size,
    "receivedAt": lambda mail: _date(mail.received_at),
    "removedAt": lambda mail: _date(mail.removed_at),
    "recoverableUntil": lambda mail: _date(mail.removed_at + RECOVERABLE_FOR),
    "subject": lambda mail: mail.envelope.subject,
    "from": lambda mail: mail.envelope.from_,
    "to": lambda mail: mail.envelope.to,
    "hasAttachment": lambda mail: mail.envelope.has_attachment,
    "preview": lambda mail: mail.envelope.preview,
}
PROPERTIES: Final = tuple(_VALUES)


def render(mail: RemovedEmail, names: list[str]) -> dict[str, Any]:
    """The object with the properties in `names`."""
    return {name: _VALUES[name](mail) for name in names}


def removed_state(account: int) -> str:
    """Moves whenever something is removed, restored, erased or forgotten."""
    return f"{queries.states(account).of(ObjectType.EMAIL)}-{queries.removed_count(account)}"
