"""Prepared SQL on Django's current connection, for the hot paths the ORM is too slow for.

Parameters are bound by the server and every statement is prepared on first use, so PostgreSQL plans it once
per connection. The cursors share Django's connection, its transaction and its error classes: inside
`transaction()` they see and take part in it, and they raise `django.db.Error` subclasses. `jsonb` columns
come back as `str` (Django's own choice of loader); decode them with msgspec where they are used.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, Final, LiteralString

import psycopg
from django.db import connection
from django.db import transaction as django_transaction
from psycopg import sql as composed_sql

Statement = LiteralString | composed_sql.Composed
Params = Sequence[Any] | Mapping[str, Any]

_PREPARED_STATEMENTS: Final = 500
"""How many statements one connection keeps; above the number of distinct statements in the code."""


def rows(sql: Statement, params: Params = ()) -> list[tuple[Any, ...]]:
    """All rows of one statement."""
    with _executed(sql, params) as cursor, connection.wrap_database_errors:
        return cursor.fetchall()


def row(sql: Statement, params: Params = ()) -> tuple[Any, ...] | None:
    """The first row, or None when there is none."""
    with _executed(sql, params) as cursor, connection.wrap_database_errors:
        return cursor.fetchone()


def scalar(sql: Statement, params: Params = ()) -> Any:
    """The first column of the first row, or None when there is no row."""
    first = row(sql, params)
    return None if first is None else first[0]


def execute(sql: Statement, params: Params = ()) -> int:
    """Run one statement; the number of rows it touched (-1 where PostgreSQL does not say)."""
    with _executed(sql, params) as cursor:
        return cursor.rowcount


def transaction() -> AbstractContextManager[None]:
    """A transaction, or a savepoint inside one: all of the block or nothing of it."""
    return django_transaction.atomic()


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


def _executed(sql: Statement, params: Params) -> psycopg.Cursor[tuple[Any, ...]]:
    connection.ensure_connection()
    connection.validate_no_broken_transaction()
    raw: psycopg.Connection[Any] = connection.connection
    if raw.prepare_threshold is None:
        # Django switches preparation off on the whole connection, and psycopg then ignores prepare=True.
        # The ORM binds on the client side and is never prepared, so this changes our statements only.
        raw.prepare_threshold = 5
        raw.prepared_max = _PREPARED_STATEMENTS
    with connection.wrap_database_errors:
        cursor: psycopg.Cursor[tuple[Any, ...]] = psycopg.Cursor(raw)
        return cursor.execute(sql, params, prepare=True)
