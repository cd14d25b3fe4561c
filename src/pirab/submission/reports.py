"""Delivery status notifications that come back: believed only when they carry the secret of their envelope id.

A report that is believed changes the state of the recipients it names and does not stay in the mailbox: good and
middling news is shown by `deliveryStatus`, and a failure is told again in our own words, Thai and English, in the
thread of the mail, with the remote server's words in it. Every other report is mail like any other.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

import msgspec

from pirab.core import db, metrics
from pirab.core.ids import IdError, IdKind, decode_id
from pirab.store import actions as store
from pirab.store import queries as stored
from pirab.store.types import Removal
from pirab.submission import bounces, queries, records
from pirab.submission.bounces import Told
from pirab.submission.envelope import address_key, wants_no_reports
from pirab.submission.records import Note, OutboundRow
from pirab.submission.replies import EVENTS, one_line, reply_of
from pirab.submission.states import next_state
from pirab.submission.types import RecipientRow, RecipientState
from pirab.wire.dsn import DsnAction, RecipientReport, parse_dsn
from pirab.wire.mime import decode_part, parse_message
from pirab.wire.types import Part

_reports = metrics.counter("submission_report", "Delivery reports that came in.", ["outcome"])

REPORTS_PER_RECIPIENT: Final = 8
"""A few delays, a relay, an end, and the same again from a mail handed over twice."""

_RETURNED_TYPES = frozenset(
    {"text/rfc822-headers", "message/global-headers", "message/rfc822", "message/global"}
)


class _Match(msgspec.Struct, frozen=True):
    """A line of a report and the recipient it is about, as it stood before."""

    report: RecipientReport
    recipient: RecipientRow

    @property
    def state(self) -> RecipientState:
        """The recipient's state once the line is believed."""
        return next_state(self.recipient.state, EVENTS[self.report.action]) or self.recipient.state


def take_report(content: bytes, digest: bytes, account_ids: Sequence[int], received_at: datetime) -> None:
    """Believe or leave the report that was just stored as `digest` in `account_ids`. Bears repetition.

    Runs inside the delivering transaction, so that the 250 that Postfix gets covers what was learnt.
    """
    report = parse_dsn(content)
    row = None if report is None else _submission(report.envelope_id)
    if report is None or row is None or _is_flood(row, digest):
        _reports.labels("not ours").inc()
        return
    with db.transaction():
        records.log_updated(row.account_id, row.id)
        matches = list(_matches(row, report.recipients))
        notes = [
            Note(match.recipient, EVENTS[match.report.action], reply_of(match.report)) for match in matches
        ]
        records.write_notes(row.account_id, row.id, notes, received_at)
        records.add_report(row.account_id, row.id, digest, received_at)
        is_told = _tell_failures(row, content, digest, matches, received_at)
        if is_told and _is_understood(report.recipients, matches):
            _take_away(digest, account_ids)
            _reports.labels("taken").inc()
        else:
            _reports.labels("left").inc()


def _submission(envelope_id: str | None) -> OutboundRow | None:
    """The submission a report is about, when it proves that it knows the secret."""
    account, _, rest = (envelope_id or "").partition(".")
    submission, _, secret = rest.partition(".")
    try:
        row = records.load(decode_id(IdKind.ACCOUNT, account), decode_id(IdKind.SUBMISSION, submission))
    except IdError:
        return None
    if row is None or not hmac.compare_digest(row.secret.encode(), secret.encode("utf-8", "replace")):
        return None
    return row


def _is_flood(row: OutboundRow, digest: bytes) -> bool:
    """Whether more reports came than an honest server sends: the secret is known to one that means harm."""
    reports = records.count_reports(row.account_id, row.id, digest)
    return reports >= REPORTS_PER_RECIPIENT * len(queries.recipients_of(row.account_id, row.id))


def _matches(row: OutboundRow, reports: Sequence[RecipientReport]) -> Iterator[_Match]:
    """Lines about recipients of ours, the last word on each; the original address goes before the final one."""
    by_key = {recipient.key: recipient for recipient in queries.recipients_of(row.account_id, row.id)}
    last: dict[int, _Match] = {}
    for report in reports:
        for address in (report.original, report.final):
            recipient = by_key.get(address_key(address or "") or "")
            if recipient is not None:
                last[recipient.position] = _Match(report, recipient)
                break
    yield from last.values()


def _tell_failures(
    row: OutboundRow, content: bytes, digest: bytes, matches: Sequence[_Match], now: datetime
) -> bool:
    """Tell the sender of recipients that have just failed; False when the inbox has no room for it."""
    failed = [
        match
        for match in matches
        if match.state is RecipientState.FAILED and match.recipient.state is not RecipientState.FAILED
    ]
    if not failed:
        return True
    audible = [
        _readable(match.report) for match in failed if not wants_no_reports(match.recipient.parameters)
    ]
    original = _returned(content) or bounces.thread_header(row)
    report = bounces.compose_report(row, audible, original, digest.hex()[:16], now) if audible else None
    positions = [match.recipient.position for match in failed]
    return bounces.tell(row, report, positions, now) is Told.YES


def _readable(report: RecipientReport) -> RecipientReport:
    """The same with the remote server's words on one line: folding has left runs of spaces in them."""
    return msgspec.structs.replace(report, diagnostic=one_line(report.diagnostic or "") or None)


def _is_understood(reports: Sequence[RecipientReport], matches: Sequence[_Match]) -> bool:
    """Whether nothing is lost when the report is not shown: every failure in it is one that we know of."""
    failures = [report for report in reports if report.action is DsnAction.FAILED]
    known = [match for match in matches if match.report.action is DsnAction.FAILED]
    return len(failures) == len(known) and all(match.state is RecipientState.FAILED for match in known)


def _take_away(digest: bytes, account_ids: Sequence[int]) -> None:
    message = stored.message_ref(digest)
    if message is None:
        return
    for account_id in sorted(account_ids):
        email_id = stored.email_with_message(account_id, message.id)
        if email_id is not None:
            store.destroy_emails(account_id, [email_id], Removal.FOR_GOOD)


def _returned(content: bytes) -> bytes | None:
    """The header (or more) of the original mail that the report carries."""
    for part in _leaves(parse_message(content).root):
        if part.type in _RETURNED_TYPES:
            return decode_part(content, part)
    return None


def _leaves(root: Part) -> Iterator[Part]:
    pending = [root]
    while pending:
        part = pending.pop()
        if part.sub_parts:
            pending.extend(reversed(part.sub_parts))
        else:
            yield part
