"""Processes die, stop and starve while mail comes in; what was answered 250 is there exactly once."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from tests.acceptance.people import TestPerson, open_account
from tests.acceptance.reader import Reader
from tests.acceptance.smtp_session import (
    PatientSender,
    SmtpReply,
    SmtpSession,
    new_message_id,
    plain_letter,
    submit,
)
from tests.acceptance.system import System

MESSAGES = 500
KILLS = 3


@pytest.fixture
def person(system: System) -> TestPerson:
    return open_account(system)


@pytest.fixture
def stopped(system: System) -> Iterator[Callable[[str], None]]:
    """Stops a service; it runs again when the test is over, however it ends."""
    names: list[str] = []

    def stop(name: str) -> None:
        names.append(name)
        system.stop(name)

    yield stop
    for name in names:
        if not system.pid(name):
            system.start(name)


def letters(person: TestPerson, count: int) -> list[tuple[str, bytes]]:
    """Different letters of 2 kB to one account, each under the name it will be looked for by."""
    named = ((new_message_id(), os.urandom(700).hex().encode()) for _ in range(count))
    return [
        (
            name,
            plain_letter(person.email, message_id=name, body=filler[:900] + b"\r\n" + filler[900:] + b"\r\n"),
        )
        for name, filler in named
    ]


def each_exactly_once(system: System, person: TestPerson, names: list[str]) -> None:
    """Every accepted message is in the account, once, and nothing else is."""
    Reader(system, person).wait_for_count(len(set(names)), seconds=120)
    found = Reader(system, person).message_ids()
    assert set(found) == set(names)
    assert [name for name, times in found.items() if times != 1] == []


# -- a scanner or a door is away: later, never wrongly
# --------------------------------------------------------


def refused_for_now(system: System, person: TestPerson) -> SmtpReply:
    """Try one message; it must hear 4xx, at whatever point."""
    with SmtpSession(system) as session:
        mail = session.say("MAIL FROM:<sender@outside.test>")
        if mail.code != 250:
            return mail
        rcpt = session.say(f"RCPT TO:<{person.email}>")
        if rcpt.code != 250:
            return rcpt
        return session.data(plain_letter(person.email))


@pytest.mark.parametrize("name", ["clamd", "rspamd", "lookups", "postgres"])
def test_without_it_mail_waits_outside_and_comes_by_itself(
    system: System, person: TestPerson, stopped: Callable[[str], None], name: str
) -> None:
    stopped(name)
    reply = refused_for_now(system, person)
    assert 400 <= reply.code < 500, reply
    sender = PatientSender(system, person.email)
    waiting = letters(person, 3)
    sending = threading.Thread(target=sender.send_all, args=(waiting, 3))
    sending.start()
    time.sleep(2)
    assert sender.accepted == []
    system.start(name)
    sending.join(timeout=180)
    assert not sending.is_alive()
    each_exactly_once(system, person, [message_id for message_id, _ in waiting])


def test_without_the_store_door_mail_waits_in_the_queue_and_comes_by_itself(
    system: System, person: TestPerson, stopped: Callable[[str], None]
) -> None:
    stopped("lmtp")
    waiting = letters(person, 5)
    for _, letter in waiting:
        assert submit(system, letter, person.email).code == 250
    time.sleep(1)
    assert Reader(system, person).emails() == []
    system.start("lmtp")
    each_exactly_once(system, person, [message_id for message_id, _ in waiting])


def test_a_scanner_that_dies_between_session_and_store_changes_nothing(
    system: System, person: TestPerson, stopped: Callable[[str], None]
) -> None:
    """The verdict travels with the message: what was scanned in the session need not be scanned again."""
    stopped("lmtp")
    ((name, letter),) = letters(person, 1)
    assert submit(system, letter, person.email).code == 250
    stopped("rspamd")
    system.start("lmtp")
    each_exactly_once(system, person, [name])


# -- kill -9 while mail is coming in
# --------------------------------------------------------------------------


def kill_main(system: System, name: str) -> None:
    system.wait_restarted(name, system.kill(name))


def kill_workers_of_lmtp(system: System, name: str) -> None:
    """The processes that hold messages; their parent stays and replaces them."""
    groups = system.supervisor.groups
    assert groups is not None
    parent = system.pid(name)
    for pid in groups.members(name):
        if pid != parent:
            os.kill(pid, signal.SIGKILL)


def kill_tree(system: System, name: str) -> None:
    """Every process of the service in one moment, as a power cut would."""
    groups = system.supervisor.groups
    assert groups is not None
    killed = system.pid(name)
    for pid in groups.members(name):
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue
    system.wait_restarted(name, killed)


def storm(system: System, person: TestPerson, strike: Callable[[], None], count: int = MESSAGES) -> None:
    """Send `count` messages from four patient senders and strike several times on the way."""
    sender = PatientSender(system, person.email)
    coming = letters(person, count)
    sending = threading.Thread(target=sender.send_all, args=(coming, 4))
    sending.start()
    for number in range(KILLS):
        wanted = (number + 1) * count // (KILLS + 1)
        while sending.is_alive() and len(sender.accepted) < wanted:
            time.sleep(0.02)
        strike()
    sending.join(timeout=300)
    assert not sending.is_alive()
    assert sorted(sender.accepted) == sorted(message_id for message_id, _ in coming)
    each_exactly_once(system, person, sender.accepted)


@pytest.mark.parametrize(
    "name", ["app", "worker", "lookups", "lmtp", "postfix", "postgres", "rspamd", "clamd"]
)
def test_killed_while_five_hundred_messages_come_in(system: System, person: TestPerson, name: str) -> None:
    strike = kill_tree if name in ("postfix", "rspamd") else kill_main
    storm(system, person, lambda: strike(system, name))


def test_delivering_workers_killed_while_five_hundred_messages_come_in(
    system: System, person: TestPerson
) -> None:
    storm(system, person, lambda: kill_workers_of_lmtp(system, "lmtp"))


def test_everything_killed_at_once(system: System, person: TestPerson) -> None:
    def strike() -> None:
        names = ("postgres", "lmtp", "lookups", "postfix", "app", "rspamd")
        killed = {name: system.kill(name) for name in names}
        for name in names:
            system.wait_restarted(name, killed[name])

    storm(system, person, strike, count=200)


# -- the disk is full
# ------------------------------------------------------------------------------------------


def fill(system: System, spare: int) -> None:
    """Leave about `spare` octets of the home's own file system, while others go on writing to it."""
    with (system.home / "ballast").open("ab") as ballast:
        step = 1 << 30
        while step >= 4096:
            statistics = os.statvfs(system.home)
            free = statistics.f_bavail * statistics.f_frsize
            try:
                os.posix_fallocate(ballast.fileno(), ballast.seek(0, os.SEEK_END), min(step, free - spare))
            except (OSError, ValueError):
                step //= 2


