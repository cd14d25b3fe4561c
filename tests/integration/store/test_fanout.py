"""One letter to many people: each exactly once, found by its words, counted right, whatever happens in between."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from pirab.core import db
from pirab.store import actions, queries
from pirab.store.actions import fanout
from pirab.store.spreading import LONGEST_PAYLOAD, Spread, notifications
from pirab.store.tasks import fan_out
from pirab.store.types import (
    Delivery,
    DeliveryStatus,
    EmailQuery,
    FanoutState,
    FilterCondition,
    MailboxDraft,
    MailboxRole,
    ObjectType,
)
from tests.conftest import Member, letter

NOW = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)
INBOX = Spread(MailboxRole.INBOX, frozenset(), NOW)


@pytest.fixture
def accounts(db: None) -> list[int]:
    """Thirty accounts with their mailboxes; a fan-out does not ask whose they are."""
    numbers = list(range(7_000_001, 7_000_031))
    for number in numbers:
        actions.open_account(number, 10**9)
    return numbers


@pytest.fixture
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fanout, "CHUNK", 7)


@pytest.fixture(autouse=True)
def chunks_join_the_test(monkeypatch: pytest.MonkeyPatch) -> None:
    """The test's own transaction is around everything."""
    monkeypatch.setattr("pirab.core.db.durable_transaction", db.transaction)


def run(fanout_id: int) -> None:
    while actions.run_chunk(fanout_id):
        pass


def found(account_id: int, **wanted: Any) -> list[int]:
    return queries.query_emails(account_id, EmailQuery(FilterCondition(**wanted), limit=10)).ids


def emails(account_id: int) -> list[int]:
    return queries.all_email_ids(account_id, 100)


def test_everybody_gets_it_once(accounts: list[int], small_chunks: None) -> None:
    message = actions.ensure_message(letter("หนังสือเวียน", "งบประมาณ"))
    before = queries.states(accounts[3])
    number = actions.begin_fanout(message, [*accounts, *accounts[:5]], INBOX)
    assert queries.fanout_progress(number).waiting == 30
    run(number)
    seen = queries.fanout_progress(number)
    assert (seen.state, seen.stored, seen.total, seen.waiting) == (FanoutState.DONE, 30, 30, 0)
    for account_id in accounts:
        box = queries.mailbox_with_role(account_id, MailboxRole.INBOX)
        assert (box.total_emails, box.unread_emails, box.total_threads, box.unread_threads) == (1, 1, 1, 1)
        assert queries.wrong_counters(account_id) == []
        assert queries.usage(account_id).used_bytes == message.size
        assert len(emails(account_id)) == 1
    after = queries.states(accounts[3])
    for kind in (ObjectType.EMAIL, ObjectType.THREAD, ObjectType.MAILBOX, ObjectType.DELIVERY):
        assert after.of(kind) > before.of(kind)
    moved = queries.changes(accounts[3], ObjectType.EMAIL, before.of(ObjectType.EMAIL))
    assert moved.created == emails(accounts[3])
    assert queries.changes(accounts[3], ObjectType.MAILBOX, before.of(ObjectType.MAILBOX)).counts_only
    assert len(queries.changes(accounts[3], ObjectType.THREAD, before.of(ObjectType.THREAD)).created) == 1


def test_it_leaves_the_same_rows_as_single_deliveries(accounts: list[int]) -> None:
    """Twice the same history, told one by one and told at once."""
    one, other = accounts[0], accounts[1]
    first = actions.ensure_message(letter("งบประมาณ", message_id="<a@x.test>"))
    for account_id in (one, other):
        actions.deliver(first, [Delivery(account_id, NOW)])
    answer = actions.ensure_message(letter("Re: งบประมาณ", message_id="<b@x.test>", references="<a@x.test>"))
    actions.deliver(answer, [Delivery(one, NOW)])
    run(actions.begin_fanout(answer, [other], INBOX))
    counts = [
        (box.name, box.total_emails, box.unread_emails, box.total_threads, box.unread_threads)
        for box in queries.mailboxes(one)
    ]
    assert counts == [
        (box.name, box.total_emails, box.unread_emails, box.total_threads, box.unread_threads)
        for box in queries.mailboxes(other)
    ]
    assert queries.states(one) == queries.states(other)
    assert _log_of(one) == _log_of(other)
    threads = {row.thread_id for row in queries.email_rows(other, emails(other))}
    assert len(threads) == 1


def _log_of(account_id: int) -> list[tuple[Any, ...]]:
    return db.rows(
        "select modseq, object_type, kind from store_change where account_id = %s order by modseq",
        (account_id,),
    )


def test_an_answer_to_a_letter_that_only_mentions_it_joins(accounts: list[int]) -> None:
    late = actions.ensure_message(letter("Re: งบประมาณ", references="<root@x.test>"))
    actions.deliver(late, [Delivery(accounts[2], NOW)])
    root = actions.ensure_message(letter("งบประมาณ", message_id="<root@x.test>"))
    run(actions.begin_fanout(root, accounts, INBOX))
    box = queries.mailbox_with_role(accounts[2], MailboxRole.INBOX)
    assert (box.total_emails, box.total_threads) == (2, 1)
    assert queries.wrong_counters(accounts[2]) == []


