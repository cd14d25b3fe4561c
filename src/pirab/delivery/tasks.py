"""What the inbound path does by the clock."""

from pirab.core import clock
from pirab.core.jobs import periodic, task
from pirab.delivery import arrival


@periodic(cron="23 2 * * *")
@task(name="delivery.forget_arrivals", pass_context=False)
def forget_arrivals(timestamp: int) -> None:
    """Forget messages that came in longer ago than senders repeat themselves."""
    arrival.forget(clock.now() - arrival.MEMORY)
