"""What the clock runs: forgetting what nobody holds, and checking that the counters tell the truth."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Final

from django.db import OperationalError

from pirab.core import db, jobs, log, metrics
from pirab.store import actions, queries

ORPHAN_GRACE: Final = timedelta(days=1)
"""How long a message stays after its last holder let it go."""

HEADERS_AT_ONCE: Final = 2_000
WORDS_AT_ONCE: Final = 1_000

FANOUT_MEMORY: Final = timedelta(days=90)
"""How long it can be read who got a letter to many."""

FANOUT_TURN_SECONDS: Final = 10.0
"""After so long a fan-out goes to the end of the queue: a worker has other work too."""

FANOUT_REST: Final = 0.5
"""The longest rest after a chunk, in parts of the time the quickest one took: mail of others goes through
meanwhile."""

_log = log.get_logger(__name__)
_wrong = metrics.counter("store_wrong_counters", "Mailboxes whose counters had to be mended.", [])


@jobs.periodic(cron="7 19 * * *")  # 02:07 in Bangkok, before the blobs are collected
@jobs.task(name="store.collect", lock="store.collect")
def collect(timestamp: int) -> None:
    """Forget messages and uploads that nobody holds. `timestamp`: the tick (seconds since 1970)."""
    uploads = actions.expire_uploads()
    removed = actions.purge_removed()
    messages = actions.collect_messages(ORPHAN_GRACE)
    actions.forget_fanouts(FANOUT_MEMORY)
    _log.info("store collected", tick=timestamp, messages=messages, uploads=uploads, removed=removed)


@jobs.periodic(cron="37 19 * * *")  # 02:37 in Bangkok
@jobs.task(name="store.check_counters", lock="store.check_counters")
def check_counters(timestamp: int) -> None:
    """Compare every account's counters with counting and mend what is wrong; an alarm, for nothing should be."""
    wrong = 0
    for (account_id,) in db.rows("select account_id from store_account order by account_id"):
        if queries.wrong_counters(account_id):
            mended = actions.repair_counters(account_id)
            wrong += mended
            _log.error("counters mended", account=account_id, mailboxes=mended)
    _wrong.inc(wrong)
    _log.info("counters checked", tick=timestamp, wrong=wrong)


@jobs.periodic(cron="* * * * *")
@jobs.task(name="store.read_headers", queueing_lock="store.read_headers")
def read_headers(timestamp: int) -> None:
    """Catch up with messages that were stored before their headers were searched; nothing to do on most ticks."""
    messages = actions.read_headers(HEADERS_AT_ONCE)
    if messages:
        _log.info("headers read", tick=timestamp, messages=messages)


@jobs.periodic(cron="* * * * *")
@jobs.task(name="store.renew_words", queueing_lock="store.renew_words")
def renew_words(timestamp: int) -> None:
    """Catch up with letters whose words an older tokenizer took; nothing to do on most ticks. `timestamp`: the tick."""
    count = actions.renew_words(WORDS_AT_ONCE)
    if count:
        _log.info("words renewed", tick=timestamp, messages=count)


@jobs.task(name=actions.FANOUT_TASK)
def fan_out(fanout_id: int) -> None:
    """Go on with a letter to many, chunk after chunk, for one turn."""
    end = time.monotonic() + FANOUT_TURN_SECONDS
    quickest = FANOUT_TURN_SECONDS
    while (began := time.monotonic()) < end:
        try:
            if not actions.run_chunk(fanout_id):
                return
        except OperationalError as error:
            # Somebody holds an account for long, or the database was restarted: nothing is lost, try again.
            _log.warning("fanout.waits", fanout_id=fanout_id, error=type(error).__name__)
            time.sleep(1)
            continue
        took = time.monotonic() - began
        quickest = min(quickest, took)
        time.sleep(rest_after(took, quickest))
    actions.ask_to_carry_on(fanout_id)


def rest_after(took: float, quickest: float) -> float:
    """Seconds to rest after a chunk that took `took`, the quickest of this turn having taken `quickest`.

    As long as the chunk was held up, for that is how much others have to do: on an idle machine no time is lost, and on
    a busy one no more than a known part.
    """
    return min(took - quickest, FANOUT_REST * quickest)


@jobs.periodic(cron="* * * * *")
@jobs.task(name="store.resume_fanouts", queueing_lock="store.resume_fanouts")
def resume_fanouts(timestamp: int) -> None:
    """Take up letters to many that nobody is working on: their worker died between two turns. `timestamp`: the tick."""
    for fanout_id in queries.open_fanouts():
        actions.ask_to_carry_on(fanout_id)