def test_who_has_it_is_full_or_gone_is_counted(accounts: list[int]) -> None:
    message = actions.ensure_message(letter())
    actions.deliver(message, [Delivery(accounts[0], NOW)])
    actions.set_quota(accounts[1], 10)
    number = actions.begin_fanout(message, [*accounts, 8_999_999], INBOX)
    run(number)
    seen = queries.fanout_progress(number)
    assert (seen.stored, seen.duplicates, seen.over_quota, seen.unknown) == (28, 1, 1, 1)
    assert queries.fanout_left_out(number) == {
        accounts[1]: DeliveryStatus.OVER_QUOTA,
        8_999_999: DeliveryStatus.NO_ACCOUNT,
    }
    assert len(emails(accounts[0])) == 1
    assert emails(accounts[1]) == []


def test_its_words_are_kept_once_and_found_by_everybody(accounts: list[int], member: Member) -> None:
    message = actions.ensure_message(letter("แผนกลยุทธ์", "ครุภัณฑ์คอมพิวเตอร์", sender="pm@cabinet.test"))
    run(actions.begin_fanout(message, accounts, INBOX))
    assert db.scalar("select count(*) from store_email_search") == 0
    for wanted in ({"text": "ครุภัณฑ์"}, {"body": "คอมพิวเตอร์"}, {"subject": "กลยุทธ์"}, {"from_": "cabinet.test"}):
        assert found(accounts[4], **wanted) == emails(accounts[4])
    assert found(accounts[4], subject="ครุภัณฑ์") == []
    assert found(accounts[4], text="ไม่มีคำนี้") == []
    assert found(member.account_id, text="ครุภัณฑ์") == []
    actions.destroy_emails(accounts[4], emails(accounts[4]))
    assert found(accounts[4], text="ครุภัณฑ์") == []


@pytest.mark.parametrize(("few", "shared"), [(0, 2_000), (0, 0), (400, 0)])
def test_own_and_shared_words_are_one_search(
    accounts: list[int], monkeypatch: pytest.MonkeyPatch, few: int, shared: int
) -> None:
    """However common the words are taken for, the answer is the same."""
    monkeypatch.setattr("pirab.store.queries.filters.FEW", few)
    monkeypatch.setattr("pirab.store.queries.search.MOST_SHARED", shared)
    actions.deliver(actions.ensure_message(letter("ของฉัน", "งบประมาณ")), [Delivery(accounts[0], NOW)])
    for body in ("งบประมาณ", "งบประมาณอีก", "อื่น"):
        run(actions.begin_fanout(actions.ensure_message(letter("เวียน", body)), accounts, INBOX))
    assert len(found(accounts[0], body="งบประมาณ")) == 3
    assert len(found(accounts[0], subject="เวียน")) == 3
    assert len(found(accounts[0], subject="ของฉัน")) == 1
    inbox = queries.mailbox_with_role(accounts[0], MailboxRole.INBOX).id
    assert len(found(accounts[0], body="งบประมาณ", in_mailbox=inbox)) == 3
    query = EmailQuery(FilterCondition(body="งบประมาณ"), limit=1, calculate_total=True)
    assert queries.query_emails(accounts[0], query).total == 3


def test_text_of_attachments_that_comes_later_is_found(accounts: list[int]) -> None:
    message = actions.ensure_message(letter())
    run(actions.begin_fanout(message, accounts, INBOX))
    actions.set_attachment_text(message.id, "สัญญาจัดซื้อ", "read")
    assert found(accounts[9], text="สัญญา") == emails(accounts[9])


def test_a_cancelled_one_stops_between_chunks(accounts: list[int], small_chunks: None) -> None:
    number = actions.begin_fanout(actions.ensure_message(letter()), accounts, INBOX)
    assert actions.run_chunk(number)
    assert actions.cancel_fanout(number)
    assert not actions.cancel_fanout(number)
    run(number)
    seen = queries.fanout_progress(number)
    assert (seen.state, seen.stored, seen.waiting) == (FanoutState.CANCELLED, 7, 23)


