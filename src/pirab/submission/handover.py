"""Handing mail over to Postfix: one SMTP transaction a batch, with the DSN parameters that bring reports back.

Postfix takes over all duties of a sending MTA here: its 250 after the data means that it will deliver or report
(rfc5321#6.1). What it said of each recipient is returned as a note; nothing is written here.
"""

from __future__ import annotations

import smtplib
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Final

import msgspec
from django.conf import settings

from pirab.core.ids import IdKind, encode_id
from pirab.submission.records import Note, OutboundRow
from pirab.submission.replies import one_line
from pirab.submission.states import Event
from pirab.submission.types import RecipientRow
from pirab.wire.address import normalize_address

BATCH: Final = 200
"""Recipients of one SMTP transaction: what may be sent twice when its last answer is lost with the worker."""
TIMEOUT_SECONDS: Final = 60.0


class Path(msgspec.Struct, frozen=True):
    """An address in the form that SMTP carries: ASCII unless the local part is not."""

    address: str

    @property
    def needs_utf8(self) -> bool:
        return not self.address.isascii()


def envelope_id(row: OutboundRow) -> str:
    """What reports are known by (rfc3461#4.4): account, submission, and a secret that only Postfix is told."""
    return ".".join(
        (encode_id(IdKind.ACCOUNT, row.account_id), encode_id(IdKind.SUBMISSION, row.id), row.secret)
    )


def batches(row: OutboundRow, recipients: Sequence[RecipientRow]) -> Iterator[list[RecipientRow]]:
    """Recipients that share an SMTP transaction.

    Those whose address needs SMTPUTF8 travel apart: asking for it would make every other recipient's server need it
    too (rfc6531#3.6).
    """
    plain = [recipient for recipient in recipients if not path_of(recipient.address).needs_utf8]
    international = [recipient for recipient in recipients if path_of(recipient.address).needs_utf8]
    for group in (plain, international):
        for start in range(0, len(group), BATCH):
            yield group[start : start + BATCH]


def hand_over(row: OutboundRow, outbound: bytes, recipients: Sequence[RecipientRow]) -> list[Note]:
    """Give one batch to Postfix; a note for every recipient, none is left out.

    A connection that fails before the data was answered leaves everybody deferred: trying again is better than losing.
    """
    environment = settings.ENVIRONMENT
    session = smtplib.SMTP(timeout=TIMEOUT_SECONDS, local_hostname=environment.hostname)
    try:
        session.connect("127.0.0.1", environment.ports.reinject)
        session.ehlo_or_helo_if_needed()
        notes = _transaction(session, row, outbound, recipients)
        with suppress(smtplib.SMTPException, OSError):
            session.quit()  # everybody has an answer: a lost farewell takes nothing back
        return notes
    except (smtplib.SMTPException, OSError) as error:
        reply = f"451 4.3.2 The outgoing mail server does not answer ({type(error).__name__})"
        return [Note(recipient, Event.DEFERRED, reply) for recipient in recipients]
    finally:
        session.close()


def path_of(address: str) -> Path:
    """`address`, which was checked when the submission was made, as it stands between the angle brackets."""
    return Path(normalize_address(address).transmissible)


def mail_options(session: smtplib.SMTP, row: OutboundRow, needs_utf8: bool, outbound: bytes) -> list[str]:
    """Parameters of MAIL FROM (rfc3461#4.3, rfc6152, rfc6531)."""
    options = ["RET=HDRS", f"ENVID={xtext(envelope_id(row))}"] if session.has_extn("dsn") else []
    if not outbound.isascii():
        options.append("BODY=8BITMIME")
    if needs_utf8:
        options.append("SMTPUTF8")
    return options


def recipient_options(session: smtplib.SMTP, path: Path) -> list[str]:
    """Parameters of RCPT TO (rfc3461#4.1, #4.2; rfc6533#3 for addresses beyond ASCII)."""
    if not session.has_extn("dsn"):
        return []
    original = f"utf-8;{utf8_xtext(path.address)}" if path.needs_utf8 else f"rfc822;{xtext(path.address)}"
    return ["NOTIFY=SUCCESS,FAILURE,DELAY", f"ORCPT={original}"]


def xtext(text: str) -> str:
    """ASCII text as a parameter value (rfc3461#4)."""
    return "".join(c if 33 <= ord(c) <= 126 and c not in "+=" else f"+{ord(c):02X}" for c in text)


def utf8_xtext(text: str) -> str:
    """An international address as a parameter value for a session with SMTPUTF8 (rfc6533#3: utf-8-addr-unitext)."""
    return "".join(
        c if ord(c) > 127 or (33 <= ord(c) <= 126 and c not in "+=\\") else f"\\x{{{ord(c):02X}}}"
        for c in text
    )


def _transaction(
    session: smtplib.SMTP, row: OutboundRow, outbound: bytes, recipients: Sequence[RecipientRow]
) -> list[Note]:
    sender = path_of(row.mail_from)
    paths = [path_of(recipient.address) for recipient in recipients]
    needs_utf8 = sender.needs_utf8 or any(path.needs_utf8 for path in paths)
    if needs_utf8 and not session.has_extn("smtputf8"):
        return _all(recipients, 553, b"5.6.7 The outgoing mail server cannot carry this address")
    session.command_encoding = "utf-8"
    options = mail_options(session, row, needs_utf8, outbound)
    code, words = session.docmd("MAIL", " ".join([f"FROM:<{sender.address}>", *options]))
    if code != 250:
        return _all(recipients, code, words)
    notes: list[Note] = []
    accepted: list[RecipientRow] = []
    for recipient, path in zip(recipients, paths, strict=True):
        code, words = session.docmd(
            "RCPT", " ".join([f"TO:<{path.address}>", *recipient_options(session, path)])
        )
        if code in (250, 251):
            accepted.append(recipient)
        else:
            notes += _all([recipient], code, words)
    if accepted:
        code, words = _data(session, outbound)
        notes += _all(accepted, code, words)
    return notes


def _data(session: smtplib.SMTP, outbound: bytes) -> tuple[int, bytes]:
    try:
        return session.data(outbound)
    except smtplib.SMTPDataError as error:
        words = error.smtp_error
        return error.smtp_code, words.encode() if isinstance(words, str) else words


def _all(recipients: Sequence[RecipientRow], code: int, words: bytes) -> list[Note]:
    if 200 <= code < 300:
        event = Event.HANDED_OVER
    elif code >= 500:
        event = Event.REFUSED
    else:
        event = Event.DEFERRED
    reply = f"{code} {one_line(words.decode('utf-8', 'replace'))}"
    return [Note(recipient, event, reply) for recipient in recipients]
