"""What the clock sees to: work whose job was lost, and recipients nobody reported on."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.conf import settings

from pirab.core import clock, jobs, metrics
from pirab.submission import records
from pirab.submission.actions import SEND_TASK

OVERDUE: Final = timedelta(seconds=20)
"""How late a submission is before its job is taken for lost."""
MOST_AT_ONCE: Final = 500
SILENCE_MARGIN: Final = timedelta(hours=1)
"""Added to the times after which Postfix must have reported, had it still had the mail."""

_overdue = metrics.gauge("submission_overdue", "Submissions whose next attempt is late (counted up to 500).")


def wake_overdue() -> int:
    """Leave a job for every submission that should have been looked at a while ago; returns how many.

    One that is late because its job still runs, or waits behind others, gets a job that finds nothing to do.
    """
    woken = 0
    late = records.overdue(clock.now() - OVERDUE, MOST_AT_ONCE)
    _overdue.set(len(late))
    for account_id, submission_id in late:
        job = jobs.defer_once(
            SEND_TASK,
            key=f"submission.wake:{submission_id}",
            account_id=account_id,
            submission_id=submission_id,
        )
        woken += job is not None
    return woken


def settle_silent() -> int:
    """Call `relayed` whom Postfix no longer has and nobody reported on; returns how many recipients.

    Postfix reports every end but one: a server that takes over the duty to report (rfc3461#5.2.1) and then says
    nothing. Mail still in the queue would have brought a delay report, and mail given up a failure report, by then.
    """
    environment = settings.ENVIRONMENT
    now = clock.now()
    handed_over = now - timedelta(seconds=environment.delay_warning_seconds) - SILENCE_MARGIN
    delayed = now - timedelta(seconds=environment.queue_lifetime_seconds) - SILENCE_MARGIN
    return records.settle_silent(handed_over, delayed, now, MOST_AT_ONCE)
