"""Jobs of groups."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from procrastinate import RetryStrategy

from pirab.core import clock, jobs
from pirab.core.errors import TemporaryError
from pirab.directory import queries as directory
from pirab.groups import hooks, moderation, notices, spreading
from pirab.groups.models import WaitingLetter
from pirab.store import actions as store
from pirab.store import queries as stored

ATTEMPTS: Final = 12
"""With waits of 3, 9, 27 … seconds: four days, as long as the queue of mail keeps trying."""


class MailHeldUp(TemporaryError):
    """A mail of a group could not be handed over now."""


_RETRY: Final = RetryStrategy(max_attempts=ATTEMPTS, exponential_wait=3, retry_exceptions={TemporaryError})


@jobs.task(name=spreading.COPY_TASK, queue="groups", retry=_RETRY)
def copy(message_id: int, hold_id: int, author: str, reverse_path: str, address: str) -> None:
    """Send a copy to a member outside."""
    message = stored.message_with_id(message_id)
    if message is not None:
        content = stored.message_bytes(message.digest)
        if not hooks.courier().send_copy(content, author, reverse_path, address, clock.now()):
            raise MailHeldUp(address)
    store.let_go(hold_id)


@jobs.task(name=moderation.ASK_TASK, queue="groups", retry=_RETRY)
def ask_managers(letter_id: int) -> None:
    """Tell the managers that a letter waits."""
    letter = WaitingLetter.objects.filter(pk=letter_id).first()
    if letter is None:
        return
    group = directory.group(letter.group_id)
    for manager in notices.managers_of(group.id):
        mail = notices.asking(letter, group, manager, clock.now())
        if not hooks.courier().send_notice(mail, group.address, manager, clock.now()):
            raise MailHeldUp(manager)


@jobs.task(name=moderation.TELL_TASK, queue="groups", retry=_RETRY)
def tell_writer(letter_id: int) -> None:
    """Tell the writer that the letter went no further."""
    letter = WaitingLetter.objects.filter(pk=letter_id).first()
    if letter is None or not letter.reverse_path:
        return
    group = directory.group(letter.group_id)
    mail = notices.refusing(letter, group, clock.now())
    if not hooks.courier().send_notice(mail, group.address, letter.reverse_path, clock.now()):
        raise MailHeldUp(letter.reverse_path)


@jobs.periodic(cron="29 * * * *")
@jobs.task(name="groups.sweep", queue="groups", queueing_lock="groups.sweep")
def sweep(timestamp: int) -> None:
    """Close what nobody decided on in time and forget what is long past."""
    moderation.expire()
    moderation.forget(datetime.fromtimestamp(timestamp, UTC) - moderation.MEMORY)
