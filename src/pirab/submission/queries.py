"""The only readers of identities and submissions. Permissions are checked before: doors ask `directory.policy`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

import msgspec

from pirab.core import db
from pirab.submission.errors import IdentityNotFound
from pirab.submission.states import delivered
from pirab.submission.types import (
    DeliveryStatusValue,
    Displayed,
    Envelope,
    EnvelopeAddress,
    IdentityRow,
    MailAddress,
    RecipientRow,
    RecipientState,
    ReportKind,
    SubmissionRow,
    UndoStatus,
)

Parameters = dict[str, str | None]

_PARAMETERS: Final = msgspec.json.Decoder(Parameters)
_ADDRESSES: Final = msgspec.json.Decoder(tuple[MailAddress, ...])


def identities(account_id: int, ids: Sequence[int] | None = None) -> list[IdentityRow]:
    """Identities of the account, default ones first; all of them, or those of `ids` that exist."""
    found = db.rows(
        """
        select id, name, email, reply_to::text, bcc::text, text_signature, html_signature, not is_default
          from submission_identity
         where account_id = %s and (%s::bigint[] is null or id = any(%s::bigint[]))
         order by is_default desc, id
        """,
        (account_id, None if ids is None else list(ids), None if ids is None else list(ids)),
    )
    return [
        IdentityRow(row[0], row[1], row[2], _addresses(row[3]), _addresses(row[4]), *row[5:]) for row in found
    ]


def identity(account_id: int, identity_id: int) -> IdentityRow:
    """One identity; raises `IdentityNotFound`."""
    found = identities(account_id, [identity_id])
    if not found:
        raise IdentityNotFound()
    return found[0]


def submissions(account_id: int, ids: Sequence[int]) -> list[SubmissionRow]:
    """The submissions of `ids` that exist, in the order asked."""
    found = db.rows(
        """
        select id, identity_id, email_id, thread_id, mail_from, mail_parameters::text, send_at, undo_status
          from submission_submission
         where account_id = %s and id = any(%s) and destroyed_at is null
        """,
        (account_id, list(ids)),
    )
    present = [row[0] for row in found]
    recipients = _recipients(account_id, present)
    reports = _reports(account_id, present)
    by_id = {row[0]: _submission(row, recipients[row[0]], reports) for row in found}
    return [by_id[submission_id] for submission_id in ids if submission_id in by_id]


def all_submission_ids(account_id: int, limit: int) -> list[int]:
    """At most `limit` submissions, the newest first."""
    found = db.rows(
        """
        select id from submission_submission where account_id = %s and destroyed_at is null
         order by send_at desc, id desc limit %s
        """,
        (account_id, limit),
    )
    return [submission_id for (submission_id,) in found]


def recipients_of(account_id: int, submission_id: int) -> list[RecipientRow]:
    """Every recipient of a submission, in the order of its envelope."""
    return _recipients(account_id, [submission_id])[submission_id]


def may_read_report(account_id: int, digest: bytes) -> bool:
    """Whether the blob is a notification about mail of this account (rfc8621#7: dsnBlobIds, mdnBlobIds)."""
    return bool(
        db.scalar(
            "select true from submission_report where account_id = %s and digest = %s limit 1",
            (account_id, digest),
        )
    )


def _recipients(account_id: int, submission_ids: list[int]) -> dict[int, list[RecipientRow]]:
    found = db.rows(
        """
        select submission_id, position, address, address_key, parameters::text, state, smtp_reply, last_event_at,
               displayed_at is not null
          from submission_recipient where account_id = %s and submission_id = any(%s)
         order by submission_id, position
        """,
        (account_id, submission_ids),
    )
    grouped: dict[int, list[RecipientRow]] = {submission_id: [] for submission_id in submission_ids}
    for submission_id, position, address, key, parameters, state, reply, at, is_displayed in found:
        displayed = Displayed.YES if is_displayed else Displayed.UNKNOWN
        known = _parameters(parameters)
        row = RecipientRow(position, address, key, known, RecipientState(state), reply, at, displayed)
        grouped[submission_id].append(row)
    return grouped


def _reports(account_id: int, submission_ids: list[int]) -> dict[tuple[int, ReportKind], tuple[bytes, ...]]:
    """The digests of what was told of each submission, the oldest first."""
    found = db.rows(
        """
        select submission_id, kind, array_agg(digest order by received_at, digest)
          from submission_report where account_id = %s and submission_id = any(%s) group by submission_id, kind
        """,
        (account_id, submission_ids),
    )
    return {(each, ReportKind(kind)): tuple(map(bytes, digests)) for each, kind, digests in found}


def _submission(
    row: tuple[Any, ...],
    recipients: list[RecipientRow],
    reports: dict[tuple[int, ReportKind], tuple[bytes, ...]],
) -> SubmissionRow:
    submission_id, identity_id, email_id, thread_id, mail_from, parameters, send_at, undo_status = row
    envelope = Envelope(
        EnvelopeAddress(mail_from, _parameters(parameters)),
        tuple(EnvelopeAddress(recipient.address, recipient.parameters) for recipient in recipients),
    )
    status = {
        recipient.address: DeliveryStatusValue(
            recipient.smtp_reply, delivered(recipient.state), recipient.displayed
        )
        for recipient in recipients
    }
    moment: datetime = send_at
    return SubmissionRow(
        submission_id,
        identity_id,
        email_id,
        thread_id,
        envelope,
        moment,
        UndoStatus(undo_status),
        status,
        reports.get((submission_id, ReportKind.DSN), ()),
        reports.get((submission_id, ReportKind.MDN), ()),
    )


def _parameters(text: str | None) -> Parameters | None:
    return None if text is None else _PARAMETERS.decode(text)


def _addresses(text: str | None) -> tuple[MailAddress, ...] | None:
    return None if text is None else _ADDRESSES.decode(text)
