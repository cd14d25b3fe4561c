"""The planner must not be fooled by accounts of very different size: rows touched are counted, never time.

After a circular most accounts hold one letter, and PostgreSQL believes that all do. A plan made on that belief reads
a whole large account to fetch fifty letters.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterator
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from django.db import connection

from pirab.store import actions, queries
from pirab.store.queries.emails import _ROWS, _VIEWS
from pirab.store.queries.listing import FIRST_LOOK, Listing
from pirab.store.queries.query_changes import _IN_THREADS
from pirab.store.types import Delivery, EmailQuery, FilterCondition, MailboxRole
from tests.conftest import Member, letter

LARGE = 4_000
SMALL_ACCOUNTS = 3_000


@pytest.fixture
def skewed(make_member: Callable[..., Member]) -> int:
    """One account of 4,000 letters among 3,000 accounts of one; returns the large one."""
    member = make_member()
    inbox = queries.mailbox_with_role(member.account_id, MailboxRole.INBOX).id
    with connection.cursor() as cursor:
        cursor.execute(
            """
            insert into store_message
                   (digest, size, has_attachment, subject_key, from_key, to_key, envelope, structure)
            select sha256(n::text::bytea), 1000, false, '', '', '', '{}', '{}' from generate_series(1, %s) n
            """,
            [LARGE],
        )
        cursor.execute(
            """
            insert into store_email (account_id, message_id, thread_id, received_at, modseq, size)
            select %s, id, n / 4, now() - n * interval '1 minute', 1, 1000
              from (select id, row_number() over (order by id) as n from store_message) numbered
            """,
            [member.account_id],
        )
        cursor.execute(
            """
            insert into store_email (account_id, message_id, thread_id, received_at, modseq, size)
            select 1000000 + n, (select min(id) from store_message), 1, now(), 1, 1000 from generate_series(1, %s) n
            """,
            [SMALL_ACCOUNTS],
        )
        cursor.execute(
            """
            insert into store_email_mailbox (account_id, mailbox_id, email_id, thread_id, received_at, uid)
            select account_id, case account_id when %s then %s else 7 end, id, thread_id, received_at, 1
              from store_email
            """,
            [member.account_id, inbox],
        )
        cursor.execute("analyze store_email; analyze store_email_mailbox; analyze store_message")
    return member.account_id


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for below in plan.get("Plans", ()):
        yield from _nodes(below)


def rows_touched(sql: str, params: dict[str, Any], mode: str) -> int:
    """Rows that the scans of a prepared statement read, thrown-away ones included, under one planning mode."""
    names = list(dict.fromkeys(re.findall(r"%\((\w+)\)s", sql)))
    for number, name in enumerate(names, 1):
        sql = sql.replace(f"%({name})s", f"${number}")
    types = ", ".join("bigint[]" if isinstance(params[name], list) else "bigint" for name in names)
    with connection.cursor() as cursor:
        cursor.execute(f"set local plan_cache_mode = {mode}")
        cursor.execute(f"prepare looked_at({types}) as {sql}")
        values = ", ".join(["%s"] * len(names))
        cursor.execute(
            f"explain (analyze, format json, timing off) execute looked_at({values})",
            [params[name] for name in names],
        )
        row = cursor.fetchone()
        cursor.execute("deallocate looked_at")
    assert row is not None
    plan = row[0] if isinstance(row[0], list) else json.loads(row[0])
    return sum(
        (node["Actual Rows"] + node.get("Rows Removed by Filter", 0)) * node["Actual Loops"]
        for node in _nodes(plan[0]["Plan"])
        if "Scan" in node["Node Type"] and "Relation Name" in node
    )


@pytest.mark.parametrize("mode", ["force_custom_plan", "force_generic_plan"])
@pytest.mark.parametrize("sql", [_ROWS, _VIEWS], ids=["rows", "views"])
def test_fifty_letters_cost_fifty_letters(skewed: int, sql: str, mode: str) -> None:
    wanted = queries.all_email_ids(skewed, LARGE)[1000:1050]
    assert rows_touched(sql, {"account": skewed, "ids": wanted}, mode) <= 3 * len(wanted)


@pytest.mark.parametrize("mode", ["force_custom_plan", "force_generic_plan"])
def test_the_first_and_the_last_page_of_a_mailbox_read_one_page(skewed: int, mode: str) -> None:
    inbox = queries.mailbox_with_role(skewed, MailboxRole.INBOX).id
    listing = Listing(skewed, EmailQuery(FilterCondition(in_mailbox=inbox), collapse_threads=True))
    params = {**listing._sql.params, "limit": 150, "offset": 0}
    for order in (listing._forwards, f"{listing._backwards} offset %(offset)s"):
        assert rows_touched(f"{listing._select}{order} limit %(limit)s", params, mode) <= 150


@pytest.mark.parametrize("mode", ["force_custom_plan", "force_generic_plan"])
@pytest.mark.parametrize("collapse", [True, False])
def test_what_changed_is_looked_at_alone(skewed: int, collapse: bool, mode: str) -> None:
    inbox = queries.mailbox_with_role(skewed, MailboxRole.INBOX).id
    wanted = queries.all_email_ids(skewed, LARGE)[2000:2010]
    for condition in (FilterCondition(in_mailbox=inbox), FilterCondition(not_keyword="$seen")):
        listing = Listing(skewed, EmailQuery(condition, collapse_threads=collapse))
        params = {**listing._sql.params, "touched": wanted}
        assert rows_touched(listing._among, params, mode) <= 3 * len(wanted)
    params = {"account": skewed, "emails": wanted, "threads": []}
    assert rows_touched(_IN_THREADS, params, mode) <= 6 * len(wanted)


def test_one_new_letter_does_not_read_the_list(skewed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    inbox = queries.mailbox_with_role(skewed, MailboxRole.INBOX).id
    query = EmailQuery(FilterCondition(in_mailbox=inbox), collapse_threads=True)
    state = queries.query_emails(skewed, msgspec.structs.replace(query, limit=10)).query_state
    [outcome] = actions.deliver(actions.ensure_message(letter()), [Delivery(skewed, datetime.now(UTC))])
    read: list[int | None] = []
    plain = Listing.hits

    def counted(self: Listing, limit: int, seen: Collection[int] = ()) -> list[tuple[int, int]]:
        read.append(limit)
        return plain(self, limit, seen)

    monkeypatch.setattr(Listing, "hits", counted)
    delta = queries.query_changes(skewed, query, state)
    assert delta.added == [(outcome.email_id, 0)]
    assert read == [FIRST_LOOK]
