"""A letter to many meets kill -9 of the database while its rows are written: in the end everybody has it once."""

from __future__ import annotations

import json
import os
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest

from pirab.store.actions.accounts import ROLE_MAILBOXES
from pirab.store.actions.fanout import CHUNK
from tests.acceptance.smtp_session import new_message_id, plain_letter
from tests.acceptance.system import System

FIRST = 800_000_001
"""Account numbers far above those of the directory: nobody signs in to them."""
MANY = 2 * CHUNK
NOT_IN_DIRECTORY = "account-not-in-directory"
"""What verify says of such accounts; nothing else may be wrong."""

_MADE = ("store_account", "store_mailbox", "store_email", "store_email_mailbox", "store_change")


class Database:
    """The system's own database, asked anew each time: it is killed in between."""

    def __init__(self, system: System) -> None:
        self._environment = system.environment

    def connect(self) -> psycopg.Connection[Any]:
        place = self._environment.database
        return psycopg.connect(
            host=place.host,
            port=place.port,
            dbname=place.name,
            user=place.user,
            password=self._environment.database_password,
        )

    def rows(self, sql: str, *params: object) -> list[tuple[Any, ...]]:
        with self.connect() as connection:
            cursor = connection.execute(sql.encode(), params)
            return cursor.fetchall() if cursor.description else []

    def wait_until(self, asked: Callable[[], object], what: str, seconds: float = 180) -> None:
        deadline = time.monotonic() + seconds
        while True:
            try:
                if asked():
                    return
            except psycopg.OperationalError as away:
                what = f"{what} ({away})"
            assert time.monotonic() < deadline, what
            time.sleep(0.05)


@pytest.fixture
def database(system: System) -> Database:
    return Database(system)


@pytest.fixture
def people(database: Database) -> Iterator[None]:
    """Accounts with the mailboxes they are opened with."""
    database.rows(
        "insert into store_account (account_id, quota_bytes, modseq, mailbox_state)"
        " select %s::bigint + n, 1000000, 6, 6 from generate_series(0, %s::int - 1) n",
        FIRST,
        MANY,
    )
    for role, (name, order) in ROLE_MAILBOXES.items():
        database.rows(
            "insert into store_mailbox (account_id, name, role, sort_order)"
            " select %s::bigint + n, %s, %s, %s from generate_series(0, %s::int - 1) n",
            FIRST,
            name,
            role.value,
            order,
            MANY,
        )
    yield
    for table in _MADE:
        database.rows(f"delete from {table} where account_id >= %s", FIRST)


def hand_in(system: System) -> int:
    """Begin a letter to everybody; its number."""
    # the command is run as the service's own user, who reads no folder of a test
    letter, accounts = system.home / "circular.eml", system.home / "circular.accounts"
    letter.write_bytes(plain_letter("everybody@pirab.test", message_id=new_message_id(), body=b"All.\r\n"))
    accounts.write_text("\n".join(str(FIRST + number) for number in range(MANY)))
    for path in (letter, accounts):
        path.chmod(0o644)
    told = system.command("manage", "pirab_fanout", "start", str(letter), str(accounts)).stdout
    return int(told.split()[-1])


class InTheMiddle:
    """Holds one inbox of the second chunk: the worker then stands in the middle of writing it, its rows half done."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._holder = database.connect()
        held = FIRST + CHUNK + CHUNK // 2
        self._holder.execute(
            "select from store_mailbox where account_id = %s and role = 'inbox' for update", (held,)
        )

    def wait(self) -> int:
        """Until the worker stands there; the process of its backend."""
        found: list[int] = []
        sql = "select pid from pg_stat_activity where %s = any(pg_blocking_pids(pid)) and query like '%%counted%%'"

        def look() -> bool:
            found[:] = [pid for (pid,) in self._database.rows(sql, self._holder.info.backend_pid)]
            return bool(found)

        self._database.wait_until(look, "the worker does not come to the chunk")
        return found[0]

    def let_go(self) -> None:
        self._holder.close()


@pytest.fixture
def middle(people: None, database: Database) -> Iterator[InTheMiddle]:
    holding = InTheMiddle(database)
    yield holding
    holding.let_go()


def kill_all_of_it(system: System, backend: int) -> None:
    """As a power cut would: no process of the database sees the next moment."""
    groups = system.supervisor.groups
    assert groups is not None
    killed = system.pid("postgres")
    for pid in groups.members("postgres"):
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue
    system.wait_restarted("postgres", killed)


def kill_the_backend(system: System, backend: int) -> None:
    """The one that writes; the server then throws the others out and replays its log."""
    os.kill(backend, signal.SIGKILL)


def everybody_has_it_once(database: Database, number: int) -> None:
    counts = database.rows(
        "select sum(stored)::int, sum(duplicates)::int, count(*)::int from store_fanout_chunk where fanout_id = %s",
        number,
    )
    assert counts == [(MANY, 0, 2)]
    held = """
        select count(*)::int, count(distinct account_id)::int from store_email
         where message_id = (select message_id from store_fanout where id = %s)
    """
    assert database.rows(held, number) == [(MANY, MANY)]
    boxes = """
        select total_emails, unread_emails, total_threads, unread_threads, uid_next::int, count(*)::int
          from store_mailbox where account_id >= %s and role = 'inbox' group by 1, 2, 3, 4, 5
    """
    assert database.rows(boxes, FIRST) == [(1, 1, 1, 1, 2, MANY)]
    accounts = """
        select modseq::int, email_state::int, thread_state::int, mailbox_state::int, email_count::int,
               used_bytes = (select size from store_message g join store_fanout f on f.message_id = g.id
                              where f.id = %s), count(*)::int
          from store_account where account_id >= %s group by 1, 2, 3, 4, 5, 6
    """
    assert database.rows(accounts, number, FIRST) == [(7, 7, 7, 7, 1, True, MANY)]
    log = "select count(*)::int, count(distinct account_id)::int from store_change where account_id >= %s"
    assert database.rows(log, FIRST) == [(MANY, MANY)]


def found_wrong(system: System) -> Counter[str]:
    """What verify says, by kind."""
    told = system.command("verify", "--no-blobs", "--json", expect=None).stdout
    return Counter(json.loads(line)["code"] for line in told.splitlines() if line.startswith("{"))


@pytest.mark.parametrize("strike", [kill_all_of_it, kill_the_backend])
def test_a_database_killed_in_the_middle_of_a_letter_to_many(
    system: System,
    database: Database,
    middle: InTheMiddle,
    strike: Callable[[System, int], None],
) -> None:
    number = hand_in(system)
    strike(system, middle.wait())
    middle.let_go()
    state = "select state from store_fanout where id = %s"
    database.wait_until(lambda: database.rows(state, number) == [("done",)], "it is never done")
    everybody_has_it_once(database, number)
    assert found_wrong(system) == {NOT_IN_DIRECTORY: MANY}
