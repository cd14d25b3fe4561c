"""Telling the sender of failures: a delivery status notification in Thai and English in their inbox (rfc3464).

The report, the mark on the sent mail and the note that the sender was told commit together: told once, never twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import Enum

from django.conf import settings

from pirab.blob import queries as blob_queries
from pirab.blob.errors import BlobMissing
from pirab.core import db
from pirab.core.ids import IdKind, encode_id
from pirab.scanning import client
from pirab.scanning.types import Action, ScanEnvelope
from pirab.store import actions as store
from pirab.store.types import Delivery, DeliveryStatus, EmailPatch, MailboxRole
from pirab.submission import queries, records
from pirab.submission.envelope import wants_no_reports
from pirab.submission.handover import envelope_id
from pirab.submission.records import OutboundRow
from pirab.submission.replies import status_of
from pirab.submission.types import FAILED_KEYWORD, RecipientRow
from pirab.wire.dsn import DsnAction, DsnRequest, RecipientReport, compose_dsn
from pirab.wire.types import Address

AUTHOR_NAME = "ระบบจดหมาย Mail Delivery System"


class Told(Enum):
    """Whether the sender could be told."""

    YES = "yes"
    MAILBOX_FULL = "mailbox full"


def report_failures(row: OutboundRow, now: datetime) -> Told:
    """Report every failure that we know of ourselves and that the sender was not told yet.

    Raises `ScannerUnavailable`: our own mail is scanned like any other.
    """
    positions = frozenset(records.unreported_failures(row))
    if not positions:
        return Told.YES
    failed = [each for each in queries.recipients_of(row.account_id, row.id) if each.position in positions]
    audible = [recipient for recipient in failed if not wants_no_reports(recipient.parameters)]
    report = _scanned(row, audible, now) if audible else None
    return tell(row, report, sorted(positions), now)


def tell(row: OutboundRow, report: bytes | None, positions: Sequence[int], now: datetime) -> Told:
    """Put `report` (None: nobody wants one) into the sender's inbox, mark the sent mail, note that it was done."""
    with db.transaction():
        if report is not None:
            delivery = Delivery(row.account_id, now, MailboxRole.INBOX)
            (outcome,) = store.deliver(store.ensure_message(report), [delivery])
            if outcome.status is DeliveryStatus.OVER_QUOTA:
                return Told.MAILBOX_FULL
        # The mail may be gone by now: then there is nothing to mark, and the outcome says so to nobody.
        mark = EmailPatch(add_keywords=frozenset({FAILED_KEYWORD}))
        store.update_emails(row.account_id, {row.email_id: mark})
        records.mark_bounced(row.account_id, row.id, positions)
    return Told.YES


def compose_report(
    row: OutboundRow, reports: Sequence[RecipientReport], original: bytes, name: str, now: datetime
) -> bytes:
    """The notification as a message; `original` gives its header and the thread, `name` makes its id unique."""
    host = settings.ENVIRONMENT.hostname
    return compose_dsn(
        DsnRequest(
            author=Address(AUTHOR_NAME, f"mailer-daemon@{host}"),
            sender=row.mail_from,
            reporting_mta=host,
            message_id=f"{encode_id(IdKind.SUBMISSION, row.id)}.{name}@{host}",
            date=now,
            recipients=tuple(reports),
            original=original,
            envelope_id=envelope_id(row),
            arrival_date=row.created_at,
        )
    )


def thread_header(row: OutboundRow) -> bytes:
    """A header that ties a report to its mail and says nothing else."""
    return f"Message-ID: <{row.message_key}>\r\n\r\n".encode() if row.message_key else b"\r\n"


def _scanned(row: OutboundRow, failed: Sequence[RecipientRow], now: datetime) -> bytes:
    """The report with the header of the mail, or without it where the scanners object to that header."""
    reports = [_report(recipient, now) for recipient in failed]
    name = f"{failed[0].position}-{len(failed)}"
    report = compose_report(row, reports, _original(row), name, now)
    verdict = client.scan(report, ScanEnvelope(reverse_path="", forward_paths=(row.mail_from,)))
    if verdict.action is not Action.REJECT:
        return report
    return compose_report(row, reports, thread_header(row), name, now)


def _original(row: OutboundRow) -> bytes:
    digest = row.outbound_digest or row.source_digest
    try:
        return thread_header(row) if digest is None else blob_queries.get(digest)
    except BlobMissing:
        return thread_header(row)


def _report(recipient: RecipientRow, now: datetime) -> RecipientReport:
    return RecipientReport(
        original=recipient.address,
        final=recipient.address,
        action=DsnAction.FAILED,
        status=status_of(recipient.smtp_reply),
        diagnostic=recipient.smtp_reply,
        diagnostic_type="smtp",
        last_attempt=now,
    )
