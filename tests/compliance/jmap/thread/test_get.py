"""Thread/get and Thread/changes (rfc8621#3)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from pirab.core import clock
from pirab.core.ids import IdKind, encode_id
from pirab.store import actions as store
from pirab.store import queries
from pirab.store.types import Delivery, MailboxRole
from tests.compliance.jmap.door import Door
from tests.conftest import letter


def arrive(door: Door, message_id: str, references: str = "", minutes: int = 0) -> tuple[str, str]:
    """Deliver a letter; returns the ids of the Email and its Thread."""
    account = door.member.account_id
    message = store.ensure_message(letter("Re: เรื่องเดียวกัน", message_id=message_id, references=references))
    received_at = clock.now() + timedelta(minutes=minutes)
    [outcome] = store.deliver(message, [Delivery(account, received_at, MailboxRole.INBOX)])
    assert outcome.email_id
    [row] = queries.email_rows(account, [outcome.email_id])
    return encode_id(IdKind.EMAIL, row.id), encode_id(IdKind.THREAD, row.thread_id)


def test_a_thread_lists_its_emails_oldest_first(door: Door) -> None:
    second, thread = arrive(door, "<2@x.test>", "<1@x.test>", minutes=2)
    first, same = arrive(door, "<1@x.test>", minutes=1)
    other_email, other = arrive(door, "<3@elsewhere.test>")
    assert thread == same
    answer = door.call("Thread/get", ids=[other, thread])
    assert answer["list"] == [
        {"id": other, "emailIds": [other_email]},
        {"id": thread, "emailIds": [first, second]},
    ]


def test_what_is_not_there_is_said(door: Door, stranger_door: Door) -> None:
    _, theirs = arrive(stranger_door, "<1@x.test>")
    unknown = [theirs, "nonexistent", "t0", "m1", "t9zzzzz"]
    answer = door.call("Thread/get", ids=unknown)
    assert (answer["list"], answer["notFound"]) == ([], unknown)


def test_all_threads_of_a_small_account(door: Door) -> None:
    threads = [arrive(door, f"<{n}@x.test>")[1] for n in range(3)]
    answer = door.call("Thread/get", ids=None, properties=["id"])
    assert answer["list"] == [{"id": thread} for thread in threads]


def test_threads_come_change_and_go(door: Door) -> None:
    changed_email, changed = arrive(door, "<1@x.test>")
    gone_email, gone = arrive(door, "<2@x.test>")
    before = door.call("Thread/get", ids=[])["state"]
    _, same = arrive(door, "<3@x.test>", "<1@x.test>")
    _, made = arrive(door, "<4@x.test>")
    key = queries.all_email_ids(door.member.account_id, 10)
    store.destroy_emails(door.member.account_id, [k for k in key if encode_id(IdKind.EMAIL, k) == gone_email])
    changes = door.call("Thread/changes", sinceState=before)
    assert same == changed
    assert (changes["created"], changes["updated"], changes["destroyed"]) == ([made], [changed], [gone])
    assert changed_email


@pytest.mark.parametrize("properties", [["emailIds", "subject"], ["ID"]])
def test_an_unknown_property_is_refused(door: Door, properties: list[str]) -> None:
    assert door.refusal("Thread/get", ids=[], properties=properties)["type"] == "invalidArguments"
