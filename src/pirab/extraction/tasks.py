"""The job that makes attachments findable, and the one that finds what was left out."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from procrastinate import RetryStrategy

from pirab.core import clock, jobs
from pirab.core.log import get_logger
from pirab.extraction.actions import read_attachments
from pirab.extraction.types import SandboxUnavailable
from pirab.store import actions as store
from pirab.store import queries

AT_ONCE: Final = 2
"""How many documents are open at a time, whatever waits: mail goes first."""
SETTLE_TASK: Final = "extraction.settle"
SETTLING: Final = timedelta(minutes=2)
"""Longer than any delivery takes from reading a message's words to writing them."""
SWEPT_AT_ONCE: Final = 2_000

_log = get_logger(__name__)


@jobs.task(
    name=store.READ_ATTACHMENTS_TASK,
    queue="extraction",
    retry=RetryStrategy(max_attempts=6, exponential_wait=8, retry_exceptions={SandboxUnavailable}),
)
def read(message_id: int) -> None:
    """Read what is attached to a message and have it found by that. Repeating it changes nothing."""
    source = queries.message_source(message_id)
    if source is None:
        return  # collected meanwhile
    extract = read_attachments(queries.message_bytes(source.digest), source.root, source.bodies)
    store.set_attachment_text(message_id, extract.text, extract.reading)
    if extract.text:
        jobs.defer(SETTLE_TASK, at=clock.now() + SETTLING, message_id=message_id)
    _log.info("attachments read", message=message_id, reading=extract.reading, characters=len(extract.text))


@jobs.task(name=SETTLE_TASK, queue="extraction")
def settle(message_id: int) -> None:
    """Have those find the letter by its attachments, too, whose copy was being filed while they were indexed."""
    store.index_attachment_text(message_id)


@jobs.periodic(cron="23 20 * * *")  # 03:23 in Bangkok
@jobs.task(name="extraction.sweep", queue="extraction", queueing_lock="extraction.sweep")
def sweep(timestamp: int) -> None:
    """Ask again for messages whose job was lost or that were stored before attachments were read."""
    for message_id in queries.messages_unread_inside(SWEPT_AT_ONCE):
        store.ask_to_read_attachments(message_id)
