"""What the worker does for sign-in."""

from __future__ import annotations

from pirab.core.jobs import periodic, task
from pirab.signin import challenges, history, sessions, throttle


@periodic(cron="17 * * * *")
@task(name="signin.forget")
def forget(timestamp: int) -> None:
    """Remove counted attempts, sessions and lines of the history that no longer matter."""
    throttle.forget()
    sessions.forget_expired()
    history.forget()
    challenges.forget()
