"""Outbound mail while something breaks: nothing lost, nothing twice inside, and the status says what is true."""

from __future__ import annotations

import os
import time
from collections import Counter

import pytest

from tests.acceptance.outside import OutsideMailServer
from tests.acceptance.people import TestPerson, open_account
from tests.acceptance.reader import Reader
from tests.acceptance.system import System
from tests.acceptance.writer import Writer

MAILS = 40
JOBS_AT_ONCE = 4


@pytest.fixture(scope="module")
def writer(system: System) -> Writer:
    return Writer(system, open_account(system, f"writer-{os.urandom(4).hex()}@moi.go.test"))


@pytest.fixture
def colleague(system: System) -> TestPerson:
    return open_account(system)


def test_the_worker_killed_in_the_middle(
    system: System, writer: Writer, colleague: TestPerson, outside: OutsideMailServer
) -> None:
    mark = os.urandom(4).hex()
    addresses = [f"far{number}-{mark}@outside.test" for number in range(MAILS)]
    submissions: list[str] = []
    kills = 0
    for number, address in enumerate(addresses):
        submissions.append(writer.send(writer.draft([colleague.email, address], f"ฉบับที่ {number} {mark}")))
        if number % 10 == 5:
            system.wait_restarted("worker", system.kill("worker"))
            kills += 1
    for submission, address in zip(submissions, addresses, strict=True):
        writer.wait_delivered(submission, colleague.email, "yes")
        writer.wait_delivered(submission, address, "unknown")
    subjects = Counter(email.subject for email in Reader(system, colleague).wait_for_count(MAILS))
    assert subjects == Counter(f"ฉบับที่ {number} {mark}" for number in range(MAILS))
    heard = Counter(path for message in outside.received for path in message.forward_paths if mark in path)
    assert set(heard) == set(addresses)
    # rfc1047: what a dead worker had just handed over may go twice; it works on so many at a time.
    assert sum(heard.values()) - MAILS <= kills * JOBS_AT_ONCE


def test_a_worker_told_to_stop_ends_its_work_and_the_next_goes_on(
    system: System, writer: Writer, colleague: TestPerson, outside: OutsideMailServer
) -> None:
    mark = os.urandom(4).hex()
    addresses = [f"calm{number}-{mark}@outside.test" for number in range(12)]
    submissions = [writer.send(writer.draft([colleague.email, each], each)) for each in addresses[:6]]
    system.stop("worker")
    submissions += [writer.send(writer.draft([colleague.email, each], each)) for each in addresses[6:]]
    system.start("worker")
    for submission, address in zip(submissions, addresses, strict=True):
        writer.wait_delivered(submission, address, "unknown")
    Reader(system, colleague).wait_for_count(len(addresses))
    heard = Counter(path for message in outside.received for path in message.forward_paths if mark in path)
    assert heard == Counter(addresses)


@pytest.mark.parametrize("scanner", ["rspamd", "clamd"])
def test_while_a_scanner_is_down_mail_waits_and_can_be_undone(
    system: System, writer: Writer, colleague: TestPerson, scanner: str
) -> None:
    system.stop(scanner)
    try:
        undone = writer.send(writer.draft([colleague.email], f"ยกเลิก {scanner}", os.urandom(20).hex()))
        waiting = writer.send(writer.draft([colleague.email], f"รอตรวจ {scanner}", os.urandom(20).hex()))
        for submission in (undone, waiting):
            found = writer.wait_until(
                submission, lambda row: row["deliveryStatus"][colleague.email]["smtpReply"].startswith("451 ")
            )
            assert found["undoStatus"] == "pending"
        assert writer.cancel(undone)["notUpdated"] is None
        assert Reader(system, colleague).emails() == []
    finally:
        system.start(scanner)
    writer.wait_delivered(waiting, colleague.email, "yes")
    (email,) = Reader(system, colleague).wait_for_count(1)
    assert email.subject == f"รอตรวจ {scanner}"


def test_while_postfix_is_down_mail_waits_and_then_leaves(
    system: System, writer: Writer, colleague: TestPerson, outside: OutsideMailServer
) -> None:
    address = f"patient-{os.urandom(4).hex()}@outside.test"
    system.stop("postfix")
    try:
        submission = writer.send(writer.draft([colleague.email, address], "รอไปรษณีย์"))
        writer.wait_delivered(submission, colleague.email, "yes")
        found = writer.wait_until(
            submission, lambda row: row["deliveryStatus"][address]["smtpReply"].startswith("451 ")
        )
        assert found["undoStatus"] == "final"
        assert found["deliveryStatus"][address]["delivered"] == "queued"
    finally:
        system.start("postfix")
    writer.wait_delivered(submission, address, "unknown")
    assert sum(address in message.forward_paths for message in outside.received) == 1


def test_postgres_killed_while_mail_is_on_its_way(
    system: System, writer: Writer, colleague: TestPerson
) -> None:
    count = 10
    submissions = [writer.send(writer.draft([colleague.email], f"ฉบับ {number}")) for number in range(count)]
    system.wait_restarted("postgres", system.kill("postgres"))
    reader = Reader(system, colleague)
    reader.wait_for_count(count, seconds=120)
    time.sleep(1)
    assert len(reader.emails()) == count
    for submission in submissions:
        writer.wait_delivered(submission, colleague.email, "yes")
