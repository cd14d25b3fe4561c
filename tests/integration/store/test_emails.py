"""State of emails: keywords, mailboxes, destruction; counters and history follow."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import timedelta

import pytest

from pirab.store import actions, queries
from pirab.store.errors import (
    EmailNotFound,
    InvalidKeywords,
    InvalidMailboxes,
    MailboxNotFound,
    StateMismatch,
)
from pirab.store.types import (
    Comparator,
    Contents,
    EmailPatch,
    EmailQuery,
    FilterCondition,
    MailboxDraft,
    MailboxRole,
    ObjectType,
    Removal,
)
from tests.conftest import Member, letter
from tests.integration.store.test_delivery import arrive, inbox

SEEN = EmailPatch(add_keywords=frozenset({"$seen"}))


def role_id(account_id: int, role: MailboxRole) -> int:
    return queries.mailbox_with_role(account_id, role).id


def test_reading_a_letter_moves_the_counters(member: Member) -> None:
    email_id = arrive(member.account_id, letter())
    outcome = actions.update_emails(member.account_id, {email_id: SEEN})
    assert outcome.done == {email_id}
    assert outcome.new_state > outcome.old_state
    assert inbox(member.account_id) == (1, 0, 1, 0)
    assert queries.email_rows(member.account_id, [email_id])[0].keywords == {"$seen"}


def test_changing_nothing_changes_no_state(member: Member) -> None:
    email_id = arrive(member.account_id, letter())
    actions.update_emails(member.account_id, {email_id: SEEN})
    outcome = actions.update_emails(member.account_id, {email_id: SEEN})
    assert outcome.done == {email_id}
    assert outcome.new_state == outcome.old_state


def test_own_keywords_live_beside_system_ones(member: Member) -> None:
    email_id = arrive(member.account_id, letter())
    actions.update_emails(
        member.account_id,
        {email_id: EmailPatch(set_keywords=frozenset({"$Flagged", "urgent", "ด่วน"[:0] or "b"}))},
    )
    assert queries.email_rows(member.account_id, [email_id])[0].keywords == {"$flagged", "urgent", "b"}


@pytest.mark.parametrize("keyword", ["", "มีภาษาไทย", "a b", 'quo"te', "back\\slash", "x" * 256, "nul\0"])
def test_bad_keywords_are_named_and_nothing_changes(member: Member, keyword: str) -> None:
    email_id = arrive(member.account_id, letter())
    patch = EmailPatch(add_keywords=frozenset({keyword}))
    outcome = actions.update_emails(member.account_id, {email_id: patch})
    assert isinstance(outcome.errors[email_id], InvalidKeywords)
    assert queries.email_rows(member.account_id, [email_id])[0].keywords == frozenset()


def test_moving_to_the_bin_and_back(member: Member) -> None:
    email_id = arrive(member.account_id, letter())
    box, trash = (role_id(member.account_id, role) for role in (MailboxRole.INBOX, MailboxRole.TRASH))
    actions.update_emails(member.account_id, {email_id: EmailPatch(set_mailboxes=frozenset({trash}))})
    assert inbox(member.account_id) == (0, 0, 0, 0)
    assert queries.mailbox_with_role(member.account_id, MailboxRole.TRASH).total_emails == 1
    actions.update_emails(member.account_id, {email_id: EmailPatch(set_mailboxes=frozenset({box}))})
    assert inbox(member.account_id) == (1, 1, 1, 1)
    assert queries.wrong_counters(member.account_id) == []


def test_a_mailbox_of_somebody_else_is_no_mailbox(member: Member, stranger: Member) -> None:
    email_id = arrive(member.account_id, letter())
    foreign = role_id(stranger.account_id, MailboxRole.INBOX)
    patches = {email_id: EmailPatch(add_mailboxes=frozenset({foreign}))}
    assert isinstance(actions.update_emails(member.account_id, patches).errors[email_id], MailboxNotFound)
    nowhere = {email_id: EmailPatch(set_mailboxes=frozenset())}
    assert isinstance(actions.update_emails(member.account_id, nowhere).errors[email_id], InvalidMailboxes)


def test_an_email_of_somebody_else_does_not_exist(member: Member, stranger: Member) -> None:
    email_id = arrive(stranger.account_id, letter())
    assert isinstance(
        actions.update_emails(member.account_id, {email_id: SEEN}).errors[email_id], EmailNotFound
    )
    assert isinstance(actions.destroy_emails(member.account_id, [email_id]).errors[email_id], EmailNotFound)
    assert queries.email_rows(member.account_id, [email_id]) == []
    assert len(queries.email_rows(stranger.account_id, [email_id])) == 1


def test_destroying_gives_back_room_and_ends_the_thread(member: Member) -> None:
    email_id = arrive(member.account_id, letter())
    thread_id = queries.email_rows(member.account_id, [email_id])[0].thread_id
    before = queries.states(member.account_id)
    assert actions.destroy_emails(member.account_id, [email_id], Removal.FOR_GOOD).done == {email_id}
    assert queries.usage(member.account_id).used_bytes == 0
    assert inbox(member.account_id) == (0, 0, 0, 0)
    changed = queries.changes(member.account_id, ObjectType.THREAD, before.of(ObjectType.THREAD))
    assert changed.destroyed == [thread_id]
    assert actions.collect_messages(timedelta(seconds=-1)) == 1


def test_a_message_that_somebody_holds_is_not_collected(make_member: Callable[..., Member]) -> None:
    first, second = make_member(), make_member()
    raw = letter()
    mine, theirs = arrive(first.account_id, raw), arrive(second.account_id, raw)
    actions.destroy_emails(first.account_id, [mine])
    assert actions.collect_messages(timedelta(seconds=-1)) == 0
    view = queries.email_views(second.account_id, [theirs])[0]
    assert queries.message_bytes(view.digest) == raw


def test_changes_come_in_pages_that_miss_nothing(member: Member) -> None:
    start = queries.states(member.account_id).of(ObjectType.EMAIL)
    made = [arrive(member.account_id, letter(f"ฉบับที่ {number}")) for number in range(7)]
    actions.update_emails(member.account_id, dict.fromkeys(made, SEEN))
    seen: list[int] = []
    state, more = start, True
    while more:
        page = queries.changes(member.account_id, ObjectType.EMAIL, state, 3)
        assert len(page.created) + len(page.updated) + len(page.destroyed) <= 3
        seen += page.created + page.updated
        state, more = page.new_state, page.has_more
    assert sorted(set(seen)) == sorted(made)
    assert state == queries.states(member.account_id).of(ObjectType.EMAIL)


def test_if_in_state_is_judged_under_the_lock(member: Member) -> None:
    state = queries.states(member.account_id).of(ObjectType.EMAIL)
    actions.check_state(member.account_id, ObjectType.EMAIL, state)
    arrive(member.account_id, letter())
    with pytest.raises(StateMismatch):
        actions.check_state(member.account_id, ObjectType.EMAIL, state)


def test_counters_stay_exact_under_a_random_life(member: Member) -> None:
    chance = random.Random(2569)
    account = member.account_id
    boxes = [box.id for box in queries.mailboxes(account)]
    boxes.append(actions.create_mailbox(account, MailboxDraft("งานด่วน")))
    alive = [
        arrive(
            account, letter(f"เรื่อง {number % 5}", message_id=f"<{number}@x.test>", references="<0@x.test>")
        )
        for number in range(25)
    ]
    for _ in range(60):
        some = chance.sample(alive, min(len(alive), 4))
        target = frozenset(chance.sample(boxes, chance.randint(1, 3)))
        patch = chance.choice(
            [SEEN, EmailPatch(remove_keywords=frozenset({"$seen"})), EmailPatch(set_mailboxes=target)]
        )
        actions.update_emails(account, dict.fromkeys(some, patch))
        if len(alive) > 8 and chance.random() < 0.2:
            gone = alive.pop()
            actions.destroy_emails(account, [gone])
        assert queries.wrong_counters(account) == []
    actions.destroy_mailbox(account, boxes[-1], Contents.REMOVE)
    assert queries.wrong_counters(account) == []


def test_listing_collapses_threads_and_pages(member: Member) -> None:
    account = member.account_id
    for number in range(6):
        arrive(account, letter("กระทู้", message_id=f"<{number}@x.test>", references="<0@x.test>"))
    single = arrive(account, letter("เดี่ยว"))
    query = EmailQuery(
        FilterCondition(in_mailbox=role_id(account, MailboxRole.INBOX)),
        (Comparator("receivedAt", False),),
        collapse_threads=True,
        limit=10,
        calculate_total=True,
    )
    page = queries.query_emails(account, query)
    assert page.total == 2
    assert single in page.ids
    assert len(page.ids) == 2
