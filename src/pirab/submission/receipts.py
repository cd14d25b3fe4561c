"""Telling the author of a letter what became of it: disposition notifications (rfc9007, rfc8098).

Nothing is ever told by the service on its own: a person's client asks for each notification. It leaves by a job, so
that the scanners or the mail server may be away for a while.
"""

from __future__ import annotations

import secrets
from typing import Any, Final

import msgspec

from pirab.core import clock, db, jobs
from pirab.directory import policy
from pirab.directory import queries as directory
from pirab.directory.errors import AccountReadOnly
from pirab.directory.types import Principal, Right
from pirab.store import actions as store
from pirab.store import queries as stored
from pirab.store.types import EmailPatch, EmailView
from pirab.submission import queries
from pirab.submission.automatic import Fate, send_automatic
from pirab.submission.envelope import address_key
from pirab.submission.errors import (
    EmailNotFound,
    ForbiddenFrom,
    ForbiddenToSend,
    InvalidProperties,
    MdnAlreadySent,
    NoRecipients,
)
from pirab.wire.compose import ComposeError
from pirab.wire.mdn import Disposition, MdnRequest, compose_mdn, notification_addresses
from pirab.wire.types import Address

MDN_SENT: Final = "$mdnsent"
RECEIPT_TASK: Final = "submission.receipt"
MOST_TOLD: Final = 10
"""Addresses that one letter may have told."""


class Receipt(msgspec.Struct, frozen=True, kw_only=True):
    """What a client wants said. `final_recipient` None means the address of the identity."""

    disposition: Disposition
    subject: str | None = None
    text: str | None = None
    returns_all: bool = False
    reporting_ua: str | None = None
    final_recipient: str | None = None
    extensions: tuple[tuple[str, str], ...] = ()


class Sent(msgspec.Struct, frozen=True):
    """What was said: the notification's final recipient, and the octets it was about."""

    final_recipient: str
    original: bytes


def send_receipt(
    principal: Principal, account_id: int, identity_id: int, email_id: int, receipt: Receipt
) -> Sent:
    """Have a notification about an email sent to whom its author named, and mark the email as told about (rfc9007#2.1).

    In a transaction that holds the account; else two callers at a time could both send.

    Raises `ForbiddenToSend`, `ForbiddenFrom`, `InvalidProperties`, `EmailNotFound`, `MdnAlreadySent`,
    `NoRecipients`.
    """
    try:
        policy.require_account(principal, account_id, Right.SUBMIT)
    except AccountReadOnly as error:
        raise ForbiddenToSend() from error
    identity = queries.identity(account_id, identity_id)
    if not directory.may_send_as(principal, identity.email):
        raise ForbiddenFrom()
    view = _view(account_id, email_id)
    if MDN_SENT in view.email.keywords:
        raise MdnAlreadySent()
    original = stored.message_bytes(view.digest)
    told = [each for each in notification_addresses(original) if address_key(each) is not None][:MOST_TOLD]
    if not told:
        raise NoRecipients()
    recipient = receipt.final_recipient or f"rfc822; {identity.email}"
    author = Address(identity.name or None, identity.email)
    final = msgspec.structs.replace(receipt, final_recipient=recipient)
    with db.transaction():
        for forward_path in told:
            _check(author, forward_path, original, final)
            jobs.defer(
                RECEIPT_TASK,
                digest=view.digest.hex(),
                author=[identity.name, identity.email],
                forward_path=forward_path,
                receipt=msgspec.to_builtins(final),
                token=secrets.token_hex(12),
            )
        # What the client asks to be marked follows in a call of its own, which may fail; this must not.
        mark = EmailPatch(add_keywords=frozenset({MDN_SENT}))
        store.update_emails(account_id, {email_id: mark})
    return Sent(recipient, original)


def send(
    digest: bytes, author: tuple[str, str], forward_path: str, receipt: dict[str, Any], token: str
) -> Fate:
    """Compose and send one notification. Raises `ScannerUnavailable`."""
    request = _request(
        Address(author[0] or None, author[1]),
        forward_path,
        stored.message_bytes(digest),
        msgspec.convert(receipt, Receipt),
        token,
    )
    return send_automatic(compose_mdn(request), author[1], forward_path, clock.now())


def _view(account_id: int, email_id: int) -> EmailView:
    views = stored.email_views(account_id, [email_id])
    if not views:
        raise EmailNotFound()
    return views[0]


def _check(author: Address, forward_path: str, original: bytes, receipt: Receipt) -> None:
    """What cannot be composed is refused now and not when nobody listens any more."""
    try:
        compose_mdn(_request(author, forward_path, original, receipt, "check"))
    except ComposeError as error:
        raise InvalidProperties(str(error), properties=("extensionFields",)) from error


def _request(author: Address, forward_path: str, original: bytes, receipt: Receipt, token: str) -> MdnRequest:
    return MdnRequest(
        author=author,
        to=forward_path,
        message_id=f"mdn.{token}@{author.email.rpartition('@')[2]}",
        date=clock.now(),
        disposition=receipt.disposition,
        final_recipient=receipt.final_recipient or f"rfc822; {author.email}",
        original=original,
        reporting_ua=receipt.reporting_ua,
        subject=receipt.subject,
        text=receipt.text,
        returns_all=receipt.returns_all,
        extensions=receipt.extensions,
    )
