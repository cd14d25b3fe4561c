"""Mail that the service sends for a person by itself: replies of an absent one (rfc3834), letters sent on.

Such mail is nobody's submission: it is kept in no mailbox of the sender. It is scanned and signed like everything that
leaves. What the service wrote has a null reverse-path, so that nobody ever answers it or reports on it.
"""

from __future__ import annotations

import smtplib
from contextlib import suppress
from datetime import datetime
from email.utils import format_datetime
from enum import Enum
from typing import Final

from django.conf import settings

from pirab.core import db
from pirab.directory import queries as directory
from pirab.scanning import client
from pirab.scanning.types import Action, ScanEnvelope, Verdict
from pirab.store import actions as store
from pirab.store.arrivals import Incoming, take_in
from pirab.store.types import DeliveryStatus, MailboxRole
from pirab.submission.handover import TIMEOUT_SECONDS, path_of
from pirab.submission.preparation import signature_fields


class Fate(Enum):
    """What became of an automatic mail."""

    SENT = "sent"
    REFUSED = "refused"
    LATER = "later"


def send_automatic(mail: bytes, author: str, forward_path: str, now: datetime) -> Fate:
    """Send `mail` (composed by us: CRLF, no Bcc) of `author`'s account to one address, with a null reverse-path.

    `LATER` when it could not even be handed over, and then it has gone nowhere. Raises `ScannerUnavailable`,
    `AddressError`.
    """
    verdict = _verdict(mail, author, "", forward_path)
    if verdict.action in _ENDS:
        return _ENDS[verdict.action]
    outbound = _traced(mail, verdict, "automatic mail", now)
    if directory.is_local_domain(forward_path.rpartition("@")[2]):
        return _inside(outbound, "", forward_path, now)
    return _outside(outbound, forward_path)


def send_on(mail: bytes, author: str, reverse_path: str, forward_path: str, now: datetime) -> Fate:
    """Send a letter that `author`'s account received on to another address. As `send_automatic`, but reports of what
    becomes of it go to `reverse_path`, an address of the account: SPF asks for a domain of ours (rfc7208#2.2).

    Junk stays here (`REFUSED`): this service is not to be known for it.
    """
    verdict = _verdict(mail, author, reverse_path, forward_path)
    if verdict.action is Action.JUNK:
        return Fate.REFUSED
    if verdict.action in _ENDS:
        return _ENDS[verdict.action]
    outbound = _traced(mail, verdict, "a redirected letter", now)
    if directory.is_local_domain(forward_path.rpartition("@")[2]):
        return _inside(outbound, reverse_path, forward_path, now)
    return _outside(outbound, forward_path, reverse_path)


_ENDS: Final = {Action.DEFER: Fate.LATER, Action.REJECT: Fate.REFUSED}


def _verdict(mail: bytes, author: str, reverse_path: str, forward_path: str) -> Verdict:
    envelope = ScanEnvelope(reverse_path=reverse_path, forward_paths=(forward_path,), user=author)
    return client.scan(mail, envelope)


def _traced(mail: bytes, verdict: Verdict, what: str, now: datetime) -> bytes:
    host = settings.ENVIRONMENT.hostname
    trace = f"Received: by {host} (Pirab) for {what};\r\n\t{format_datetime(now)}\r\n"
    return trace.encode("ascii") + signature_fields(verdict) + mail


def _inside(outbound: bytes, reverse_path: str, forward_path: str, now: datetime) -> Fate:
    found = directory.resolve_recipient(forward_path)
    if found is None or not found.is_active:
        return Fate.REFUSED
    with db.transaction():
        recipients = {found.account_id: forward_path}
        message = store.ensure_message(outbound)
        (outcome,) = take_in(Incoming(message, outbound, reverse_path, MailboxRole.INBOX, now, recipients))
    is_in = outcome.status in (DeliveryStatus.STORED, DeliveryStatus.DUPLICATE)
    return Fate.SENT if is_in else Fate.REFUSED


def _outside(outbound: bytes, forward_path: str, reverse_path: str = "") -> Fate:
    path = path_of(forward_path)
    session = smtplib.SMTP(timeout=TIMEOUT_SECONDS, local_hostname=settings.ENVIRONMENT.hostname)
    try:
        session.connect("127.0.0.1", settings.ENVIRONMENT.ports.reinject)
        session.ehlo_or_helo_if_needed()
        session.command_encoding = "utf-8"
        mail_options = ["BODY=8BITMIME"] if not outbound.isascii() else []
        mail_options += ["SMTPUTF8"] if path.needs_utf8 else []
        notify = ["NOTIFY=FAILURE" if reverse_path else "NOTIFY=NEVER"]
        sender = path_of(reverse_path).address if reverse_path else ""
        session.sendmail(sender, [path.address], outbound, mail_options, notify)
    except smtplib.SMTPResponseException as error:
        return Fate.REFUSED if error.smtp_code >= 500 else Fate.LATER
    except smtplib.SMTPRecipientsRefused as error:
        codes = [code for code, _ in error.recipients.values()]
        return Fate.REFUSED if all(code >= 500 for code in codes) else Fate.LATER
    except (smtplib.SMTPException, OSError):
        return Fate.LATER
    finally:
        with suppress(smtplib.SMTPException, OSError):
            session.quit()
        session.close()
    return Fate.SENT
