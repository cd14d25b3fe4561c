"""What the inbound path does by the clock."""

from typing import Final

from pirab.core import clock, log
from pirab.core.jobs import periodic, task
from pirab.delivery import arrival, quota_notice
from pirab.scanning.errors import ScannerUnavailable
from pirab.store.queries.quota import quota_crossings

WARNINGS_AT_ONCE: Final = 500
"""Letters of one tick; the rest come with the next one."""

_log = log.get_logger(__name__)


@periodic(cron="23 2 * * *")
@task(name="delivery.forget_arrivals", pass_context=False)
def forget_arrivals(timestamp: int) -> None:
    """Forget messages that came in longer ago than senders repeat themselves."""
    arrival.forget(clock.now() - arrival.MEMORY)


@periodic(cron="*/2 * * * *")
@task(name="delivery.warn_of_quota", queueing_lock="delivery.warn_of_quota", lock="delivery.warn_of_quota")
def warn_of_quota(timestamp: int) -> None:
    """Write to people whose account has become nearly full. While the scanner is down nobody is warned yet.

    `timestamp`: the tick.
    """
    for crossing in quota_crossings(WARNINGS_AT_ONCE):
        try:
            quota_notice.warn(crossing)
        except ScannerUnavailable as error:
            _log.warning("quota.warnings_wait", tick=timestamp, reason=type(error).__name__)
            return
