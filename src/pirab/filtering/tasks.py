"""Jobs of filtering."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from procrastinate import RetryStrategy

from pirab.core import jobs
from pirab.core.errors import TemporaryError
from pirab.filtering import answers, correspondents, redirection, runs, vacation
from pirab.scanning.errors import ScannerUnavailable
from pirab.submission.automatic import Fate

ATTEMPTS: Final = 12
"""With waits of 2, 4, 8 … seconds: about an hour, after which a reply is of no use."""


class ReplyHeldUp(TemporaryError):
    """The mail server took nothing: the reply is tried again."""


_RETRY: Final = RetryStrategy(
    max_attempts=ATTEMPTS, exponential_wait=2, retry_exceptions={ReplyHeldUp, ScannerUnavailable}
)


@jobs.task(name=vacation.REPLY_TASK, queue="filtering", retry=_RETRY)
def reply(account_id: int, email_id: int, reverse_path: str) -> None:
    """Send one vacation reply."""
    if vacation.reply(account_id, email_id, reverse_path) is Fate.LATER:
        raise ReplyHeldUp(reverse_path)


@jobs.task(name=answers.ANSWER_TASK, queue="filtering", retry=_RETRY)
def answer(account_id: int, email_id: int, reverse_path: str, content: dict[str, Any]) -> None:
    """Send one answer that a filter asked for."""
    if answers.answer(account_id, email_id, reverse_path, content) is Fate.LATER:
        raise ReplyHeldUp(reverse_path)


@jobs.task(name=redirection.REDIRECT_TASK, queue="filtering", retry=_RETRY)
def redirect(account_id: int, email_id: int, reverse_path: str, address: str) -> None:
    """Send one letter on."""
    if redirection.send(account_id, email_id, reverse_path, address) is Fate.LATER:
        raise ReplyHeldUp(address)


@jobs.task(name=runs.RUN_TASK, queue="filtering")
def run(account_id: int, run_id: int) -> None:
    """Apply the rules to mail that is there already, or take that back."""
    runs.work_on(account_id, run_id)


@jobs.periodic(cron="11 20 * * *")  # 03:11 in Bangkok
@jobs.task(name="filtering.forget", queue="filtering", queueing_lock="filtering.forget")
def forget(timestamp: int) -> None:
    """Forget correspondents whose period is over."""
    before = datetime.fromtimestamp(timestamp, UTC) - correspondents.LONGEST_PERIOD
    vacation.forget_answered(before)
    redirection.forget_counts(before)
