"""Mail that the service writes for a person: replies of an absent one (rfc3834), notices.

Such mail has a null reverse-path, so that nobody ever answers it or reports on it, and is nobody's submission: it is
kept in no mailbox of the sender. It is scanned and signed like everything that leaves.
"""

from __future__ import annotations

import smtplib
from contextlib import suppress
from datetime import datetime
from email.utils import format_datetime
from enum import Enum

from django.conf import settings

from pirab.core import db
from pirab.directory import queries as directory
from pirab.scanning import client
from pirab.scanning.types import Action, ScanEnvelope
from pirab.store import actions as store
from pirab.store.arrivals import Arrival, announce
from pirab.store.types import Delivery, DeliveryStatus, MailboxRole
from pirab.submission.handover import TIMEOUT_SECONDS, path_of


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
    envelope = ScanEnvelope(reverse_path="", forward_paths=(forward_path,), user=author)
    verdict = client.scan(mail, envelope)
    if verdict.action is Action.DEFER:
        return Fate.LATER
    if verdict.action is Action.REJECT:
        return Fate.REFUSED
    signatures = "".join(
        f"{name}: {_folded(value)}\r\n"
        for name, value in verdict.headers_to_add
        if name.lower() == "dkim-signature"
    )
    host = settings.ENVIRONMENT.hostname
    trace = f"Received: by {host} (Pirab) for automatic mail;\r\n\t{format_datetime(now)}\r\n"
    outbound = trace.encode("ascii") + signatures.encode() + mail
    if directory.is_local_domain(forward_path.rpartition("@")[2]):
        return _inside(outbound, forward_path, now)
    return _outside(outbound, forward_path)


def _folded(value: str) -> str:
    return "\r\n\t".join(line.strip() for line in value.splitlines() if line.strip())


def _inside(outbound: bytes, forward_path: str, now: datetime) -> Fate:
    found = directory.resolve_recipient(forward_path)
    if found is None or not found.is_active:
        return Fate.REFUSED
    with db.transaction():
        delivery = Delivery(found.account_id, now)
        (outcome,) = store.deliver(store.ensure_message(outbound), [delivery])
        if outcome.status is DeliveryStatus.STORED and outcome.email_id is not None:
            emails = {outcome.account_id: outcome.email_id}
            announce(Arrival(outbound, "", MailboxRole.INBOX, now, emails))
    is_in = outcome.status in (DeliveryStatus.STORED, DeliveryStatus.DUPLICATE)
    return Fate.SENT if is_in else Fate.REFUSED


def _outside(outbound: bytes, forward_path: str) -> Fate:
    path = path_of(forward_path)
    session = smtplib.SMTP(timeout=TIMEOUT_SECONDS, local_hostname=settings.ENVIRONMENT.hostname)
    try:
        session.connect("127.0.0.1", settings.ENVIRONMENT.ports.reinject)
        session.ehlo_or_helo_if_needed()
        session.command_encoding = "utf-8"
        mail_options = ["BODY=8BITMIME"] if not outbound.isascii() else []
        mail_options += ["SMTPUTF8"] if path.needs_utf8 else []
        session.sendmail("", [path.address], outbound, mail_options, ["NOTIFY=NEVER"])
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
