"""Email/query and queryChanges against what a plain reading of the rows gives."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from pirab.store import actions, queries
from pirab.store.errors import AnchorNotFound, CannotCalculateChanges, TooManyChanges, UnsupportedSort
from pirab.store.queries import filters
from pirab.store.queries.search import WordHits, word_hits
from pirab.store.types import (
    Comparator,
    Delivery,
    EmailPatch,
    EmailQuery,
    FilterCondition,
    FilterOperator,
    MailboxRole,
)
from tests.conftest import Member, letter

START = datetime(2026, 11, 1, tzinfo=UTC)


def fill(account_id: int, many: int = 20) -> list[int]:
    """Letters an hour apart, four to a thread, oldest first."""
    ids = []
    for number in range(many):
        root = f"<{account_id}.{number // 4}@x.test>"
        raw = letter(
            f"เรื่อง {number // 4}",
            f"เนื้อความ {number}",
            references=root,
            message_id=f"<{account_id}-{number}@x>",
        )
        outcome = actions.deliver(
            actions.ensure_message(raw), [Delivery(account_id, START + timedelta(hours=number))]
        )[0]
        assert outcome.email_id is not None
        ids.append(outcome.email_id)
    return ids


def inbox_query(account_id: int, **changes: object) -> EmailQuery:
    inbox = queries.mailbox_with_role(account_id, MailboxRole.INBOX).id
    return msgspec.structs.replace(EmailQuery(FilterCondition(in_mailbox=inbox)), **changes)


def test_newest_first_in_pages(member: Member) -> None:
    ids = fill(member.account_id)
    query = inbox_query(member.account_id, position=5, limit=7, calculate_total=True)
    page = queries.query_emails(member.account_id, query)
    assert page.ids == ids[::-1][5:12]
    assert page.total == 20


def test_one_email_stands_for_its_thread(member: Member) -> None:
    ids = fill(member.account_id)
    query = inbox_query(member.account_id, collapse_threads=True, limit=3, calculate_total=True)
    page = queries.query_emails(member.account_id, query)
    assert page.ids == [ids[19], ids[15], ids[11]]
    assert page.total == 5


def test_anchor_and_negative_position(member: Member) -> None:
    ids = fill(member.account_id)
    anchored = inbox_query(member.account_id, anchor=ids[10], anchor_offset=-1, limit=3)
    assert queries.query_emails(member.account_id, anchored).ids == [ids[11], ids[10], ids[9]]
    tail = inbox_query(member.account_id, position=-2, limit=10)
    assert queries.query_emails(member.account_id, tail).ids == [ids[1], ids[0]]
    with pytest.raises(AnchorNotFound):
        queries.query_emails(member.account_id, inbox_query(member.account_id, anchor=1))


def test_filters_agree_with_reading_every_row(member: Member) -> None:
    account = member.account_id
    ids = fill(account)
    chance = random.Random(1)
    flagged = frozenset(chance.sample(ids, 6))
    actions.update_emails(
        account, dict.fromkeys(flagged, EmailPatch(add_keywords=frozenset({"$flagged", "x"})))
    )
    cases = {
        FilterCondition(has_keyword="$flagged"): flagged,
        FilterCondition(not_keyword="X"): frozenset(ids) - flagged,
        FilterCondition(after=START + timedelta(hours=5), before=START + timedelta(hours=9)): frozenset(
            ids[5:9]
        ),
        FilterCondition(subject="เรื่อง 2"): frozenset(ids[8:12]),
        FilterCondition(body="เนื้อความ 7"): frozenset([ids[7]]),
        FilterCondition(from_="outside@example.test", has_keyword="x"): flagged,
        FilterCondition(text="ไม่มีคำนี้แน่นอน"): frozenset(),
        FilterCondition(has_attachment=True): frozenset(),
    }
    for wanted, expected in cases.items():
        page = queries.query_emails(account, EmailQuery(wanted))
        assert frozenset(page.ids) == expected, wanted
        inverted = queries.query_emails(account, EmailQuery(FilterOperator("NOT", (wanted,))))
        assert frozenset(inverted.ids) == frozenset(ids) - expected, wanted


def test_threads_with_a_keyword(member: Member) -> None:
    account = member.account_id
    ids = fill(account, 8)
    actions.update_emails(account, {ids[0]: EmailPatch(add_keywords=frozenset({"$flagged"}))})
    some = FilterCondition(some_in_thread_have_keyword="$flagged")
    assert frozenset(queries.query_emails(account, EmailQuery(some)).ids) == frozenset(ids[:4])
    none = FilterCondition(none_in_thread_have_keyword="$flagged")
    assert frozenset(queries.query_emails(account, EmailQuery(none)).ids) == frozenset(ids[4:])
    every = FilterCondition(all_in_thread_have_keyword="$flagged")
    assert queries.query_emails(account, EmailQuery(every)).ids == []


@pytest.mark.parametrize("name", ["size", "sentAt", "subject", "from", "to", "receivedAt"])
def test_every_sort_is_total_and_reverses(member: Member, name: str) -> None:
    fill(member.account_id)
    up = queries.query_emails(member.account_id, EmailQuery(None, (Comparator(name, True),))).ids
    assert len(set(up)) == 20
    page = queries.query_emails(
        member.account_id, EmailQuery(None, (Comparator(name, True),), limit=7, position=3)
    )
    assert page.ids == up[3:10]


def test_an_unknown_sort_is_refused(member: Member) -> None:
    for key in (Comparator("shoe size"), Comparator("hasKeyword")):
        with pytest.raises(UnsupportedSort):
            queries.query_emails(member.account_id, EmailQuery(None, (key,)))


def test_query_changes_turn_the_old_list_into_the_new_one(member: Member) -> None:
    account = member.account_id
    ids = fill(account)
    chance = random.Random(9)
    inbox, trash = (
        queries.mailbox_with_role(account, role).id for role in (MailboxRole.INBOX, MailboxRole.TRASH)
    )
    patches = [
        EmailPatch(set_mailboxes=frozenset({trash, inbox})),
        EmailPatch(add_mailboxes=frozenset({trash}), remove_mailboxes=frozenset({inbox})),
    ]
    for collapse in (False, True):
        for _ in range(8):
            query = inbox_query(account, collapse_threads=collapse)
            old = queries.query_emails(account, query)
            actions.update_emails(account, {each: chance.choice(patches) for each in chance.sample(ids, 3)})
            delta = queries.query_changes(account, query, old.query_state)
            result = [email_id for email_id in old.ids if email_id not in delta.removed]
            for email_id, index in delta.added:
                result.insert(index, email_id)
            assert result == queries.query_emails(account, query).ids


def test_query_changes_refuse_what_they_cannot_know(member: Member) -> None:
    fill(member.account_id, 4)
    query = inbox_query(member.account_id)
    for state in ("", "x", "-1", "99999999", "1" * 40, "๑"):
        with pytest.raises(CannotCalculateChanges):
            queries.query_changes(member.account_id, query, state)
    with pytest.raises(TooManyChanges):
        queries.query_changes(member.account_id, query, "0", 3)


def test_common_words_of_a_subject_are_counted_once(member: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    """Counting them again in their class would look into every letter that holds them."""
    ids = fill(member.account_id, 6)
    asked: list[str] = []

    def counted(account_id: int, query: str, most: int) -> WordHits:
        asked.append(query)
        return word_hits(account_id, query, most)

    monkeypatch.setattr(filters, "FEW", 2)
    monkeypatch.setattr(filters, "word_hits", counted)
    page = queries.query_emails(member.account_id, EmailQuery(FilterCondition(subject="เรื่อง"), limit=3))
    assert page.ids == ids[:-4:-1]
    assert len(asked) == 1
