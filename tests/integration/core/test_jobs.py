"""A job is a row in the caller's transaction."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta

import pytest

from pirab.core import clock, db, jobs

pytestmark = pytest.mark.django_db


class Changed(Exception):
    """The caller changed its mind."""


def waiting() -> list[tuple[object, ...]]:
    return db.rows(
        "select task_name, args, lock, queueing_lock from procrastinate_jobs where status = 'todo'"
    )


def test_a_job_waits_with_its_arguments() -> None:
    number = jobs.defer("test.send", lock="account 7", letter=7, words=["ก", "ข"])
    assert number > 0
    ((name, _args, lock, _key),) = waiting()
    assert (name, lock) == ("test.send", "account 7")
    assert db.scalar("select args->>'letter' from procrastinate_jobs") == "7"


def test_a_job_of_a_rolled_back_transaction_never_was() -> None:
    with suppress(Changed), db.transaction():
        jobs.defer("test.send")
        raise Changed
    assert waiting() == []


def test_a_job_may_wait_for_its_time() -> None:
    moment = clock.now() + timedelta(hours=1)
    jobs.defer("test.send", at=moment)
    assert db.scalar("select scheduled_at from procrastinate_jobs") == moment


def test_one_job_a_key() -> None:
    assert jobs.defer_once("test.sweep", key="sweep") is not None
    assert jobs.defer_once("test.sweep", key="sweep") is None
    assert jobs.defer_once("test.sweep", key="other") is not None
    assert len(waiting()) == 2  # and the transaction is still usable


def waiting_soon() -> int:
    found: int = db.scalar(
        "select count(*) from procrastinate_jobs where task_name = 'test.soon' and scheduled_at is not null"
    )
    return found


@pytest.fixture
def first_request(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A process that has asked for nothing yet; what it asks for is gone afterwards."""
    monkeypatch.setattr(jobs, "_asked", {})
    yield
    db.execute("delete from procrastinate_jobs where task_name = 'test.soon'")


@pytest.mark.usefixtures("transactional_db", "first_request")
def test_many_who_ask_in_one_second_share_a_job(monkeypatch: pytest.MonkeyPatch) -> None:
    for earlier in (0, 1, 1):
        with db.transaction():
            jobs.defer_soon("test.soon")
            assert waiting_soon() == earlier  # not before the commit
        assert waiting_soon() == 1
    monkeypatch.setattr(jobs, "_asked", {})  # another process, or a second later
    jobs.defer_soon("test.soon")
    assert waiting_soon() == 1


@pytest.mark.usefixtures("transactional_db", "first_request")
def test_a_request_of_a_rolled_back_transaction_never_was() -> None:
    with suppress(Changed), db.transaction():
        jobs.defer_soon("test.soon")
        raise Changed
    assert waiting_soon() == 0


def test_the_collection_of_blobs_is_scheduled() -> None:
    from procrastinate.contrib.django import app

    assert "blob.collect" in {
        periodic.task.name for periodic in app.periodic_registry.periodic_tasks.values()
    }
