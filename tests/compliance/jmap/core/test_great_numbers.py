"""Accounts and requests of a size nobody plans for: each is answered or refused, by work that is counted, not timed.

`PIRAB_THREAD_LETTERS=100000` makes the thread as long as that says; here it is as long as is cheap to make.
"""

from __future__ import annotations

import os
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pirab.core import clock
from pirab.core.ids import IdKind, encode_id
from pirab.jmap.limits import CORE_LIMITS
from pirab.store import actions, queries
from pirab.store.types import Delivery, MailboxRole
from tests.compliance.jmap.door import Door
from tests.conftest import letter

LETTERS = int(os.environ.get("PIRAB_THREAD_LETTERS", "5000"))
MAILBOXES = 5_000
OTHERS = 60
FEW = 100
"""Rows of the store that one letter costs, in whatever thread."""
ROOT = "<root@x.test>"

_ROWS_READ = """
    select coalesce(sum(seq_tup_read + coalesce(idx_tup_fetch, 0)), 0)::bigint
      from pg_stat_xact_user_tables where relname like 'store\\_%'
"""


def rows_read() -> int:
    """Rows of the store that this transaction has read so far."""
    with connection.cursor() as cursor:
        cursor.execute(_ROWS_READ)
        (rows,) = cursor.fetchone() or (0,)
    return int(rows)


