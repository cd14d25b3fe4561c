"""The outbound pipeline: what one run of the job `submission.send` does, step by step.

Every step reads what is still open, does it, and commits what it learnt before the next one starts; so a run may be
killed anywhere and the next one goes on from there. Only `exclusive` stands between two runs at the same time.
"""

from __future__ import annotations

from datetime import datetime
from enum import Enum

from django.conf import settings

from pirab.blob import actions as blobs
from pirab.blob import queries as blob_queries
from pirab.core import clock, db, jobs, metrics
from pirab.core.log import get_logger
from pirab.directory import policy
from pirab.directory import queries as directory
from pirab.directory.types import Right
from pirab.scanning.errors import ScannerUnavailable
from pirab.submission import bounces, queries, records
from pirab.submission.actions import SEND_TASK, job_lock
from pirab.submission.bounces import Told
from pirab.submission.handover import batches, hand_over
from pirab.submission.inside import deliver_inside, split
from pirab.submission.preparation import Ruling, prepare
from pirab.submission.records import Note, OutboundRow
from pirab.submission.schedule import is_expired, next_attempt
from pirab.submission.states import Event, is_open
from pirab.submission.types import Phase, RecipientRow

log = get_logger(__name__)

_runs = metrics.counter("submission_run", "Runs of the outbound pipeline.", ["outcome"])
_run_time = metrics.duration("submission_run", "Time of one run of the outbound pipeline.")

EXPIRED_REPLY = "554 5.4.7 Given up after trying for too long"
NO_LONGER_REPLY = "550 5.7.1 Who handed this mail in may no longer send it"


class Decision(Enum):
    """What follows a step."""

    CONTINUE = "continue"
    LATER = "later"
    STOP = "stop"


def process(account_id: int, submission_id: int) -> None:
    """Bring the submission as far as it will go now, and leave a job for the rest. May be run at any time."""
    with records.exclusive(submission_id) as is_ours, _run_time.time():
        if not is_ours:
            _runs.labels("busy").inc()
            return  # another worker is at it; the sweeper looks after it should it die
        row = records.load(account_id, submission_id)
        if row is None or row.phase is Phase.DONE:
            _runs.labels("nothing").inc()
            return
        decision = _run(row)
        _runs.labels(decision.value).inc()
        if decision is not Decision.STOP:
            _conclude(account_id, submission_id)


def _run(row: OutboundRow) -> Decision:
    if row.phase is Phase.WAITING:
        if clock.now() < row.send_at:
            return Decision.LATER
        decision = _release(row)
        if decision is not Decision.CONTINUE:
            return decision
    for step in (_deliver, _give_up, _tell_sender):
        current = records.load(row.account_id, row.id)
        if current is None or step(current) is Decision.LATER:
            return Decision.LATER
    return Decision.CONTINUE


def _release(row: OutboundRow) -> Decision:
    """Scan, make the outbound bytes durable, and pass the point of no return."""
    recipients = _open_recipients(row)
    now = clock.now()
    if not _may_still_send(row):
        notes = [Note(recipient, Event.REFUSED, NO_LONGER_REPLY) for recipient in recipients]
        return Decision.CONTINUE if records.refuse_all(row, notes, now) else Decision.STOP
    try:
        prepared = prepare(_source(row), row, recipients, now)
    except ScannerUnavailable as error:
        log.warning("scanner away", submission=row.id, reason=str(error))
        return _hold_back(row, recipients, "451 4.7.1 Waiting for the content scanners", now)
    if prepared.ruling is Ruling.LATER:
        return _hold_back(row, recipients, prepared.reply, now)
    if prepared.ruling is Ruling.REFUSE:
        notes = [Note(recipient, Event.REFUSED, prepared.reply) for recipient in recipients]
        return Decision.CONTINUE if records.refuse_all(row, notes, now) else Decision.STOP
    outbound = blobs.put(prepared.outbound)
    return (
        Decision.CONTINUE if records.begin_sending(row, outbound.digest, prepared.is_junk) else Decision.STOP
    )


