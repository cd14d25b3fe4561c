"""Delivery status notifications that come back: believed, told, or left alone."""

from __future__ import annotations

import hashlib
from email import message_from_bytes, policy

import pytest

from pirab.conf.wiring import tell_submission
from pirab.core import clock
from pirab.delivery.hooks import report_handlers
from pirab.delivery.types import ArrivedReport
from pirab.store import actions as store
from pirab.store import queries as stored
from pirab.store.errors import BlobNotFound
from pirab.store.types import Delivery, ObjectType
from pirab.submission import actions, outbound, records, reports, sweeping
from pirab.submission.handover import envelope_id
from pirab.submission.types import FAILED_KEYWORD, Delivered, Envelope, EnvelopeAddress, SubmissionRow
from tests.conftest import Member, letter
from tests.integration.submission.conftest import Desk, FakeScanner, inbox
from tests.integration.submission.fake_postfix import FakePostfix

pytestmark = pytest.mark.django_db


def dsn(token: str, *lines: tuple[str, str, str, str], returned: bytes = b"Subject: sent\r\n") -> bytes:
    """A report as Postfix writes it; lines are (recipient, action, status, diagnostic)."""
    groups = "".join(
        f"\r\nFinal-Recipient: rfc822; {rcpt}\r\nOriginal-Recipient: rfc822;{rcpt}\r\nAction: {action}\r\n"
        f"Status: {status}\r\nRemote-MTA: dns; mx.example.test\r\nDiagnostic-Code: smtp; {said}\r\n"
        for rcpt, action, status, said in lines
    )
    return (
        (
            "Return-Path: <>\r\nFrom: MAILER-DAEMON@mail.pirab.test\r\nTo: someone\r\n"
            f"Subject: report\r\nMessage-Id: <{hashlib.md5(groups.encode()).hexdigest()}@mail.pirab.test>\r\n"
            "Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n"
            "--b\r\nContent-Type: text/plain\r\n\r\nThis is the mail system.\r\n"
            "--b\r\nContent-Type: message/delivery-status\r\n\r\n"
            f"Reporting-MTA: dns; mail.pirab.test\r\nOriginal-Envelope-Id: {token}\r\n{groups}\r\n"
            "--b\r\nContent-Type: text/rfc822-headers\r\n\r\n"
        ).encode()
        + returned
        + b"\r\n--b--\r\n"
    )


class Mailroom:
    """A mail that was handed over to Postfix, and the reports that come in about it."""

    def __init__(self, desk: Desk, recipients: list[EnvelopeAddress]) -> None:
        self.desk = desk
        self.email = desk.write("a@example.test")
        envelope = Envelope(EnvelopeAddress(desk.member.email), tuple(recipients))
        row = actions.create_submission(
            desk.principal, desk.member.account_id, desk.identity_id, self.email.id, envelope
        )
        outbound.process(desk.member.account_id, row.id)
        found = records.load(desk.member.account_id, row.id)
        assert found is not None
        self.row, self.token = found, envelope_id(found)

    def arrive(self, content: bytes, account_id: int | None = None) -> None:
        """What delivery does with a report."""
        holder = account_id or self.desk.member.account_id
        message = store.ensure_message(content)
        store.deliver(message, [Delivery(holder, clock.now())])
        tell_submission(ArrivedReport(content, message.digest, (holder,), clock.now()))

    @property
    def submission(self) -> SubmissionRow:
        return self.desk.submission(self.row.id)

    def shown(self, address: str = "a@example.test") -> tuple[Delivered, str]:
        status = self.submission.delivery_status[address]
        return status.delivered, status.smtp_reply


@pytest.fixture
def mailroom(desk: Desk, scanner: FakeScanner, postfix: FakePostfix) -> Mailroom:
    return Mailroom(desk, [EnvelopeAddress("a@example.test"), EnvelopeAddress("b+x@example.test")])


def test_the_handler_is_connected_at_start() -> None:
    assert tell_submission in report_handlers()


@pytest.mark.parametrize(
    ("action", "status", "said", "expected"),
    [
        ("relayed", "2.0.0", "250 2.0.0 Taken", (Delivered.UNKNOWN, "250 2.0.0 Taken")),
        ("delivered", "2.0.0", "250 2.0.0 In the box", (Delivered.YES, "250 2.0.0 In the box")),
        ("delayed", "4.7.1", "451 4.7.1 come again", (Delivered.QUEUED, "451 4.7.1 come again")),
        ("delayed", "4.4.1", "connection refused", (Delivered.QUEUED, "450 4.4.1 connection refused")),
    ],
)
def test_good_and_middling_news_is_status_and_not_mail(
    mailroom: Mailroom, action: str, status: str, said: str, expected: tuple[Delivered, str]
) -> None:
    report = dsn(mailroom.token, ("a@example.test", action, status, said))
    mailroom.arrive(report)
    assert mailroom.shown() == expected
    assert mailroom.shown("b+x@example.test")[0] is Delivered.QUEUED
    assert inbox(mailroom.desk.member.account_id) == []
    assert mailroom.submission.dsn_digests == (hashlib.sha256(report).digest(),)


