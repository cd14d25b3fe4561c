"""Jobs of approvals."""

from __future__ import annotations

from pirab.approvals import actions
from pirab.core import jobs


@jobs.periodic(cron="41 * * * *")
@jobs.task(name="approvals.expire", queueing_lock="approvals.expire")
def expire(timestamp: int) -> None:
    """Close proposals nobody decided on in time."""
    actions.expire()
