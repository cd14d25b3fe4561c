"""Letters are filed, sent on and answered as the scripts of their recipients say."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from pirab.core import clock, db
from pirab.core.ids import IdKind, encode_id
from pirab.filtering import redirection, scripts, tasks, troubles
from pirab.scanning import client
from pirab.scanning.types import Action, Verdict
from pirab.store import actions as store
from pirab.store import queries as stored
from pirab.store.arrivals import Incoming, take_in
from pirab.store.types import Contents, EmailRow, MailboxDraft, MailboxRole
from pirab.submission import automatic
from pirab.submission.automatic import Fate
from tests.conftest import Member

pytestmark = pytest.mark.django_db
SENDER = "malee@outside.test"
Sent = list[tuple[str, str, bytes]]


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> Sent:
    """What would have gone to Postfix: reverse-path, forward-path, octets. The scanners are content."""
    handed: Sent = []

    def take(outbound: bytes, forward_path: str, reverse_path: str = "") -> Fate:
        handed.append((reverse_path, forward_path, outbound))
        return Fate.SENT

    monkeypatch.setattr(automatic, "_outside", take)
    monkeypatch.setattr(client, "scan", lambda raw, envelope: Verdict(Action.ACCEPT))
    return handed


def follow(member: Member, script: str) -> None:
    row = scripts.create_script(member.account_id, None, script.encode())
    scripts.activate(member.account_id, row.id)


def arrive(
    member: Member,
    subject: str = "ขอเชิญประชุม",
    role: MailboxRole = MailboxRole.INBOX,
    path: str = SENDER,
    more: str = "",
) -> EmailRow:
    head = f"From: {SENDER}\r\nTo: {member.email}\r\nSubject: {subject}\r\n"
    raw = f"{head}Message-ID: <{clock.now().timestamp()}@x>\r\n{more}\r\nเรียน\r\n".encode()
    incoming = Incoming(
        store.ensure_message(raw), raw, path, role, clock.now(), {member.account_id: member.email}
    )
    with db.transaction():
        (outcome,) = take_in(incoming)
    assert outcome.email_id is not None
    return stored.email_rows(member.account_id, [outcome.email_id])[0]


def names(member: Member, row: EmailRow) -> set[str]:
    boxes = {box.id: box.role or box.name for box in stored.mailboxes(member.account_id)}
    return {boxes[each] for each in row.mailbox_ids}


def emails_in(member: Member, role: MailboxRole) -> int:
    return stored.mailbox_with_role(member.account_id, role).total_emails


def work() -> None:
    """Run what waits, and what that brings about, once each."""
    while found := db.rows(
        "delete from procrastinate_jobs where queue_name = 'filtering' returning task_name, args::text"
    ):
        for name, text in found:
            arguments: dict[str, Any] = json.loads(text)
            getattr(tasks, name.rpartition(".")[2])(**arguments)


@pytest.mark.parametrize(
    ("script", "places", "keywords"),
    [
        ("keep;", {"inbox"}, set()),
        ('require "fileinto"; fileinto "งาน";', {"งาน"}, set()),
        ('require ["fileinto", "copy"]; fileinto :copy "งาน";', {"inbox", "งาน"}, set()),
        ('require "imap4flags"; addflag ["\\\\Flagged", "\\\\Seen"];', {"inbox"}, {"$flagged", "$seen"}),
        ("discard;", {"trash"}, {"$seen"}),
        ('require "fileinto"; fileinto "ไม่มี";', {"inbox"}, set()),
        ('require ["fileinto", "mailbox"]; fileinto :create "งาน/ใหม่";', {"ใหม่"}, set()),
        ('if header :contains "subject" "ประชุม" { discard; }', {"trash"}, {"$seen"}),
        ('require "fileinto"; fileinto "งาน"; fileinto "Archive";', {"งาน", "archive"}, set()),
        ('require "vacation"; redirect "a@outside.test";', {"trash"}, {"$seen"}),
    ],
)
def test_where_letters_go(
    member: Member, sent: Sent, script: str, places: set[str], keywords: set[str]
) -> None:
    store.create_mailbox(member.account_id, MailboxDraft("งาน"))
    follow(member, script)
    row = arrive(member)
    assert (names(member, row), set(row.keywords)) == (places, keywords)


def test_junk_stays_junk_unless_a_script_says_never(member: Member, sent: Sent) -> None:
    follow(
        member,
        'require ["fileinto", "vacation"]; redirect "a@outside.test"; vacation "away"; fileinto "Archive";',
    )
    assert names(member, arrive(member, role=MailboxRole.JUNK)) == {"junk"}
    work()
    assert sent == []
    follow(member, 'require "imap4flags"; addflag "$NotJunk";')
    row = arrive(member, role=MailboxRole.JUNK)
    assert (names(member, row), set(row.keywords)) == ({"inbox"}, {"$notjunk"})


def test_a_mailbox_named_by_id_survives_its_new_name_and_its_end(member: Member) -> None:
    box = store.create_mailbox(member.account_id, MailboxDraft("เดิม"))
    name = encode_id(IdKind.MAILBOX, box)
    follow(member, f'require ["fileinto", "mailboxid"]; fileinto :mailboxid "{name}" "ไม่มี";')
    assert arrive(member).mailbox_ids == (box,)
    store.destroy_mailbox(member.account_id, box, Contents.REMOVE)
    assert names(member, arrive(member)) == {"inbox"}
    trouble = troubles.latest(member.account_id)
    assert trouble is not None
    assert "ไม่มี" in trouble.description


def test_a_script_that_fails_keeps_the_letter(member: Member) -> None:
    follow(member, 'require "variables"; discard; set "a" "nobody"; redirect "${a}";')
    assert names(member, arrive(member)) == {"inbox"}
    assert troubles.latest(member.account_id) is not None


def test_a_letter_is_sent_on_with_our_path_and_the_senders_octets(member: Member, sent: Sent) -> None:
    follow(member, 'require "copy"; redirect :copy "somebody@outside.test";')
    row = arrive(member)
    work()
    ((reverse_path, forward_path, raw),) = sent
    assert (reverse_path, forward_path) == (member.email, "somebody@outside.test")
    assert f"\r\nDelivered-To: {member.email}\r\n".encode() in raw
    assert b"\r\nResent-To: <somebody@outside.test>\r\n" in raw
    original = stored.message_bytes(stored.email_views(member.account_id, [row.id])[0].digest)
    assert raw.endswith(original)


def test_reports_and_letters_that_came_back_go_nowhere(member: Member, sent: Sent) -> None:
    follow(member, f'require "copy"; redirect :copy "a@outside.test"; redirect :copy "{member.email}";')
    arrive(member, path="")
    work()
    assert [reverse_path for reverse_path, _, _ in sent] == [""]
    arrive(member, more=f"Delivered-To: {member.email}\r\n")
    arrive(member, more="Received: by x\r\n" * 30)
    arrive(member, more="Delivered-To: a@outside.test\r\n")
    work()
    assert len(sent) == 1


def test_two_accounts_that_send_on_to_each_other_end(member: Member, stranger: Member, sent: Sent) -> None:
    for one, other in ((member, stranger), (stranger, member)):
        follow(one, f'require "copy"; redirect :copy "{other.email}"; redirect :copy "away@outside.test";')
    arrive(member)
    work()
    assert (emails_in(member, MailboxRole.INBOX), emails_in(stranger, MailboxRole.INBOX)) == (1, 1)
    assert [path for _, path, _ in sent] == ["away@outside.test", "away@outside.test"]


def test_two_absent_people_do_not_write_to_each_other_for_ever(
    member: Member, stranger: Member, sent: Sent
) -> None:
    for one in (member, stranger):
        follow(one, 'require "vacation"; vacation :days 1 "ไม่อยู่";')
    arrive(member, path=stranger.email)
    work()
    assert (emails_in(member, MailboxRole.INBOX), emails_in(stranger, MailboxRole.INBOX)) == (1, 1)


def test_a_script_answers_once_a_period_and_handle(member: Member, sent: Sent) -> None:
    follow(member, 'require "vacation"; vacation :days 2 :subject "ลา" :handle "h" "กลับวันจันทร์";')
    arrive(member)
    arrive(member)
    work()
    ((reverse_path, forward_path, raw),) = sent
    assert (reverse_path, forward_path) == ("", SENDER)
    assert b"Auto-Submitted: auto-replied" in raw
    db.execute("update filtering_answered set answered_at = answered_at - %s", (timedelta(days=3),))
    arrive(member)
    arrive(member, more="Precedence: list\r\n")
    work()
    assert len(sent) == 2


def test_a_day_has_a_limit_and_agencies_a_say(
    member: Member, sent: Sent, monkeypatch: pytest.MonkeyPatch
) -> None:
    follow(member, 'redirect "a@outside.test";')
    monkeypatch.setattr(redirection, "MOST_A_DAY", 1)
    arrive(member)
    assert names(member, arrive(member)) == {"inbox"}
    work()
    assert len(sent) == 1
    monkeypatch.setattr(redirection, "_policies", [lambda account, address: False])
    assert names(member, arrive(member)) == {"inbox"}
    trouble = troubles.latest(member.account_id)
    assert trouble is not None
    assert "may not be sent on" in trouble.description


def test_one_persons_script_is_nobody_elses(member: Member, stranger: Member) -> None:
    follow(member, "discard;")
    assert names(stranger, arrive(stranger)) == {"inbox"}