def test_a_failure_is_told_once_in_thai_and_english_with_the_remote_words(mailroom: Mailroom) -> None:
    account = mailroom.desk.member.account_id
    sent = stored.message_bytes(stored.email_views(account, [mailroom.email.id])[0].digest)
    header = sent.partition(b"\r\n\r\n")[0] + b"\r\n"
    report = dsn(
        mailroom.token,
        ("a@example.test", "failed", "5.1.1", "550 5.1.1 <a@example.test> ไม่มีผู้ใช้นี้ / no such user"),
        returned=header,
    )
    for _ in range(2):
        mailroom.arrive(report)
    assert mailroom.shown() == (Delivered.NO, "550 5.1.1 <a@example.test> ไม่มีผู้ใช้นี้ / no such user")
    (told,) = inbox(account)
    text = message_from_bytes(told, policy=policy.SMTP)
    body = text.get_body().get_content()  # type: ignore[union-attr]
    assert "no such user" in body
    assert "ระบบส่งจดหมาย" in body
    keywords = stored.email_rows(account, [mailroom.email.id])[0].keywords
    assert FAILED_KEYWORD in keywords
    threads = {row.thread_id for row in stored.email_rows(account, stored.all_email_ids(account, 9))}
    assert len(threads) == 1


def test_reports_out_of_order_end_in_the_truth(mailroom: Mailroom) -> None:
    for action, status in (
        ("relayed", "2.0.0"),
        ("delayed", "4.0.0"),
        ("failed", "5.0.0"),
        ("relayed", "2.0.0"),
    ):
        mailroom.arrive(dsn(mailroom.token, ("a@example.test", action, status, f"{action} said")))
    assert mailroom.shown()[0] is Delivered.NO


def test_an_address_with_a_plus_and_several_recipients(mailroom: Mailroom) -> None:
    mailroom.arrive(
        dsn(
            mailroom.token,
            ("a@example.test", "delivered", "2.0.0", "250 yes"),
            ("b+x@example.test", "failed", "5.2.2", "552 5.2.2 full"),
        )
    )
    assert mailroom.shown() == (Delivered.YES, "250 yes")
    assert mailroom.shown("b+x@example.test") == (Delivered.NO, "552 5.2.2 full")
    assert len(inbox(mailroom.desk.member.account_id)) == 1


@pytest.mark.parametrize(
    "spoil",
    [
        lambda token: "",
        lambda token: "forged",
        lambda token: token[:-1],
        lambda token: token + "x",
        lambda token: token.rpartition(".")[0] + ".",
        lambda token: ".".join(["a1", *token.split(".")[1:]]),
        lambda token: ".".join([token.split(".")[0], "s1", token.split(".")[2]]),
        lambda token: token.swapcase(),
        lambda token: "ก" * 300,
    ],
)
def test_a_report_without_the_secret_is_ordinary_mail(mailroom: Mailroom, spoil: object) -> None:
    forged = spoil(mailroom.token)  # type: ignore[operator]
    mailroom.arrive(dsn(forged, ("a@example.test", "failed", "5.1.1", "550 you wish")))
    assert mailroom.shown()[0] is Delivered.QUEUED
    assert len(inbox(mailroom.desk.member.account_id)) == 1
    assert mailroom.submission.dsn_digests == ()


def test_a_failure_of_somebody_the_mail_never_went_to_stays_ordinary_mail(mailroom: Mailroom) -> None:
    mailroom.arrive(dsn(mailroom.token, ("other@example.test", "failed", "5.1.1", "550 5.1.1 no")))
    assert mailroom.shown()[0] is Delivered.QUEUED
    assert len(inbox(mailroom.desk.member.account_id)) == 1


def test_a_failure_after_delivery_changes_nothing_and_stays_ordinary_mail(mailroom: Mailroom) -> None:
    mailroom.arrive(dsn(mailroom.token, ("a@example.test", "delivered", "2.0.0", "250 yes")))
    mailroom.arrive(dsn(mailroom.token, ("a@example.test", "failed", "5.1.1", "550 5.1.1 no")))
    assert mailroom.shown() == (Delivered.YES, "250 yes")
    assert len(inbox(mailroom.desk.member.account_id)) == 1


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"Content-Type: multipart/report; boundary=b\r\n\r\n--b\r\n",
        b"Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n"
        b"--b\r\nContent-Type: message/delivery-status\r\n\r\n" + b"Final-Recipient: rfc822; x\r\n" * 20_000,
        dsn("a1.s1.x")[:200],
        dsn("a1.s1.x").replace(b"b", b"\x00"),
    ],
)
def test_rubbish_that_calls_itself_a_report_is_survived(mailroom: Mailroom, content: bytes) -> None:
    reports.take_report(
        content, hashlib.sha256(content).digest(), (mailroom.desk.member.account_id,), clock.now()
    )
    assert mailroom.shown()[0] is Delivered.QUEUED


