"""Pages from either end are those of the whole list, and are read without it (rfc8620#5.5)."""

from __future__ import annotations

import random
from datetime import timedelta

import msgspec
import pytest

from pirab.store import actions, queries
from pirab.store.queries.listing import Hit, Listing
from pirab.store.types import Comparator, Delivery, EmailQuery, FilterCondition, FilterOperator, MailboxRole
from tests.conftest import Member, letter
from tests.integration.store.test_listing import START, fill

SORTS: tuple[tuple[Comparator, ...], ...] = (
    (),
    (Comparator("receivedAt", True),),
    (Comparator("subject", False), Comparator("size", True)),
    (Comparator("someInThreadHaveKeyword", True, "$flagged"),),
)


def filters(account: int) -> list[FilterCondition | FilterOperator | None]:
    inbox = queries.mailbox_with_role(account, MailboxRole.INBOX).id
    in_inbox = FilterCondition(in_mailbox=inbox)
    flagged = FilterCondition(has_keyword="$flagged")
    return [
        None,
        in_inbox,
        FilterCondition(in_mailbox=inbox, text="เนื้อความ"),
        FilterOperator("NOT", (flagged,)),
        FilterOperator("AND", (in_inbox, FilterCondition(before=START + timedelta(hours=17)))),
    ]


def mixed(account: int) -> list[int]:
    """Threads whose letters lie far apart, some flagged, several of one moment."""
    ids = fill(account, 16)
    for number in range(16):
        root = f"<{account}.{number % 4}@x.test>"
        raw = letter("ตอบ", f"เนื้อความ {number}", references=root, message_id=f"<{account}-late-{number}@x>")
        moment = START + timedelta(hours=20 + number // 3)
        outcome = actions.deliver(actions.ensure_message(raw), [Delivery(account, moment)])[0]
        assert outcome.email_id is not None
        ids.append(outcome.email_id)
    return ids


@pytest.mark.parametrize("collapse", [False, True])
@pytest.mark.parametrize("sort", SORTS)
def test_every_page_is_a_slice_of_the_whole(
    member: Member, sort: tuple[Comparator, ...], *, collapse: bool
) -> None:
    account = member.account_id
    mixed(account)
    chance = random.Random(7)
    for wanted in filters(account):
        whole = in_full(account, EmailQuery(wanted, sort, collapse))
        assert whole
        for _ in range(25):
            position = chance.choice((chance.randint(-40, 40), -(2**53) + 1, 2**53 - 1, -1))
            limit = chance.choice((0, 1, 3, 10, 100))
            page = queries.query_emails(
                account, EmailQuery(wanted, sort, collapse, position=position, limit=limit)
            )
            start = position if position >= 0 else max(0, len(whole) + position)
            assert (page.ids, page.position) == (whole[start : start + limit], start), (position, limit)


def in_full(account: int, query: EmailQuery) -> list[int]:
    """All results, threads collapsed here and not by what is under test."""
    every = queries.query_emails(account, EmailQuery(query.filter, query.sort, position=0, limit=10_000)).ids
    threads = {row.id: row.thread_id for row in queries.email_rows(account, every)}
    if not query.collapse_threads:
        return every
    firsts: dict[int, int] = {}
    for email_id in every:
        firsts.setdefault(threads[email_id], email_id)
    return list(firsts.values())


def test_the_end_is_read_without_the_beginning(member: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    account = member.account_id
    inbox = queries.mailbox_with_role(account, MailboxRole.INBOX).id
    for number in range(40):  # each a thread of its own
        message = actions.ensure_message(letter(f"เรื่อง {number}", "x"))
        actions.deliver(message, [Delivery(account, START + timedelta(minutes=number))])
    read: list[Hit] = []
    original = Listing._some

    def counted(self: Listing, rest: str, limit: int, values: dict[str, object]) -> list[Hit]:
        hits = original(self, rest, limit, values)
        read.extend(hits)
        return hits

    monkeypatch.setattr(Listing, "_some", counted)
    for collapse in (False, True):
        for position, found in ((-3, 3), (-1, 1), (10**6, 0), (37, 3)):
            query = EmailQuery(FilterCondition(in_mailbox=inbox), (), collapse, position=position, limit=5)
            # That the page lies near the end is known where the total was asked for.
            page = queries.query_emails(account, msgspec.structs.replace(query, calculate_total=position > 0))
            assert len(page.ids) == found
            assert len(read) <= 9, (position, collapse)
            read.clear()
