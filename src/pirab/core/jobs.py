"""Work for later: a job is a row, written in the caller's transaction and run by the worker after commit.

Tasks are declared with `task` in an app's `tasks.py` and named `<app>.<verb>`; callers defer by that name,
so a lower floor can ask for work that a higher floor does. A job may run twice (a worker was killed), so
every task is written to bear it.
"""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from typing import Any, Final

import msgspec
from asgiref.sync import async_to_sync
from django.db import Error as DatabaseError
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.jobs import JobDeferrer
from procrastinate.manager import JobManager

from pirab.core import clock, db, log

STALLED_SECONDS: Final = 8.0
"""A worker that has given no sign of life for so long is taken for dead."""

SOON: Final = timedelta(seconds=1)
"""How late a job of `defer_soon` starts, so that it sees what else comes meanwhile."""

_SHARED_SECONDS: Final = 0.8 * SOON.total_seconds()
"""For so long after a request further ones of this process are the same: their rows are there when it starts."""

_asked: Final[dict[str, float]] = {}
_log = log.get_logger(__name__)

task = app.task
"""Decorator that declares a task: `@task(name="blob.collect")`."""

periodic = app.periodic
"""Decorator, above `task`, that runs it by the clock: `@periodic(cron="7 3 * * *")` (UTC)."""


def defer(task_name: str, /, at: datetime | None = None, lock: str | None = None, **args: Any) -> int:
    """Have the worker run `task_name(**args)` once this transaction commits; returns the job's number.

    `at` (aware) is the earliest moment; jobs with the same `lock` never run at the same time and keep their
    order. `args` must be JSON values.
    """
    job = app.configure_task(task_name, schedule_at=at, lock=lock).job
    number = db.scalar(
        _DEFER,
        (
            job.queue,
            job.task_name,
            job.priority,
            job.lock,
            msgspec.json.encode(args).decode(),
            job.scheduled_at,
        ),
    )
    return int(number)


# The library's own statement, prepared: letters with attachments bring a job each.
_DEFER: Final = """
    select unnest(procrastinate_defer_jobs_v1(array[
        row(%s, %s, %s::int, %s, null, %s::jsonb, %s::timestamptz)::procrastinate_job_to_defer_v1]))
"""


def defer_once(
    task_name: str, /, key: str, at: datetime | None = None, lock: str | None = None, **args: Any
) -> int | None:
    """As `defer`, unless a job with the same `key` already waits: then None, and nothing is added."""
    try:
        # The refusal is an error inside PostgreSQL: without a savepoint it would spoil the caller's
        # transaction.
        with db.transaction():
            return _deferrer(task_name, schedule_at=at, lock=lock, queueing_lock=key).defer(**args)
    except AlreadyEnqueued:
        return None


def defer_soon(task_name: str, /) -> None:
    """Have the worker run `task_name()` about a second after this transaction commits; requests share one job.

    For a task that works off rows, and that the clock runs, too: a process killed right after its commit asks nobody.
    """
    db.on_commit(lambda: _ask_for(task_name))


def _ask_for(task_name: str) -> None:
    now = time.monotonic()
    if now - _asked.get(task_name, float("-inf")) < _SHARED_SECONDS:
        return
    _asked[task_name] = now
    try:
        defer_once(task_name, key=task_name, at=clock.now() + SOON)
    except DatabaseError as error:
        # What was asked for is committed; the clock runs the task.
        _asked.pop(task_name, None)
        _log.warning("job.not_asked_for", task=task_name, error=type(error).__name__)


def retry_stalled() -> int:
    """Have jobs run again whose worker died or was killed in the middle; returns how many."""
    manager = JobManager(DjangoConnector())
    jobs = list(async_to_sync(manager.get_stalled_jobs)(seconds_since_heartbeat=STALLED_SECONDS))
    for job in jobs:
        async_to_sync(manager.retry_job)(job)
    return len(jobs)


def forget_failed(hours: int) -> None:
    """Delete jobs that ended, well or badly, more than `hours` ago."""
    manager = JobManager(DjangoConnector())
    async_to_sync(manager.delete_old_jobs)(
        nb_hours=hours, include_failed=True, include_cancelled=True, include_aborted=True
    )


def _deferrer(task_name: str, **options: Any) -> JobDeferrer:
    deferrer = app.configure_task(task_name, **options)
    # Inside a worker the app has connections of its own; a job must be part of the caller's transaction there too.
    deferrer.job_manager = JobManager(DjangoConnector())
    return deferrer


class Backlog(msgspec.Struct, frozen=True):
    """The work there is for workers. `oldest_seconds`: how late the longest waiting job is, 0 where none is due."""

    waiting: int
    running: int
    failed: int
    oldest_seconds: int


def backlog() -> Backlog:
    """What waits, runs and failed now; jobs for a later hour do not wait yet."""
    found = db.row(
        """
        select count(*) filter (where status = 'todo' and coalesce(scheduled_at, %(now)s) <= %(now)s),
               count(*) filter (where status = 'doing'),
               count(*) filter (where status = 'failed'),
               coalesce(extract(epoch from %(now)s - min(coalesce(scheduled_at, %(now)s))
                   filter (where status = 'todo' and scheduled_at <= %(now)s)), 0)::int
          from procrastinate_jobs
         where status in ('todo', 'doing', 'failed')
        """,
        {"now": clock.now()},
    )
    return Backlog(*(found or (0, 0, 0, 0)))
