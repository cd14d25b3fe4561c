"""Mail coming into accounts, and whoever has a say in it or wants to hear of it.

Mail comes in by several doors (SMTP, straight from a colleague on this service, replies of the service itself). Each of
them calls `take_in` inside the transaction that makes its answer true; `pirab.conf` registers who sorts the mail into
mailboxes (filters) and who listens.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

import msgspec

from pirab.store.actions.deliver import deliver
from pirab.store.types import Delivery, DeliveryOutcome, DeliveryStatus, MailboxRole, MessageRef


class Incoming(msgspec.Struct, frozen=True):
    """One message on its way into accounts: `content` are the bytes of `message`.

    `reverse_path` is without brackets, "" for the null path (rfc5321#4.5.5); `role` is what the scanners made of it;
    `recipients` maps each account to the address the message came for.
    """

    message: MessageRef
    content: bytes
    reverse_path: str
    role: MailboxRole
    received_at: datetime
    recipients: Mapping[int, str]


class Placement(msgspec.Struct, frozen=True):
    """Where a message goes in one account (see `Delivery`), and what is to be done once it is there.

    `then` gets the new email, inside the same transaction; it is not called when the account had the message already.
    """

    role: MailboxRole
    mailbox_ids: tuple[int, ...] = ()
    keywords: frozenset[str] = frozenset()
    then: Callable[[int], None] | None = None


class Arrival(msgspec.Struct, frozen=True):
    """One message that came into mailboxes with the role `role`, or into others instead of those.

    `content` are its bytes; `reverse_path` is without brackets, "" for the null path (rfc5321#4.5.5); `emails` maps
    each account that got it now (not those that had it already) to the new email.
    """

    content: bytes
    reverse_path: str
    role: MailboxRole
    received_at: datetime
    emails: Mapping[int, int]


Listener = Callable[[Arrival], None]
"""Called inside the delivering transaction: it must be quick, and what it raises undoes the delivery."""
Sorter = Callable[[Incoming], Mapping[int, Placement]]
"""Says where a message goes in the accounts that it has something to say about; called as a `Listener` is."""

_listeners: list[Listener] = []
_sorters: list[Sorter] = []


def register_listener(listener: Listener) -> None:
    """Have `listener` told of every arrival. Registering it again changes nothing."""
    if listener not in _listeners:
        _listeners.append(listener)


def register_sorter(sorter: Sorter) -> None:
    """Have `sorter` asked about every message. Registering it again changes nothing."""
    if sorter not in _sorters:
        _sorters.append(sorter)


def take_in(incoming: Incoming) -> list[DeliveryOutcome]:
    """Put the message into every account, where its sorters want it; outcomes in ascending order of accounts.

    Needs a transaction, and is harmless to repeat, as `deliver` is.
    """
    placements: dict[int, Placement] = {}
    for sorter in tuple(_sorters) if incoming.recipients else ():
        placements |= sorter(incoming)
    chosen = {
        account: placements.get(account) or Placement(incoming.role)
        for account in sorted(incoming.recipients)
    }
    outcomes = deliver(incoming.message, list(_deliveries(incoming, chosen)))
    emails = {
        outcome.account_id: outcome.email_id
        for outcome in outcomes
        if outcome.status is DeliveryStatus.STORED and outcome.email_id is not None
    }
    for account, email_id in emails.items():
        then = chosen[account].then
        if then is not None:
            then(email_id)
    for role in sorted({chosen[account].role for account in emails}):
        theirs = {account: email for account, email in emails.items() if chosen[account].role is role}
        announce(Arrival(incoming.content, incoming.reverse_path, role, incoming.received_at, theirs))
    return outcomes


def announce(arrival: Arrival) -> None:
    """Tell every listener; nobody is told of an arrival that reached no account anew."""
    if arrival.emails:
        for listener in tuple(_listeners):
            listener(arrival)


def _deliveries(incoming: Incoming, chosen: Mapping[int, Placement]) -> Iterator[Delivery]:
    for account, place in chosen.items():
        yield Delivery(account, incoming.received_at, place.role, place.keywords, place.mailbox_ids)