@pytest.fixture
def full(system: System) -> Iterator[Callable[[int], None]]:
    """Fills the home's file system up to some spare octets; there is room again when the test is over."""
    if not system.home.is_mount():
        pytest.skip("the home is no file system of its own, and filling the machine's would harm others")
    yield lambda spare: fill(system, spare)
    (system.home / "ballast").unlink(missing_ok=True)


def stored_bytes_are_whole(system: System) -> None:
    verified = system.command("blob", "verify", expect=None)
    assert verified.returncode == 0, verified.stdout + verified.stderr


def test_a_full_disk_means_later_and_heals_without_hands(
    system: System, person: TestPerson, full: Callable[[int], None]
) -> None:
    sender = PatientSender(system, person.email, pause_seconds=0.5)
    coming = letters(person, MESSAGES)
    sending = threading.Thread(target=sender.send_all, args=(coming, 4))
    sending.start()
    while sending.is_alive() and len(sender.accepted) < 40:
        time.sleep(0.02)
    full(0)
    time.sleep(5)
    full(0)  # what was freed meanwhile is taken too
    time.sleep(5)
    assert sending.is_alive(), "the disk was never full"
    (system.home / "ballast").unlink()
    sending.join(timeout=300)
    assert not sending.is_alive()
    assert sender.refusals
    assert all(400 <= code < 500 or code == 0 for code in sender.refusals)
    each_exactly_once(system, person, sender.accepted)
    stored_bytes_are_whole(system)


@pytest.mark.parametrize("spare", [0, 300_000, 3_000_000])
def test_mail_already_queued_survives_a_full_disk(
    system: System,
    person: TestPerson,
    stopped: Callable[[str], None],
    full: Callable[[int], None],
    spare: int,
) -> None:
    """The store finds no room at one point or another: in a blob, in a table, in the log of the database."""
    stopped("lmtp")
    waiting = letters(person, 60)
    for _, letter in waiting:
        assert submit(system, letter, person.email).code == 250
    full(spare)
    system.start("lmtp")
    time.sleep(8)
    assert 400 <= refused_for_now(system, person).code < 500
    (system.home / "ballast").unlink()
    each_exactly_once(system, person, [name for name, _ in waiting])
    stored_bytes_are_whole(system)
