"""Mail comes into accounts: once a content and account, threaded, counted, logged."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.db import connection

from pirab.store import actions, queries
from pirab.store.types import Delivery, DeliveryStatus, MailboxRole, ObjectType
from tests.conftest import Member, letter

NOW = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)


def arrive(account_id: int, raw: bytes, role: MailboxRole = MailboxRole.INBOX) -> int:
    outcome = actions.deliver(actions.ensure_message(raw), [Delivery(account_id, NOW, role)])[0]
    assert outcome.status is DeliveryStatus.STORED
    assert outcome.email_id is not None
    return outcome.email_id


def inbox(account_id: int) -> tuple[int, int, int, int]:
    box = queries.mailbox_with_role(account_id, MailboxRole.INBOX)
    return box.total_emails, box.unread_emails, box.total_threads, box.unread_threads


def test_a_letter_arrives_unread_and_counted(member: Member) -> None:
    raw = letter()
    before = queries.states(member.account_id)
    email_id = arrive(member.account_id, raw)
    view = queries.email_views(member.account_id, [email_id])[0]
    assert view.envelope.subject == "เรื่องทดสอบ"
    assert view.email.keywords == frozenset()
    assert queries.message_bytes(view.digest) == raw
    assert inbox(member.account_id) == (1, 1, 1, 1)
    assert queries.usage(member.account_id).used_bytes == len(raw)
    after = queries.states(member.account_id)
    assert after.of(ObjectType.EMAIL) > before.of(ObjectType.EMAIL)
    assert after.of(ObjectType.MAILBOX) > before.of(ObjectType.MAILBOX)
    assert after.of(ObjectType.DELIVERY) > before.of(ObjectType.DELIVERY)
    assert queries.changes(member.account_id, ObjectType.EMAIL, before.of(ObjectType.EMAIL)).created == [
        email_id
    ]


def test_the_same_content_twice_is_one_email(member: Member) -> None:
    raw = letter()
    first = arrive(member.account_id, raw)
    again = actions.deliver(actions.ensure_message(raw), [Delivery(member.account_id, NOW)])[0]
    assert (again.status, again.email_id) == (DeliveryStatus.DUPLICATE, first)
    assert inbox(member.account_id) == (1, 1, 1, 1)


def test_one_message_for_many_people(make_member: Callable[..., Member]) -> None:
    people = [make_member() for _ in range(5)]
    message = actions.ensure_message(letter())
    outcomes = actions.deliver(message, [Delivery(person.account_id, NOW) for person in reversed(people)])
    assert [outcome.account_id for outcome in outcomes] == [person.account_id for person in reversed(people)]
    with connection.cursor() as cursor:
        cursor.execute("select count(*), count(distinct message_id) from store_email")
        assert cursor.fetchone() == (5, 1)


def test_an_answer_joins_the_thread_and_counts_it_once(member: Member) -> None:
    arrive(member.account_id, letter("งบประมาณ", message_id="<root@example.test>"))
    arrive(
        member.account_id,
        letter("Re: งบประมาณ", message_id="<answer@example.test>", references="<root@example.test>"),
    )
    assert inbox(member.account_id) == (2, 2, 1, 1)


def test_an_answer_that_overtakes_its_question_still_joins(member: Member) -> None:
    late = letter("ตอบ: งบประมาณ", references="<root@example.test>")
    arrive(member.account_id, late)
    arrive(member.account_id, letter("งบประมาณ", message_id="<root@example.test>"))
    assert inbox(member.account_id)[2] == 1


def test_another_subject_starts_another_thread(member: Member) -> None:
    arrive(member.account_id, letter("งบประมาณ", message_id="<root@example.test>"))
    arrive(member.account_id, letter("เรื่องอื่น", references="<root@example.test>"))
    assert inbox(member.account_id) == (2, 2, 2, 2)


def test_threads_do_not_cross_accounts(member: Member, stranger: Member) -> None:
    first = arrive(member.account_id, letter("งบประมาณ", message_id="<root@example.test>"))
    answer = letter("Re: งบประมาณ", references="<root@example.test>")
    second = arrive(stranger.account_id, answer)
    rows = [
        queries.email_rows(member.account_id, [first])[0],
        queries.email_rows(stranger.account_id, [second])[0],
    ]
    assert rows[0].thread_id != rows[1].thread_id


def test_one_message_id_with_two_contents_keeps_both(member: Member) -> None:
    arrive(member.account_id, letter(body="หนึ่ง", message_id="<same@example.test>"))
    arrive(member.account_id, letter(body="สอง", message_id="<same@example.test>"))
    assert inbox(member.account_id)[0] == 2


def test_a_full_account_takes_nothing(make_member: Callable[..., Member]) -> None:
    full = make_member(quota_bytes=100)
    outcome = actions.deliver(actions.ensure_message(letter()), [Delivery(full.account_id, NOW)])[0]
    assert outcome.status is DeliveryStatus.OVER_QUOTA
    assert inbox(full.account_id) == (0, 0, 0, 0)


def test_an_unknown_account_is_said_so_and_the_others_get_theirs(member: Member) -> None:
    message = actions.ensure_message(letter())
    outcomes = actions.deliver(message, [Delivery(10**15, NOW), Delivery(member.account_id, NOW)])
    assert [outcome.status for outcome in outcomes] == [DeliveryStatus.NO_ACCOUNT, DeliveryStatus.STORED]


@pytest.mark.django_db(transaction=True)
def test_deliveries_at_the_same_time_are_counted_exactly(make_member: Callable[..., Member]) -> None:
    member = make_member()
    shared = letter("พร้อมกัน")

    def work(number: int) -> None:
        try:
            for index in range(5):
                arrive(member.account_id, letter(f"เรื่องที่ {number}.{index}"))
            actions.deliver(actions.ensure_message(shared), [Delivery(member.account_id, NOW)])
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert inbox(member.account_id) == (31, 31, 31, 31)
    assert queries.wrong_counters(member.account_id) == []
