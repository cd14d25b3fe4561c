"""What the clock runs: rows that time or new rules have overtaken."""

from __future__ import annotations

from typing import Final

from pirab.core import jobs, log
from pirab.directory.finding import index, reading

COUNTS_KEPT_DAYS: Final = 90

_log = log.get_logger(__name__)


@jobs.periodic(cron="4 17 * * *")  # 00:04 in Bangkok: a new day of posts
@jobs.task(name="finding.new_day", lock="finding.index")
def new_day(timestamp: int) -> None:
    """Show posts that begin today and no longer those that ended. `timestamp`: the tick (seconds since 1970)."""
    renewed = index.renew_for_day()
    forgotten = reading.forget_counts(COUNTS_KEPT_DAYS)
    _log.info("directory rows of the new day", tick=timestamp, renewed=renewed, counts_forgotten=forgotten)


@jobs.periodic(cron="*/10 * * * *")
@jobs.task(name="finding.renew_old", lock="finding.index")
def renew_old(timestamp: int) -> None:
    """Make the rows that are missing or were made by earlier rules, as after an upgrade."""
    renewed = index.renew_old()
    if renewed:
        _log.info("directory rows made anew", tick=timestamp, renewed=renewed)
