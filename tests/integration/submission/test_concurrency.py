"""Several at once, with real transactions: cancel against send, worker against worker, look against look."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from django.db import connection, connections, transaction
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from pirab.core import db, jobs
from pirab.submission import actions, identity_actions, outbound, queries, records, sweeping
from pirab.submission.errors import CannotUnsend
from pirab.submission.types import Delivered, UndoStatus
from tests.conftest import Member
from tests.integration.submission.conftest import Desk, FakeScanner, inbox
from tests.integration.submission.fake_postfix import FakePostfix

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("leave_nothing")]


def together(*acts: Callable[[], object]) -> list[object]:
    """Run the acts at the same time, each on a connection of its own; what each returned or raised."""

    def one(act: Callable[[], object]) -> object:
        try:
            return act()
        except Exception as error:  # noqa: BLE001 - the test looks at it
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return [future.result() for future in [pool.submit(one, act) for act in acts]]


def test_a_cancel_and_a_send_at_once_agree(
    desk: Desk, stranger: Member, scanner: FakeScanner, postfix: FakePostfix
) -> None:
    account = desk.member.account_id
    outcomes = set()
    for _ in range(8):
        row = desk.submit(desk.write(stranger.email))
        before = len(inbox(stranger.account_id))
        canceled, sent = together(
            partial(actions.cancel, account, row.id), partial(outbound.process, account, row.id)
        )
        after = desk.submission(row.id)
        arrived = len(inbox(stranger.account_id)) - before
        outcomes.add(after.undo_status)
        assert sent is None
        if after.undo_status is UndoStatus.CANCELED:
            assert (canceled, arrived) == (None, 0)
        else:
            assert isinstance(canceled, CannotUnsend)
            assert arrived == 1
    assert outcomes <= {UndoStatus.CANCELED, UndoStatus.FINAL}


def test_two_workers_at_once_send_once(
    desk: Desk, stranger: Member, scanner: FakeScanner, postfix: FakePostfix
) -> None:
    row = desk.submit(desk.write(f"{stranger.email}, far@example.test"))
    results = together(*[lambda: outbound.process(desk.member.account_id, row.id)] * 4)
    assert results == [None] * 4
    assert len(postfix.messages) == 1
    assert len(inbox(stranger.account_id)) == 1


def test_a_dead_workers_lock_dies_with_its_connection(desk: Desk, scanner: FakeScanner) -> None:
    row = desk.submit(desk.write("a@example.test"), HOLDFOR="600")
    [held] = together(lambda: db.scalar("select pg_try_advisory_lock(%s)", (row.id,)))
    assert held is True
    # The server ends a closed connection in its own time; then the lock is free for whoever asks.
    db.scalar("select pg_advisory_lock(%s)", (row.id,))
    db.scalar("select pg_advisory_unlock(%s)", (row.id,))
    with records.exclusive(row.id) as is_ours:
        assert is_ours


def test_first_looks_at_once_make_one_identity(desk: Desk) -> None:
    account = desk.member.account_id
    assert together(*[lambda: identity_actions.ensure_default_identities(account)] * 6) == [None] * 6
    assert len(queries.identities(account)) == 1


def test_many_cancels_at_once(desk: Desk) -> None:
    row = desk.submit(desk.write("a@example.test"), HOLDFOR="600")
    assert together(*[lambda: actions.cancel(desk.member.account_id, row.id)] * 4) == [None] * 4
    assert desk.submission(row.id).undo_status is UndoStatus.CANCELED


def test_two_people_writing_to_each_other_do_not_wait_for_ever(
    desk: Desk, stranger: Member, scanner: FakeScanner, postfix: FakePostfix
) -> None:
    other = Desk(stranger)
    mine = [desk.submit(desk.write(stranger.email)) for _ in range(4)]
    theirs = [other.submit(other.write(desk.member.email)) for _ in range(4)]

    def send_all(who: Desk, rows: list[int]) -> None:
        for row in rows:
            outbound.process(who.member.account_id, row)

    results = together(
        lambda: send_all(desk, [row.id for row in mine]), lambda: send_all(other, [row.id for row in theirs])
    )
    assert results == [None, None]
    assert (len(inbox(stranger.account_id)), len(inbox(desk.member.account_id))) == (4, 4)


def test_a_lost_job_is_found_by_the_clock(
    desk: Desk, stranger: Member, scanner: FakeScanner, postfix: FakePostfix, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = desk.submit(desk.write(stranger.email))
    with connection.cursor() as cursor:
        cursor.execute("delete from procrastinate_jobs")
    assert sweeping.wake_overdue() == 0
    with connection.cursor() as cursor:
        cursor.execute("update submission_submission set next_attempt_at = now() - interval '2 minutes'")
    assert sweeping.wake_overdue() == 1
    assert sweeping.wake_overdue() == 0
    outbound.process(desk.member.account_id, row.id)
    assert desk.submission(row.id).delivery_status[stranger.email].delivered is Delivered.YES


def test_a_job_of_a_dead_worker_runs_again(desk: Desk) -> None:
    desk.submit(desk.write("a@example.test"))
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into procrastinate_workers (last_heartbeat) values (now() - interval '1 minute') returning id"
        )
        cursor.execute("update procrastinate_jobs set status = 'doing', worker_id = %s", cursor.fetchone())
    assert jobs.retry_stalled() == 1
    assert ProcrastinateJob.objects.get().status == "todo"
    assert jobs.retry_stalled() == 0


def test_inside_a_worker_a_job_is_part_of_the_transaction_too(desk: Desk) -> None:
    with app.replace_connector(app.connector.get_worker_connector()):  # type: ignore[attr-defined]
        with db.transaction():
            jobs.defer("submission.send", account_id=1, submission_id=1)
            transaction.set_rollback(True)
        assert ProcrastinateJob.objects.count() == 0
        jobs.defer("submission.send", account_id=1, submission_id=1)
        assert ProcrastinateJob.objects.get().queue_name == "submission"


def test_jobs_that_failed_long_ago_are_forgotten(desk: Desk) -> None:
    jobs.defer("submission.send", account_id=1, submission_id=1)
    with connection.cursor() as cursor:
        cursor.execute("update procrastinate_jobs set status = 'failed'")
        jobs.forget_failed(hours=1)
        assert ProcrastinateJob.objects.count() == 1
        cursor.execute("update procrastinate_events set at = now() - interval '2 hours'")
    jobs.forget_failed(hours=1)
    assert ProcrastinateJob.objects.count() == 0
