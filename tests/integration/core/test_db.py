"""Prepared SQL shares Django's connection, transaction and errors."""

from __future__ import annotations

from contextlib import suppress

import psycopg
import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import DataError, IntegrityError, connection, connections
from django.db.transaction import TransactionManagementError

from pirab.core import db

pytestmark = pytest.mark.django_db


class Changed(Exception):
    """The block changed its mind."""


def test_rows_come_as_tuples() -> None:
    assert db.rows("select n, n * 2 from generate_series(1, %s) n", (2,)) == [(1, 2), (2, 4)]
    assert db.row("select %(a)s::int, %(a)s::int", {"a": 7}) == (7, 7)
    assert db.row("select 1 where false") is None
    assert db.scalar("select 1 where false") is None
    assert db.scalar("select %s::bytea", (b"\0\xff",)) == b"\0\xff"


def test_execute_counts_rows() -> None:
    db.execute("create temporary table box (n int)")
    assert db.execute("insert into box select generate_series(1, 5)") == 5
    assert db.execute("delete from box where n > %s", (3,)) == 2


def test_statements_are_prepared_at_once() -> None:
    db.rows("select 41 + %s::int as answer", (1,))
    prepared = db.rows("select statement from pg_prepared_statements")
    assert any("as answer" in statement for (statement,) in prepared)


def test_parameters_are_never_pasted_into_the_statement() -> None:
    hostile = "'; drop table blob_blob; --"
    assert db.scalar("select %s::text", (hostile,)) == hostile
    with pytest.raises(DataError):
        db.scalar("select %s::text", ("nul \0 inside",))


def test_the_orm_and_prepared_sql_see_the_same_transaction() -> None:
    ContentType.objects.create(app_label="seen", model="both")
    assert db.scalar("select count(*) from django_content_type where app_label = 'seen'") == 1


def test_a_savepoint_takes_back_what_failed() -> None:
    db.execute("create temporary table box (n int primary key)")
    db.execute("insert into box values (1)")
    for _ in range(2):
        with pytest.raises(IntegrityError), db.transaction():
            db.execute("insert into box values (2), (1)")
    assert db.rows("select n from box") == [(1,)]


@pytest.mark.django_db(transaction=True)
def test_an_error_in_a_joined_transaction_spoils_the_whole() -> None:
    with suppress(Changed), db.transaction():
        db.execute("create table test_box (n int)")
        with suppress(Changed), db.joined_transaction():
            raise Changed
    assert db.scalar("select to_regclass('test_box')::text") is None


def test_a_broken_transaction_is_not_used_further() -> None:
    with db.transaction():
        connection.set_rollback(True)
        with pytest.raises(TransactionManagementError):
            db.scalar("select 1")


@pytest.mark.django_db(transaction=True)
def test_a_process_may_plan_its_statements_once(monkeypatch: pytest.MonkeyPatch) -> None:
    options = {**connections.settings["default"]["OPTIONS"]}
    monkeypatch.setitem(connections.settings["default"], "OPTIONS", options)
    connection.close()
    db.plan_statements_once()
    for _ in range(3):
        db.scalar("select count(*) from blob_blob where size = %s", (7,))
    plans = (
        "select generic_plans, custom_plans from pg_prepared_statements where statement like '%%where size%%'"
    )
    assert db.rows(plans + " and statement not like '%%pg_prepared%%'") == [(3, 0)]
    connection.close()


@pytest.mark.django_db(transaction=True)
def test_effects_run_after_commit_and_not_after_rollback() -> None:
    happened: list[str] = []
    with db.transaction():
        db.on_commit(lambda: happened.append("committed"))
        assert happened == []
        assert db.in_transaction()
    try:
        with db.transaction():
            db.on_commit(lambda: happened.append("rolled back"))
            raise Changed
    except Changed:
        happened.append("changed")
    assert happened == ["committed", "changed"]


@pytest.mark.django_db(transaction=True)
def test_notify_reaches_listeners_at_commit() -> None:
    db.execute("listen pirab_test")
    raw = connection.connection
    with db.transaction():
        db.notify("pirab_test", "ข่าว")
    (heard,) = list(raw.notifies(timeout=5, stop_after=1))
    assert (heard.channel, heard.payload) == ("pirab_test", "ข่าว")
    db.execute("unlisten pirab_test")


@pytest.mark.django_db(transaction=True)
def test_a_connection_the_server_has_left_is_replaced_before_it_is_used() -> None:
    backend = db.scalar("select pg_backend_pid()")
    with psycopg.connect(**connection.get_connection_params()) as other:
        other.execute("select pg_terminate_backend(%s, 5000)", (backend,))
    assert db.scalar("select pg_backend_pid()") != backend
