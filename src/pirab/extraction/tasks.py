"""The job that makes attachments findable, and the one that finds what was left out."""

from __future__ import annotations

import time
from typing import Final

from procrastinate import RetryStrategy

from pirab.core import jobs
from pirab.core.log import get_logger
from pirab.extraction.actions import read_attachments
from pirab.extraction.types import SandboxUnavailable
from pirab.store import actions as store
from pirab.store import queries

CLAIMED_AT_ONCE: Final = 10
TURN_SECONDS: Final = 10.0
"""After so long a job makes room for others, and asks for its next turn."""
SWEPT_AT_ONCE: Final = 2_000

_LANES: Final = ("extraction-0", "extraction-1")
"""Two files are open at a time, whatever waits: mail goes first. The second lane is for busy times."""

_log = get_logger(__name__)


@jobs.periodic(cron="* * * * *")
@jobs.task(
    name=store.READ_WAITING_TASK,
    queue="extraction",
    lock=_LANES[0],
    queueing_lock=store.READ_WAITING_TASK,
)
def read_waiting(timestamp: int = 0, lane: int = 0) -> None:
    """Read what is attached to the messages that wait. Repeating it changes nothing. `timestamp`: the tick, if any."""
    end = time.monotonic() + TURN_SECONDS
    while claimed := store.claim_unread(CLAIMED_AT_ONCE):
        if lane == 0 and len(claimed) == CLAIMED_AT_ONCE:
            _ask_for_turn(1)
        for message in claimed:
            if message.is_read:
                settle(message.message_id)
            else:
                read(message.message_id)
        if time.monotonic() > end:
            _ask_for_turn(lane)
            return


def _ask_for_turn(lane: int) -> None:
    key = store.READ_WAITING_TASK if lane == 0 else f"{store.READ_WAITING_TASK}-{lane}"
    jobs.defer_once(store.READ_WAITING_TASK, key=key, lock=_LANES[lane], lane=lane)


@jobs.task(
    name="extraction.read",
    queue="extraction",
    retry=RetryStrategy(max_attempts=6, exponential_wait=8, retry_exceptions={SandboxUnavailable}),
)
def read(message_id: int) -> None:
    """Read what is attached to a message and have it found by that. Repeating it changes nothing."""
    source = queries.message_source(message_id)
    if source is None:
        store.forget_unread(message_id)  # the message was collected meanwhile
        return
    extract = read_attachments(queries.message_bytes(source.digest), source.root, source.bodies)
    store.set_attachment_text(message_id, extract.text, extract.reading)
    _log.info("attachments read", message=message_id, reading=extract.reading, characters=len(extract.text))


@jobs.task(name="extraction.settle", queue="extraction")
def settle(message_id: int) -> None:
    """Have those find the letter by its attachments, too, whose copy was being filed while they were indexed."""
    store.index_attachment_text(message_id)


@jobs.periodic(cron="23 20 * * *")  # 03:23 in Bangkok
@jobs.task(name="extraction.sweep", queue="extraction", queueing_lock="extraction.sweep")
def sweep(timestamp: int) -> None:
    """Ask again for messages that were given up or stored before attachments were read."""
    for message_id in queries.messages_unread_inside(SWEPT_AT_ONCE):
        store.ask_to_read_attachments(message_id)