def test_a_listener_is_part_of_the_chunk(
    accounts: list[int], small_chunks: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The traffic record: what it refuses has not happened, and happens when it agrees."""
    heard: list[int] = []
    refusals = [RuntimeError()]

    def listen(done: fanout.ChunkDone) -> None:
        if heard and refusals:
            raise refusals.pop()
        heard.extend(done.emails)

    monkeypatch.setattr(fanout, "_listeners", [listen])
    number = actions.begin_fanout(actions.ensure_message(letter()), accounts, INBOX)
    assert actions.run_chunk(number)
    with pytest.raises(RuntimeError):
        actions.run_chunk(number)
    assert queries.fanout_progress(number).stored == 7
    run(number)
    assert heard == accounts


def test_the_worker_does_all_of_it(accounts: list[int], small_chunks: None) -> None:
    number = actions.begin_fanout(actions.ensure_message(letter()), accounts, INBOX)
    assert db.scalar("select count(*) from procrastinate_jobs where task_name = 'store.fan_out'") == 1
    fan_out(number)
    assert queries.fanout_progress(number).state is FanoutState.DONE


def test_a_message_on_its_way_is_not_collected(accounts: list[int]) -> None:
    message = actions.ensure_message(letter())
    actions.deliver(message, [Delivery(accounts[0], NOW)])
    number = actions.begin_fanout(message, accounts[1:], INBOX)
    actions.destroy_emails(accounts[0], emails(accounts[0]))
    actions.collect_messages(timedelta(seconds=-60))
    run(number)
    assert queries.fanout_progress(number).stored == 29


def test_a_message_that_reached_nobody_is_collected(accounts: list[int]) -> None:
    message = actions.ensure_message(letter())
    run(actions.begin_fanout(message, [8_999_999], INBOX))
    actions.collect_messages(timedelta(seconds=-60))
    assert queries.message_with_id(message.id) is None
    assert db.scalar("select count(*) from store_message_search where message_id = %s", (message.id,)) == 0


def test_one_smtp_message_for_many_uses_it(accounts: list[int]) -> None:
    message = actions.ensure_message(letter(body="งบประมาณ"))
    outcomes = actions.deliver(message, [Delivery(each, NOW) for each in (*reversed(accounts), 8_999_999)])
    assert [outcome.account_id for outcome in outcomes[:-1]] == accounts[::-1]
    assert {outcome.status for outcome in outcomes[:-1]} == {DeliveryStatus.STORED}
    assert outcomes[-1].status is DeliveryStatus.NO_ACCOUNT
    assert found(accounts[0], text="งบประมาณ") == [outcomes[-2].email_id]
    again = actions.deliver(message, [Delivery(each, NOW) for each in accounts])
    assert {outcome.status for outcome in again} == {DeliveryStatus.DUPLICATE}


def test_people_with_filters_do_not_slow_down_the_others(accounts: list[int]) -> None:
    """Who wants the letter elsewhere, or marked, is served alone; all others at once, whatever their order."""
    message = actions.ensure_message(letter(body="งบประมาณ"))
    own, marked, plain = accounts[4], accounts[20], accounts[9]
    box = actions.create_mailbox(own, MailboxDraft("เวียน"))
    wishes = {
        own: Delivery(own, NOW, mailbox_ids=(box,)),
        marked: Delivery(marked, NOW, keywords=frozenset({"$flagged"})),
    }
    wanted = [wishes.get(each, Delivery(each, NOW)) for each in reversed(accounts)]
    outcomes = actions.deliver(message, wanted)
    assert [outcome.account_id for outcome in outcomes] == accounts[::-1]
    assert {outcome.status for outcome in outcomes} == {DeliveryStatus.STORED}
    assert [emails(each) for each in accounts] == [[outcome.email_id] for outcome in outcomes[::-1]]
    assert queries.email_rows(own, emails(own))[0].mailbox_ids == (box,)
    assert queries.email_rows(marked, emails(marked))[0].keywords == {"$flagged"}
    assert not any(queries.wrong_counters(each) for each in accounts)
    alone = db.rows("select account_id from store_email_search order by account_id")
    assert alone == [(own,), (marked,)]
    assert all(found(each, text="งบประมาณ") == emails(each) for each in (own, marked, plain))
    again = actions.deliver(message, wanted)
    assert {outcome.status for outcome in again} == {DeliveryStatus.DUPLICATE}
    assert [outcome.email_id for outcome in again] == [outcome.email_id for outcome in outcomes]


def test_few_who_are_alike_among_many_who_are_not(accounts: list[int]) -> None:
    message = actions.ensure_message(letter())
    wanted = [Delivery(each, NOW, keywords=frozenset({f"k{each % 3}"})) for each in (*accounts, accounts[0])]
    outcomes = actions.deliver(message, wanted)
    assert {outcome.status for outcome in outcomes} == {DeliveryStatus.STORED}
    assert outcomes[0] == outcomes[-1]
    assert db.scalar("select count(*) from store_email_search") == len(accounts)


def test_notifications_stay_short_and_name_everybody() -> None:
    import json
    from itertools import accumulate

    accounts = sorted({number * 7_919 % 10**9 for number in range(1, 5_001)})
    payloads = notifications(accounts)
    assert all(len(payload) <= LONGEST_PAYLOAD for payload in payloads)
    assert [each for payload in payloads for each in accumulate(json.loads(payload)["l"])] == accounts
    assert notifications([]) == []


def test_nobody_at_all(db: None) -> None:
    number = actions.begin_fanout(actions.ensure_message(letter()), [], INBOX)
    run(number)
    assert queries.fanout_progress(number).state is FanoutState.DONE


def test_two_workers_share_the_chunks(
    make_member: Callable[..., Member], accounts: list[int], small_chunks: None
) -> None:
    """A job that runs twice (its worker was taken for dead) does no chunk twice."""
    number = actions.begin_fanout(actions.ensure_message(letter()), accounts, INBOX)
    fan_out(number)
    fan_out(number)
    assert queries.fanout_progress(number).stored == 30
