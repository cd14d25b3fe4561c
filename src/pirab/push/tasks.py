"""Jobs of push."""

from __future__ import annotations

from pirab.core import jobs
from pirab.push import actions, queries, sending


@jobs.task(name=actions.VERIFY_TASK, queue="push")
def verify(subscription_id: int) -> None:
    """Send a verification code."""
    sending.verify(subscription_id)


@jobs.task(name=actions.DELIVER_TASK, queue="push")
def deliver(subscription_id: int) -> None:
    """Tell a subscription what is new."""
    sending.deliver(subscription_id)


@jobs.periodic(cron="*/5 * * * *")
@jobs.task(name="push.sweep", queue="push", queueing_lock="push.sweep")
def sweep(timestamp: int) -> None:
    """Find subscriptions that are owed something although no job waits for them, and those that are over."""
    actions.forget_expired()
    actions.ask_for_delivery(queries.behind())
