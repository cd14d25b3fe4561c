"""Jobs of filtering."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from procrastinate import RetryStrategy

from pirab.core import jobs
from pirab.core.errors import TemporaryError
from pirab.filtering import vacation
from pirab.scanning.errors import ScannerUnavailable
from pirab.submission.automatic import Fate

ATTEMPTS: Final = 12
"""With waits of 2, 4, 8 … seconds: about an hour, after which a reply is of no use."""


class ReplyHeldUp(TemporaryError):
    """The mail server took nothing: the reply is tried again."""


@jobs.task(
    name=vacation.REPLY_TASK,
    queue="filtering",
    retry=RetryStrategy(
        max_attempts=ATTEMPTS, exponential_wait=2, retry_exceptions={ReplyHeldUp, ScannerUnavailable}
    ),
)
def reply(account_id: int, email_id: int, reverse_path: str) -> None:
    """Send one vacation reply."""
    if vacation.reply(account_id, email_id, reverse_path) is Fate.LATER:
        raise ReplyHeldUp(reverse_path)


@jobs.periodic(cron="11 20 * * *")  # 03:11 in Bangkok
@jobs.task(name="filtering.forget", queue="filtering", queueing_lock="filtering.forget")
def forget(timestamp: int) -> None:
    """Forget correspondents whose period is over."""
    vacation.forget_answered(datetime.fromtimestamp(timestamp, UTC) - vacation.PERIOD)
