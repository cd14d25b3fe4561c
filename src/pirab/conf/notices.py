"""Notices of the service into a person's own mailbox, past nobody's network."""

from __future__ import annotations

from pirab.core import clock, db
from pirab.directory import queries as directory
from pirab.store import actions as store
from pirab.store.arrivals import Incoming, take_in
from pirab.store.types import MailboxRole


def into_mailbox(person_id: int, message: bytes) -> None:
    """Deliver `message` to the person's own account; somebody without one is told nothing."""
    principal = directory.principal(person_id)
    if principal is None or principal.primary_account_id is None:
        return
    with db.transaction():
        recipients = {principal.primary_account_id: principal.email}
        kept = store.ensure_message(message)
        take_in(Incoming(kept, message, "", MailboxRole.INBOX, clock.now(), recipients))
