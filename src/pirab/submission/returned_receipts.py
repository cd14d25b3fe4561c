"""Disposition notifications that come back: somebody says what became of a letter of ours (rfc8098, rfc8621#7).

They stay in the mailbox as the mail they are; what they say is shown beside the submission as well. Nothing proves
them: whoever knows the Message-ID of a letter can claim that it was displayed, and rfc8621#7 calls it a claim.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from pirab.core import db, metrics
from pirab.store import queries as stored
from pirab.store.arrivals import Arrival
from pirab.store.types import MailboxRole
from pirab.submission import queries, records
from pirab.submission.envelope import address_key
from pirab.submission.types import ReportKind, UndoStatus
from pirab.wire.headers import as_message_ids
from pirab.wire.mdn import Notification, parse_mdn

RECEIPTS_PER_RECIPIENT: Final = 4
"""Displayed, then deleted, and the same again from another device."""
_MOST_CANDIDATES: Final = 20
_HEADER_END: Final = b"\r\n\r\n"
_receipts = metrics.counter("submission_receipt", "Disposition notifications that came in.", ["outcome"])


def take_receipts(arrival: Arrival) -> None:
    """Note what a notification says, in every account that got it; anything else is left alone.

    Runs inside the delivering transaction, which holds those accounts. Bears repetition.
    """
    if arrival.role is MailboxRole.JUNK or not _is_report(arrival.content):
        return
    found = parse_mdn(arrival.content)
    if found is None:
        return
    for account_id, email_id in sorted(arrival.emails.items()):
        is_ours = _take(account_id, email_id, found, arrival.received_at)
        _receipts.labels("taken" if is_ours else "not ours").inc()


def _is_report(content: bytes) -> bool:
    """Whether the header says so (rfc6522#3); only then is the message looked into."""
    end = content.find(_HEADER_END)
    return b"multipart/report" in content[: end if end >= 0 else len(content)].lower()


def _take(account_id: int, email_id: int, found: Notification, at: datetime) -> bool:
    submission_id, positions = _submission_of(account_id, found)
    if submission_id is None:
        return False
    (view,) = stored.email_views(account_id, [email_id])
    most = RECEIPTS_PER_RECIPIENT * len(queries.recipients_of(account_id, submission_id))
    if records.count_reports(account_id, submission_id, view.digest, ReportKind.MDN) >= most:
        return False
    records.log_updated(account_id, submission_id)
    records.add_report(account_id, submission_id, view.digest, at, ReportKind.MDN)
    if found.disposition.type == "displayed":
        records.mark_displayed(account_id, submission_id, positions, at)
    return True


def _submission_of(account_id: int, found: Notification) -> tuple[int | None, list[int]]:
    """The submission a notification is about, and which recipients; the newest one that went to whom it names."""
    ids = as_message_ids((found.original_message_id or "").encode())
    candidates = _sent_with(account_id, ids[0]) if ids else []
    named = set(_named(found))
    for submission_id in candidates:
        recipients = queries.recipients_of(account_id, submission_id)
        positions = [each.position for each in recipients if each.key in named]
        if positions:
            return submission_id, positions
    return (candidates[0], []) if candidates else (None, [])


def _named(found: Notification) -> Iterator[str]:
    """Whom it may be from, in normal form: whom we wrote to, and whoever had it in the end (rfc8098#3.2.3, #3.2.4)."""
    for field in (found.original_recipient, found.final_recipient):
        key = address_key((field or "").rpartition(";")[2].strip().strip("<>"))
        if key is not None:
            yield key


def _sent_with(account_id: int, message_id: str) -> list[int]:
    """Submissions of the letter with this Message-ID that have left, newest first."""
    rows = db.rows(
        """
        select id from submission_submission
         where account_id = %s and md5(message_key) = md5(%s) and message_key = %s and undo_status = %s
         order by id desc limit %s
        """,
        (account_id, message_id, message_id, UndoStatus.FINAL, _MOST_CANDIDATES),
    )
    return [submission_id for (submission_id,) in rows]
