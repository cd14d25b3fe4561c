"""Prepared SQL on Django's current connection, for the hot paths the ORM is too slow for.

Parameters are bound by the server and every statement is prepared on first use, so PostgreSQL plans it once
per connection. The cursors share Django's connection, its transaction and its error classes: inside
`transaction()` they see and take part in it, and they raise `django.db.Error` subclasses. `jsonb` columns
come back as `str` (Django's own choice of loader); decode them with msgspec where they are used.
"""

from __future__ import annotations

import select
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import Any, Final, LiteralString, TypeVar

import psycopg
from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db import transaction as django_transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg import sql as composed_sql

Statement = LiteralString | composed_sql.Composed
Params = Sequence[Any] | Mapping[str, Any]

_Result = TypeVar("_Result")

_CURSOR: Final = "pirab_cursor"
_PREPARED_STATEMENTS: Final = 500
"""How many statements one connection keeps; above the number of distinct statements in the code."""


def rows(sql: Statement, params: Params = ()) -> list[tuple[Any, ...]]:
    """All rows of one statement."""
    return _run(sql, params, psycopg.Cursor.fetchall)


def binary_rows(sql: Statement, params: Params = ()) -> list[tuple[Any, ...]]:
    """All rows of one statement, sent in PostgreSQL's binary format: a third cheaper where rows hold times, octets and
    arrays. Not for `jsonb`, which would come back decoded."""
    return _run(sql, params, psycopg.Cursor.fetchall, binary=True)


def rows_planned_anew(sql: Statement, params: Params = ()) -> list[tuple[Any, ...]]:
    """As `rows`, with a plan made for these very values: for searches, whose best plan depends on them.

    A prepared statement may get one plan for all values after its fifth run.
    """
    return _run(sql, params, psycopg.Cursor.fetchall, prepare=False)


def row(sql: Statement, params: Params = ()) -> tuple[Any, ...] | None:
    """The first row, or None when there is none."""
    return _run(sql, params, psycopg.Cursor.fetchone)


def scalar(sql: Statement, params: Params = ()) -> Any:
    """The first column of the first row, or None when there is no row."""
    first = row(sql, params)
    return None if first is None else first[0]


def execute(sql: Statement, params: Params = ()) -> int:
    """Run one statement; the number of rows it touched (-1 where PostgreSQL does not say)."""
    return _run(sql, params, _row_count)


def array(values: Iterable[int | None]) -> str:
    """Numbers as PostgreSQL reads an array, for a parameter that says what they are (`%s::bigint[]`, `::boolean[]`).

    Several times cheaper than a list; and a list would be sent as the smallest type its numbers fit, so that one
    statement would be prepared and planned once for each mixture of sizes.
    """
    return "{" + ",".join(["null" if value is None else str(int(value)) for value in values]) + "}"


@contextmanager
def snapshot() -> Iterator[None]:
    """A transaction that only reads and sees one moment throughout; inside another transaction, that one's view."""
    if in_transaction():
        yield
        return
    with django_transaction.atomic():
        execute("set transaction isolation level repeatable read, read only")
        yield


def transaction() -> AbstractContextManager[None]:
    """A transaction, or a savepoint inside one: all of the block or nothing of it."""
    return django_transaction.atomic()


def joined_transaction() -> AbstractContextManager[None]:
    """The caller's transaction, or one of its own where there is none; an error inside spoils the whole of it.

    Two round trips cheaper than the savepoint of `transaction()`, for work whose errors nobody catches half-way.
    """
    return django_transaction.atomic(savepoint=False)


def plan_statements_once() -> None:
    """From now on, new connections of this process plan each prepared statement once, whatever its values.

    For a process whose statements have one good plan, as delivery's do: over tables in many partitions PostgreSQL
    otherwise plans again at every call, which costs more than the call. Not for one that searches by words: there
    the plan depends on how common they are.
    """
    options = connections.settings[DEFAULT_DB_ALIAS].setdefault("OPTIONS", {})
    options["options"] = f"{options.get('options', '')} -c plan_cache_mode=force_generic_plan".strip()


def durable_transaction() -> AbstractContextManager[None]:
    """A transaction that is committed when the block ends; raises `RuntimeError` inside another one."""
    return django_transaction.atomic(durable=True)


def in_transaction() -> bool:
    """Whether the current connection is inside `transaction()`."""
    return connection.in_atomic_block


def on_commit(effect: Callable[[], object]) -> None:
    """Run `effect` once the outermost transaction has committed (at once when there is none)."""
    django_transaction.on_commit(effect)


def notify(channel: str, payload: str) -> None:
    """NOTIFY listeners of `channel` at commit; PostgreSQL refuses a payload of 8000 octets or more."""
    execute("select pg_notify(%s, %s)", (channel, payload))


def _run(
    sql: Statement,
    params: Params,
    take: Callable[[psycopg.Cursor[tuple[Any, ...]]], _Result],
    *,
    binary: bool = False,
    prepare: bool = True,
) -> _Result:
    django = connections[DEFAULT_DB_ALIAS]
    if django.connection is None or _has_hung_up(django):
        django.ensure_connection()
    django.validate_no_broken_transaction()
    try:
        cursor = _cursor(django.connection)
        cursor.execute(sql, params, prepare=prepare, binary=binary)
        return take(cursor)
    except psycopg.Error:
        with django.wrap_database_errors:
            raise


def _has_hung_up(django: BaseDatabaseWrapper) -> bool:
    """Whether the server has left an idle connection (it was restarted): then the connection is closed here, and nobody
    has to be told "later" for it. Asks the socket, not the server: a quiet socket is a living one.
    """
    if django.in_atomic_block:
        return False
    raw: psycopg.Connection[Any] = django.connection
    if not raw.closed:
        poll = select.poll()
        poll.register(raw.fileno(), select.POLLIN)
        if not poll.poll(0) or django.is_usable():
            return False
    django.close()
    return True


def _cursor(raw: psycopg.Connection[Any]) -> psycopg.Cursor[tuple[Any, ...]]:
    """The one cursor of a connection: results are taken at once, so nobody is disturbed by its next use."""
    cursor: psycopg.Cursor[tuple[Any, ...]] | None = raw.__dict__.get(_CURSOR)
    if cursor is None:
        # Django switches preparation off on the whole connection, and psycopg then ignores prepare=True.
        # The ORM binds on the client side and is never prepared, so this changes our statements only.
        raw.prepare_threshold = raw.prepare_threshold or 5
        raw.prepared_max = _PREPARED_STATEMENTS
        cursor = raw.__dict__[_CURSOR] = psycopg.Cursor(raw)
    return cursor


def _row_count(cursor: psycopg.Cursor[tuple[Any, ...]]) -> int:
    return cursor.rowcount