def add_letters(account_id: int, many: int, thread: str) -> None:
    """Put letters into the inbox by hand; `thread` is SQL for the thread of the n-th one."""
    inbox = queries.mailbox_with_role(account_id, MailboxRole.INBOX).id
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            with message as (
                insert into store_message
                       (digest, size, has_attachment, subject_key, from_key, to_key, envelope, structure)
                select sha256((%(thread)s || n)::bytea), 1000, false, '', '', '', '{{}}', '{{}}'
                  from generate_series(1, %(many)s) n returning id
            ), email as (
                insert into store_email (account_id, message_id, thread_id, received_at, modseq, size)
                select %(account)s, id, {thread}, now() - n * interval '1 minute', 1, 1000
                  from (select id, row_number() over (order by id) as n from message) numbered
                returning account_id, id, thread_id, received_at
            )
            insert into store_email_mailbox (account_id, mailbox_id, email_id, thread_id, received_at, uid)
            select account_id, %(inbox)s, id, thread_id, received_at, row_number() over () + 1000000 from email
            """,
            {"account": account_id, "many": many, "thread": thread, "inbox": inbox},
        )
        cursor.execute("analyze store_email; analyze store_email_mailbox; analyze store_message")
    actions.repair_counters(account_id)


@pytest.fixture
def long_thread(door: Door) -> str:
    """A thread of thousands of letters on top of 60 older letters; returns its id."""
    root = actions.ensure_message(letter("งบประมาณ", message_id=ROOT))
    (outcome,) = actions.deliver(root, [Delivery(door.member.account_id, clock.now())])
    assert outcome.email_id
    (row,) = queries.email_rows(door.member.account_id, [outcome.email_id])
    add_letters(door.member.account_id, OTHERS, "-n")
    add_letters(door.member.account_id, LETTERS, str(row.thread_id))
    return encode_id(IdKind.THREAD, row.thread_id)


def test_a_thread_of_thousands_is_one_line_of_a_list(door: Door, long_thread: str) -> None:
    before = rows_read()
    result = door.call(
        "Email/query",
        filter={"inMailbox": door.role("inbox")},
        sort=[{"property": "receivedAt", "isAscending": False}],
        collapseThreads=True,
        calculateTotal=True,
        limit=50,
    )
    assert (len(result["ids"]), result["total"]) == (50, OTHERS + 1)
    assert rows_read() - before <= 4 * LETTERS


def test_a_flag_in_a_thread_of_thousands_moves_few_lines_of_a_list(door: Door, long_thread: str) -> None:
    query = {
        "filter": {"inMailbox": door.role("inbox")},
        "sort": [{"property": "receivedAt", "isAscending": False}],
        "collapseThreads": True,
    }
    page = door.call("Email/query", limit=3, **query)
    door.call("Email/set", update={page["ids"][0]: {"keywords/$seen": True}})
    told = door.call("Email/queryChanges", sinceQueryState=page["queryState"], **query)
    assert (len(told["removed"]), told["added"]) == (2, [{"id": page["ids"][0], "index": 0}])
    told = door.call("Email/queryChanges", sinceQueryState=told["newQueryState"], **query)
    assert (told["removed"], told["added"]) == ([], [])


def test_a_thread_of_thousands_is_read_once(door: Door, long_thread: str) -> None:
    before = rows_read()
    (thread,) = door.call("Thread/get", ids=[long_thread])["list"]
    assert len(set(thread["emailIds"])) == LETTERS + 1
    assert rows_read() - before <= 2 * LETTERS


def test_one_more_letter_reads_nothing_of_a_thread_of_thousands(door: Door, long_thread: str) -> None:
    answer = actions.ensure_message(letter("Re: งบประมาณ", message_id="<b@x.test>", references=ROOT))
    before = rows_read()
    (outcome,) = actions.deliver(answer, [Delivery(door.member.account_id, clock.now())])
    assert rows_read() - before <= FEW
    email_id = encode_id(IdKind.EMAIL, outcome.email_id or 0)
    (email,) = door.call("Email/get", ids=[email_id], properties=["threadId"])["list"]
    assert email["threadId"] == long_thread


def test_a_flag_is_set_in_a_thread_of_thousands(door: Door, long_thread: str) -> None:
    first = door.call("Email/query", limit=1)["ids"]
    before = rows_read()
    door.call("Email/set", update={first[0]: {"keywords/$seen": True}})
    assert rows_read() - before <= FEW
    counted = next(box for box in door.mailboxes().values() if box["role"] == "inbox")
    assert (counted["totalEmails"], counted["unreadEmails"]) == (LETTERS + OTHERS + 1, LETTERS + OTHERS)
    assert counted["totalThreads"] == counted["unreadThreads"] == OTHERS + 1


def test_a_letter_is_moved_and_destroyed_in_a_thread_of_thousands(door: Door, long_thread: str) -> None:
    first, second = door.call("Email/query", limit=2)["ids"]
    archive = door.role("archive")
    before = rows_read()
    door.call("Email/set", update={first: {"mailboxIds": {archive: True}}})
    assert rows_read() - before <= FEW
    before = rows_read()
    door.call("Email/set", destroy=[first, second])
    assert rows_read() - before <= 2 * FEW
    boxes = {box["role"]: box for box in door.mailboxes().values()}
    assert (boxes["archive"]["totalThreads"], boxes["inbox"]["totalThreads"]) == (0, OTHERS + 1)
    assert boxes["inbox"]["totalEmails"] == LETTERS + OTHERS - 1
    assert queries.wrong_counters(door.member.account_id) == []


@pytest.fixture
def many_mailboxes(door: Door) -> int:
    """An account of 5,000 mailboxes, each below the one a tenth of its number; returns how many there are in all."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            insert into store_mailbox (id, account_id, parent_id, name, sort_order)
            select 1000 + n, %s, case when n >= 10 then 1000 + n / 10 end, 'กล่อง ' || n, n
              from generate_series(1, %s) n
            """,
            [door.member.account_id, MAILBOXES],
        )
        cursor.execute("analyze store_mailbox")
    return len(queries.mailboxes(door.member.account_id))


def test_thousands_of_mailboxes_come_in_portions(door: Door, many_mailboxes: int) -> None:
    """More than maxObjectsInGet are not given at once (rfc8620#5.1); pages of a query lead to all of them."""
    everything = door.outcome("Mailbox/get", ids=None)
    if everything[0] == "error":
        assert everything[1]["type"] == "requestTooLarge"
    else:
        assert len(everything[1]["list"]) == many_mailboxes
    seen: set[str] = set()
    for position in range(0, many_mailboxes, CORE_LIMITS.max_objects_in_get):
        page = {"position": position, "limit": CORE_LIMITS.max_objects_in_get, "sortAsTree": True}
        seen |= {box["id"] for box in _page_of_mailboxes(door, page)}
    assert len(seen) == many_mailboxes


def _page_of_mailboxes(door: Door, page: dict[str, Any]) -> list[dict[str, Any]]:
    account = {"accountId": door.account_id}
    reference = {"resultOf": "q", "name": "Mailbox/query", "path": "/ids"}
    with CaptureQueriesContext(connection) as asked:
        answers = door.request(
            [["Mailbox/query", account | page, "q"], ["Mailbox/get", account | {"#ids": reference}, "g"]]
        )["methodResponses"]
    assert len(asked) <= 20
    boxes: list[dict[str, Any]] = answers[1][1]["list"]
    assert [box["id"] for box in boxes] == answers[0][1]["ids"]
    return boxes


def test_one_of_thousands_of_mailboxes_is_changed_alone(door: Door, many_mailboxes: int) -> None:
    deepest = encode_id(IdKind.MAILBOX, 1000 + MAILBOXES)
    with CaptureQueriesContext(connection) as asked:
        door.call("Mailbox/set", update={deepest: {"name": "ใหม่"}})
    assert len(asked) <= 30
    looped = door.call("Mailbox/set", update={encode_id(IdKind.MAILBOX, 1005): {"parentId": deepest}})
    assert list(looped["notUpdated"]) == [encode_id(IdKind.MAILBOX, 1005)]
    with_children = door.call("Mailbox/set", destroy=[encode_id(IdKind.MAILBOX, 1005)])
    assert with_children["notDestroyed"][encode_id(IdKind.MAILBOX, 1005)]["type"] == "mailboxHasChild"


@pytest.mark.parametrize(
    "method",
    ["Mailbox/get", "Thread/get", "Email/get", "Identity/get", "EmailSubmission/get"],
)
def test_ten_thousand_ids_are_too_large_a_request(door: Door, method: str) -> None:
    using = ("urn:ietf:params:jmap:core", "urn:ietf:params:jmap:mail", "urn:ietf:params:jmap:submission")
    with CaptureQueriesContext(connection) as asked:
        answer, error = door.outcome(method, using=using, ids=[f"x{n}" for n in range(10_000)])
    assert (answer, error["type"]) == ("error", "requestTooLarge")
    assert len(asked) <= 10


WORDS = [
    "งบประมาณ" * 1_250,
    "ก " * 5_000,
    "x" * 10_000,
    "(a+)+$" * 1_666,
    ".*" * 5_000,
    "'; drop table store_email; --" * 340,
    "%_\\" * 3_333,
    "a:* & !b | (c <-> d)" * 500,
    "\u0e34" * 10_000,
    '"' * 10_000,
]


@pytest.mark.parametrize("text", WORDS, ids=[repr(text[:8]) for text in WORDS])
@pytest.mark.parametrize("condition", ["text", "body", "subject", "from", "header"])
def test_ten_thousand_letters_of_search_are_answered(door: Door, condition: str, text: str) -> None:
    actions.deliver(actions.ensure_message(letter()), [Delivery(door.member.account_id, clock.now())])
    value: Any = ["Subject", text] if condition == "header" else text
    answer, result = door.outcome("Email/query", filter={condition: value}, calculateTotal=True)
    if answer == "error":
        assert result["type"] in ("unsupportedFilter", "invalidArguments", "requestTooLarge"), result
    else:
        assert result["ids"] == []
    assert queries.usage(door.member.account_id).email_count == 1


def test_references_in_a_circle_do_not_resolve(door: Door) -> None:
    """Each call may refer to earlier ones only, so a circle has no beginning: all of it is refused."""
    names = ["a", "b", "c"]
    calls = [
        ["Core/echo", {"#x": {"resultOf": names[(place + 1) % 3], "name": "Core/echo", "path": ""}}, name]
        for place, name in enumerate(names)
    ]
    answers = door.request(calls)["methodResponses"]
    assert [answer[0] for answer in answers] == ["error"] * 3
    assert {answer[1]["type"] for answer in answers} == {"invalidResultReference"}


def test_creations_that_refer_to_each_other_in_a_circle_are_refused(door: Door) -> None:
    create = {
        name: {"name": name, "parentId": f"#{above}"} for name, above in (("a", "b"), ("b", "c"), ("c", "a"))
    }
    result = door.call("Mailbox/set", create=create)
    assert result["created"] is None
    assert set(result["notCreated"]) == {"a", "b", "c"}
