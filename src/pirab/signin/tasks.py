"""What the worker does for sign-in."""

from __future__ import annotations

from pirab.core.jobs import periodic, task
from pirab.signin import actions, throttle


@periodic(cron="17 * * * *")
@task(name="signin.forget")
def forget(timestamp: int) -> None:
    """Remove counted attempts and sessions that no longer matter."""
    throttle.forget()
    actions.forget_expired_sessions()
