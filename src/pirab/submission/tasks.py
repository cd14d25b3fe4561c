"""Jobs of submission: the run of the pipeline, and what the clock sees to."""

from __future__ import annotations

from typing import Any, Final

from procrastinate import RetryStrategy

from pirab.core import clock, jobs
from pirab.core.errors import TemporaryError
from pirab.core.log import get_logger
from pirab.scanning.errors import ScannerUnavailable
from pirab.submission import outbound, receipts, records, sweeping
from pirab.submission.actions import SEND_TASK
from pirab.submission.automatic import Fate
from pirab.submission.schedule import next_attempt

QUEUE: Final = "submission"

FAILED_JOBS_KEPT_HOURS: Final = 30 * 24

log = get_logger(__name__)


@jobs.task(name=SEND_TASK, queue=QUEUE)
def send(account_id: int, submission_id: int) -> None:
    """Run the pipeline once. After a failure of ours the submission is due again, later and later."""
    try:
        outbound.process(account_id, submission_id)
    except Exception:
        row = records.load(account_id, submission_id)
        if row is not None:
            records.postpone(row, next_attempt(row.attempts, clock.now()))
        raise


class ReceiptHeldUp(TemporaryError):
    """The mail server took nothing: the notification is tried again."""


@jobs.task(
    name=receipts.RECEIPT_TASK,
    queue=QUEUE,
    retry=RetryStrategy(
        max_attempts=12, exponential_wait=2, retry_exceptions={ReceiptHeldUp, ScannerUnavailable}
    ),
)
def receipt(digest: str, author: list[str], forward_path: str, receipt: dict[str, Any], token: str) -> None:
    """Send one disposition notification."""
    name, address = author
    fate = receipts.send(bytes.fromhex(digest), (name, address), forward_path, receipt, token)
    if fate is Fate.LATER:
        raise ReceiptHeldUp(forward_path)


@jobs.periodic(cron="* * * * * */5")
@jobs.task(name="submission.sweep", queue=QUEUE, queueing_lock="submission.sweep")
def sweep(timestamp: int) -> None:
    """Find jobs whose worker died, and submissions whose job was lost."""
    revived = jobs.retry_stalled()
    woken = sweeping.wake_overdue()
    if revived or woken:
        log.warning("taken up again", stalled_jobs=revived, overdue_submissions=woken)


@jobs.periodic(cron="*/10 * * * *")
@jobs.task(name="submission.settle", queue=QUEUE, queueing_lock="submission.settle")
def settle(timestamp: int) -> None:
    """Find recipients nobody will report on any more."""
    sweeping.settle_silent()


@jobs.periodic(cron="41 3 * * *")
@jobs.task(name="submission.forget_jobs", queue=QUEUE, queueing_lock="submission.forget_jobs")
def forget_jobs(timestamp: int) -> None:
    """Delete failed jobs of all queues once nobody will ask about them any more."""
    jobs.forget_failed(FAILED_JOBS_KEPT_HOURS)
