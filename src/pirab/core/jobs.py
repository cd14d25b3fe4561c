"""Work for later: a job is a row, written in the caller's transaction and run by the worker after commit.

Tasks are declared with `task` in an app's `tasks.py` and named `<app>.<verb>`; callers defer by that name,
so a lower floor can ask for work that a higher floor does. A job may run twice (a worker was killed), so
every task is written to bear it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

import msgspec
from asgiref.sync import async_to_sync
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.jobs import JobDeferrer
from procrastinate.manager import JobManager

from pirab.core import db

STALLED_SECONDS: Final = 8.0
"""A worker that has given no sign of life for so long is taken for dead."""

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