def test_who_asked_for_no_reports_gets_none_but_the_status_is_true(
    desk: Desk, scanner: FakeScanner, postfix: FakePostfix
) -> None:
    room = Mailroom(desk, [EnvelopeAddress("a@example.test", {"NOTIFY": "NEVER"})])
    room.arrive(dsn(room.token, ("a@example.test", "failed", "5.1.1", "550 5.1.1 no")))
    assert room.shown()[0] is Delivered.NO
    assert inbox(desk.member.account_id) == []


def test_reports_about_a_destroyed_submission_still_mark_the_mail(mailroom: Mailroom) -> None:
    account = mailroom.desk.member.account_id
    actions.destroy_submission(account, mailroom.row.id)
    before = stored.states(account).of(ObjectType.SUBMISSION)
    mailroom.arrive(dsn(mailroom.token, ("a@example.test", "failed", "5.1.1", "550 5.1.1 no")))
    assert FAILED_KEYWORD in stored.email_rows(account, [mailroom.email.id])[0].keywords
    assert stored.states(account).of(ObjectType.SUBMISSION) == before


def test_a_report_that_reaches_another_account_is_told_where_the_mail_is(
    mailroom: Mailroom, stranger: Member
) -> None:
    report = dsn(mailroom.token, ("a@example.test", "failed", "5.1.1", "550 5.1.1 no"))
    mailroom.arrive(report, stranger.account_id)
    assert inbox(stranger.account_id) == []
    assert len(inbox(mailroom.desk.member.account_id)) == 1


def test_silence_is_settled_when_postfix_must_have_spoken(
    mailroom: Mailroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert sweeping.settle_silent() == 0
    later = clock.now() + (sweeping.SILENCE_MARGIN * 6)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert sweeping.settle_silent() == 2
    assert mailroom.shown()[0] is Delivered.UNKNOWN


def test_a_report_may_come_before_the_worker_noted_the_hand_over(
    desk: Desk, scanner: FakeScanner, postfix: FakePostfix
) -> None:
    row = desk.submit(desk.write("", raw=letter(sender=desk.member.email, to="a@example.test")))
    found = records.load(desk.member.account_id, row.id)
    assert found is not None
    content = dsn(envelope_id(found), ("a@example.test", "relayed", "2.0.0", "250 2.0.0 Taken"))
    message = store.ensure_message(content)
    tell_submission(ArrivedReport(content, message.digest, (desk.member.account_id,), clock.now()))
    assert desk.submission(row.id).delivery_status["a@example.test"].delivered is Delivered.UNKNOWN


def test_the_blob_of_a_report_is_for_the_account_of_the_mail_alone(
    mailroom: Mailroom, stranger: Member
) -> None:
    report = dsn(mailroom.token, ("a@example.test", "relayed", "2.0.0", "250 2.0.0 Taken"))
    mailroom.arrive(report)
    (digest,) = mailroom.submission.dsn_digests
    owner = mailroom.desk.member
    stored.access_blob(owner.account_id, digest, person=owner.person_id)
    assert stored.message_bytes(digest) == report
    with pytest.raises(BlobNotFound):
        stored.access_blob(stranger.account_id, digest, person=stranger.person_id)


def test_a_flood_of_reports_ends_as_ordinary_mail(
    mailroom: Mailroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reports, "REPORTS_PER_RECIPIENT", 1)
    for number in range(5):
        mailroom.arrive(dsn(mailroom.token, ("a@example.test", "delayed", "4.0.0", f"450 wait {number}")))
    assert mailroom.shown() == (Delivered.QUEUED, "450 wait 1")
    assert len(mailroom.submission.dsn_digests) == 2
    assert len(inbox(mailroom.desk.member.account_id)) == 3


def test_nine_thousand_lines_in_one_report(mailroom: Mailroom) -> None:
    lines = [(f"x{number}@example.test", "failed", "5.0.0", "550 no") for number in range(9_000)]
    mailroom.arrive(dsn(mailroom.token, *lines, ("a@example.test", "delivered", "2.0.0", "250 yes")))
    assert mailroom.shown() == (Delivered.YES, "250 yes")
    assert len(inbox(mailroom.desk.member.account_id)) == 1