def _may_still_send(row: OutboundRow) -> bool:
    """Whether who handed the mail in may send it today: months may lie between the two, and people leave."""
    if row.person_id is None:
        return True  # handed in before this was written down
    author = directory.principal(row.person_id)
    return (
        author is not None
        and policy.may(author, row.account_id, Right.SUBMIT)
        and directory.may_send_as(author, row.mail_from)
    )


def _hold_back(row: OutboundRow, recipients: list[RecipientRow], reply: str, now: datetime) -> Decision:
    """Stay pending, so that the sender may still cancel, unless the mail has waited too long already."""
    if is_expired(row.send_at, now, settings.ENVIRONMENT.queue_lifetime_seconds):
        notes = [Note(recipient, Event.REFUSED, EXPIRED_REPLY) for recipient in recipients]
        return Decision.CONTINUE if records.refuse_all(row, notes, now) else Decision.STOP
    with db.transaction():
        records.log_updated(row.account_id, row.id)
        notes = [Note(recipient, Event.DEFERRED, reply) for recipient in recipients]
        records.write_notes(row.account_id, row.id, notes, now)
    return Decision.LATER


def _deliver(row: OutboundRow) -> Decision:
    """Inside first, then outside; whoever is deferred stays open."""
    recipients = _open_recipients(row)
    if not recipients or row.outbound_digest is None:
        return Decision.CONTINUE
    outbound = blob_queries.get(row.outbound_digest)
    parts = split(recipients)
    if parts.inside:
        deliver_inside(row, outbound, parts.inside, clock.now())
    for batch in batches(row, parts.outside):
        notes = hand_over(row, outbound, batch)
        records.write_notes(row.account_id, row.id, notes, clock.now())
    return Decision.CONTINUE


def _give_up(row: OutboundRow) -> Decision:
    """After the queue's lifetime, whoever is still open has failed."""
    now = clock.now()
    if is_expired(row.send_at, now, settings.ENVIRONMENT.queue_lifetime_seconds):
        notes = [Note(recipient, Event.REFUSED, EXPIRED_REPLY) for recipient in _open_recipients(row)]
        records.write_notes(row.account_id, row.id, notes, now)
    return Decision.CONTINUE


def _tell_sender(row: OutboundRow) -> Decision:
    """Report the failures we know of ourselves; Postfix reports those that happen to it."""
    now = clock.now()
    try:
        told = bounces.report_failures(row, now)
    except ScannerUnavailable:
        return Decision.LATER
    if told is Told.YES:
        return Decision.CONTINUE
    if is_expired(row.send_at, now, settings.ENVIRONMENT.queue_lifetime_seconds):
        # The inbox stayed full all the time: `deliveryStatus` and the mark on the mail have to say it alone.
        bounces.tell(row, None, records.unreported_failures(row), now)
    return Decision.LATER


def _conclude(account_id: int, submission_id: int) -> None:
    """Close the submission, or leave a job for what is still open, in the transaction that says so."""
    with db.transaction():
        records.log_updated(account_id, submission_id)
        row = records.load(account_id, submission_id)
        if row is None or row.phase is Phase.DONE:
            return
        if _is_finished(row):
            records.finish(row)
            return
        due = max(row.send_at, next_attempt(row.attempts, clock.now()))
        records.postpone(row, due)
        jobs.defer(
            SEND_TASK,
            at=due,
            lock=job_lock(submission_id),
            account_id=account_id,
            submission_id=submission_id,
        )


def _is_finished(row: OutboundRow) -> bool:
    if row.phase is Phase.WAITING:
        return False
    return not _open_recipients(row) and not records.unreported_failures(row)


def _open_recipients(row: OutboundRow) -> list[RecipientRow]:
    everybody = queries.recipients_of(row.account_id, row.id)
    return [recipient for recipient in everybody if is_open(recipient.state)]


def _source(row: OutboundRow) -> bytes:
    if row.source_digest is None:
        raise AssertionError(f"submission {row.id} waits without a mail")
    return blob_queries.get(row.source_digest)
