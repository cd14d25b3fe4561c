"""A letter to many survives what kills workers and databases: in the end everybody has it exactly once."""

from __future__ import annotations

import os
import signal
from datetime import UTC, datetime

import pytest
from django.db import connection, connections

from pirab.core import db
from pirab.store import actions, queries
from pirab.store.actions import fanout
from pirab.store.spreading import Spread
from pirab.store.tasks import fan_out
from pirab.store.types import FanoutState, MailboxRole, ObjectType
from tests.conftest import letter

pytestmark = pytest.mark.django_db(transaction=True)

ACCOUNTS = list(range(7_100_001, 7_100_013))
NOW = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)


@pytest.fixture
def number(monkeypatch: pytest.MonkeyPatch) -> int:
    """A letter to twelve accounts in chunks of three, handed in."""
    monkeypatch.setattr(fanout, "CHUNK", 3)
    for account_id in ACCOUNTS:
        actions.open_account(account_id, 10**9)
    message = actions.ensure_message(letter("หนังสือเวียน"))
    return actions.begin_fanout(message, ACCOUNTS, Spread(MailboxRole.INBOX, frozenset(), NOW))


def _everybody_has_it_once(number: int) -> None:
    seen = queries.fanout_progress(number)
    assert (seen.state, seen.stored, seen.duplicates) == (FanoutState.DONE, 12, 0)
    for account_id in ACCOUNTS:
        ((email_id, modseq),) = db.rows(
            "select id, modseq from store_email where account_id = %s and message_id = %s",
            (account_id, seen.message_id),
        )
        assert queries.wrong_counters(account_id) == []
        states = queries.states(account_id)
        assert states.of(ObjectType.EMAIL) == states.of(ObjectType.MAILBOX) == modseq
        assert queries.changes(account_id, ObjectType.EMAIL, modseq - 1).created == [email_id]


def test_a_worker_that_is_killed_in_a_chunk_leaves_whole_chunks(
    number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[int] = []

    def die_in_the_third(done: fanout.ChunkDone) -> None:
        heard.append(len(done.emails))
        if len(heard) == 3:
            os.kill(os.getpid(), signal.SIGKILL)

    monkeypatch.setattr(fanout, "_listeners", [die_in_the_third])
    connections.close_all()  # a connection cannot be shared with a forked process
    child = os.fork()
    if child == 0:
        try:
            fan_out(number)
        finally:
            os._exit(1)
    _, status = os.waitpid(child, 0)
    assert os.WTERMSIG(status) == signal.SIGKILL
    seen = queries.fanout_progress(number)
    assert (seen.state, seen.stored, seen.waiting) == (FanoutState.OPEN, 6, 6)
    held = db.scalar("select count(*) from store_email where message_id = %s", (seen.message_id,))
    assert held == 6

    monkeypatch.setattr(fanout, "_listeners", [])
    fan_out(number)
    _everybody_has_it_once(number)


def test_a_database_that_goes_away_in_a_chunk_is_waited_for(
    number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[int] = []

    def lose_the_connection_once(done: fanout.ChunkDone) -> None:
        heard.append(len(done.emails))
        if len(heard) == 2:
            with connection.cursor() as cursor:
                cursor.execute("select pg_terminate_backend(pg_backend_pid())")

    monkeypatch.setattr(fanout, "_listeners", [lose_the_connection_once])
    monkeypatch.setattr("pirab.store.tasks.FANOUT_REST", 0)
    fan_out(number)
    assert heard == [3, 3, 3, 3, 3]  # the second chunk twice
    _everybody_has_it_once(number)
