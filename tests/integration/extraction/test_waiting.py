"""Attachments wait as rows: taken in batches, tried again after a crash, given up at last."""

from __future__ import annotations

from unittest import mock

import pytest

from pirab.core import db
from pirab.extraction import tasks
from pirab.extraction.types import SandboxUnavailable
from pirab.store import actions, queries
from pirab.store.actions.unread_attachments import MOST_ATTEMPTS, Unread
from tests.conftest import Member
from tests.integration.extraction import papers
from tests.integration.extraction.test_findability import deliver, found, letter_with, waiting

pytestmark = pytest.mark.django_db


def make_due() -> None:
    db.execute("update store_unread_attachment set next_at = clock_timestamp()")


def test_one_run_reads_all_that_wait_and_then_settles_them(member: Member) -> None:
    for number in range(tasks.CLAIMED_AT_ONCE + 2):
        deliver(member, letter_with(f"ครุภัณฑ์ {number}".encode(), f"{number}.txt"))
    assert len(waiting()) == tasks.CLAIMED_AT_ONCE + 2
    tasks.read_waiting()
    assert found(member, text="ครุภัณฑ์") == 10  # the limit of `found`
    assert waiting() == []
    make_due()
    tasks.read_waiting()
    assert db.scalar("select count(*) from store_unread_attachment") == 0


def test_many_that_wait_open_the_second_lane_and_a_few_do_not(member: Member) -> None:
    deliver(member, letter_with(b"a", "one.txt"))
    tasks.read_waiting()
    lanes = "select count(*) from procrastinate_jobs where lock = 'extraction-1'"
    assert db.scalar(lanes) == 0
    for number in range(tasks.CLAIMED_AT_ONCE):
        deliver(member, letter_with(b"b", f"{number}.txt"))
    tasks.read_waiting()
    assert db.scalar(lanes) == 1


def test_what_is_claimed_is_nobody_elses_until_its_time_is_over(member: Member) -> None:
    message = deliver(member, letter_with(b"a", "one.txt"))
    assert actions.claim_unread(10) == [Unread(message.id, False)]
    assert actions.claim_unread(10) == []
    make_due()
    assert actions.claim_unread(10) == [Unread(message.id, False)]


def test_a_document_that_always_ends_its_reader_is_given_up(member: Member) -> None:
    message = deliver(member, letter_with(b"a", "one.txt"))
    for _ in range(MOST_ATTEMPTS):
        assert actions.claim_unread(10) == [Unread(message.id, False)]
        make_due()
    assert actions.claim_unread(10) == []
    assert queries.messages_unread_inside(10) == [message.id]  # the nightly sweep asks again


def test_without_a_box_they_go_on_waiting(member: Member) -> None:
    message = deliver(member, letter_with(papers.docx("ครุภัณฑ์"), "ก.docx"))
    with (
        mock.patch("pirab.extraction.sandbox.shutil.which", return_value=None),
        pytest.raises(SandboxUnavailable),
    ):
        tasks.read_waiting()
    assert waiting() == [message.id]
    make_due()
    tasks.read_waiting()
    assert found(member, text="ครุภัณฑ์") == 1


def test_a_file_that_is_nothing_of_the_kind_needs_no_box(member: Member) -> None:
    deliver(member, letter_with(bytes(range(256)) * 8, "นามบัตร.pdf"))
    with mock.patch("pirab.extraction.sandbox.shutil.which", return_value=None):
        tasks.read_waiting()
    assert waiting() == []
    assert queries.messages_unread_inside(10) == []


def test_a_message_that_is_gone_is_forgotten() -> None:
    actions.ask_to_read_attachments(4_711)
    tasks.read_waiting()
    assert waiting() == []
