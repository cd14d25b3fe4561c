"""The outbound pipeline, run by hand against a scripted scanner and a scripted Postfix."""

from __future__ import annotations

from datetime import timedelta
from email import message_from_bytes, policy

import pytest
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from pirab.blob import actions as blobs
from pirab.core import clock
from pirab.directory import actions as directory
from pirab.scanning.types import Action, Verdict
from pirab.store import queries as stored
from pirab.submission import actions, bounces, inside, outbound, records
from pirab.submission.types import FAILED_KEYWORD, Delivered, SubmissionRow, UndoStatus
from tests.conftest import Member, letter
from tests.integration.submission.conftest import Desk, FakeScanner, MakeMember, inbox, junk
from tests.integration.submission.fake_postfix import FakePostfix

pytestmark = pytest.mark.django_db


def run(desk: Desk, row: SubmissionRow) -> SubmissionRow:
    outbound.process(desk.member.account_id, row.id)
    return desk.submission(row.id)


def pass_time(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    later = clock.now() + timedelta(seconds=seconds)
    monkeypatch.setattr(clock, "now", lambda: later)


def delivered(row: SubmissionRow) -> dict[str, Delivered]:
    return {address: status.delivered for address, status in row.delivery_status.items()}


def phase(desk: Desk, row: SubmissionRow) -> str:
    found = records.load(desk.member.account_id, row.id)
    assert found is not None
    return found.phase


def test_a_mail_inside_and_outside(
    desk: Desk, stranger: Member, scanner: FakeScanner, postfix: FakePostfix
) -> None:
    raw = letter(sender=desk.member.email, to=f"{stranger.email}, far@example.test")
    raw = raw.replace(b"Subject:", b"Bcc: hidden@example.test\r\nSubject:")
    row = run(desk, desk.submit(desk.write("", raw=raw)))
    assert row.undo_status is UndoStatus.FINAL
    assert delivered(row) == {
        stranger.email: Delivered.YES,
        "far@example.test": Delivered.QUEUED,
        "hidden@example.test": Delivered.QUEUED,
    }
    assert row.delivery_status["far@example.test"].smtp_reply == "250 2.0.0 Ok: queued as TEST1"
    assert postfix.recipients() == ["far@example.test", "hidden@example.test"]
    (inner,), (outer,) = inbox(stranger.account_id), postfix.messages
    assert inner == outer
    assert outer.startswith(b"Received: by ")
    assert b"DKIM-Signature: v=1; a=rsa-sha256;\r\n\tb=abc\r\n" in outer
    assert b"hidden" not in outer
    assert phase(desk, row) == "done"


def test_the_envelope_asks_for_every_report(desk: Desk, scanner: FakeScanner, postfix: FakePostfix) -> None:
    run(desk, desk.submit(desk.write("a+b@example.test")))
    mail = next(line for line in postfix.commands if line.startswith("MAIL"))
    rcpt = next(line for line in postfix.commands if line.startswith("RCPT"))
    assert f"FROM:<{desk.member.email}> RET=HDRS ENVID=" in mail
    assert rcpt == "RCPT TO:<a+b@example.test> NOTIFY=SUCCESS,FAILURE,DELAY ORCPT=rfc822;a+2Bb@example.test"


def test_an_international_address_travels_apart(
    desk: Desk, scanner: FakeScanner, postfix: FakePostfix
) -> None:
    email = desk.write("a@example.test")
    run(desk, desk.submit(email, ["a@example.test", "สมชาย@ทดสอบ.test"]))
    mails = [line for line in postfix.commands if line.startswith("MAIL")]
    assert len(mails) == 2
    assert not mails[0].endswith("SMTPUTF8")
    assert mails[1].endswith("SMTPUTF8")
    rcpt = [line for line in postfix.commands if line.startswith("RCPT")]
    assert rcpt[1].endswith("ORCPT=utf-8;สมชาย@xn--l3cfk7dp.test")


def test_a_thai_sender_is_written_to_in_thai(
    make_member: MakeMember, scanner: FakeScanner, postfix: FakePostfix
) -> None:
    """The reverse-path is international, so everything is; the report comes back to it."""
    desk = Desk(make_member("สมชาย"))
    assert desk.member.email == "สมชาย@moi.go.test"
    raw = letter(sender="somchai@moi.go.test", to="a@example.test, nobody@moi.go.test")
    raw = raw.replace(b"somchai@moi.go.test", desk.member.email.encode(), 1)
    row = run(desk, desk.submit(desk.write("", raw=raw)))
    mail = next(line for line in postfix.commands if line.startswith("MAIL"))
    assert mail.startswith(f"MAIL FROM:<{desk.member.email}> ")
    assert mail.endswith(" SMTPUTF8")
    assert delivered(row) == {"a@example.test": Delivered.QUEUED, "nobody@moi.go.test": Delivered.NO}
    (report,) = inbox(desk.member.account_id)
    assert desk.member.email.encode() in report


def test_a_server_that_cannot_carry_a_thai_address(
    desk: Desk, scanner: FakeScanner, postfix: FakePostfix
) -> None:
    postfix.extensions = ("SIZE 52428800", "DSN")
    row = run(desk, desk.submit(desk.write("a@example.test"), ["สมหญิง@example.test", "a@example.test"]))
    assert delivered(row) == {"สมหญิง@example.test": Delivered.NO, "a@example.test": Delivered.QUEUED}
    assert row.delivery_status["สมหญิง@example.test"].smtp_reply.startswith("553 5.6.7 ")


def test_a_thousand_recipients_go_in_batches(desk: Desk, scanner: FakeScanner, postfix: FakePostfix) -> None:
    crowd = [f"p{n}@example.test" for n in range(450)]
    row = run(desk, desk.submit(desk.write("a@example.test"), crowd))
    assert postfix.recipients() == crowd
    assert len(postfix.messages) == 3
    assert set(delivered(row).values()) == {Delivered.QUEUED}


def test_refusals_of_single_recipients_come_back_as_one_report(
    desk: Desk, scanner: FakeScanner, postfix: FakePostfix
) -> None:
    postfix.replies["RCPT bad@example.com"] = "554 5.7.1 <bad@example.com>: only test domains leave here"
    email = desk.write("good@example.test, bad@example.com")
    row = run(desk, desk.submit(email))
    assert delivered(row) == {"good@example.test": Delivered.QUEUED, "bad@example.com": Delivered.NO}
    (report,) = inbox(desk.member.account_id)
    text = message_from_bytes(report, policy=policy.SMTP)
    assert text.get_content_type() == "multipart/report"
    assert "only test domains leave here" in text.get_body().get_content()  # type: ignore[union-attr]
    (sent,) = stored.email_rows(desk.member.account_id, [email.id])
    assert FAILED_KEYWORD in sent.keywords
    (bounce,) = stored.email_rows(
        desk.member.account_id,
        [each for each in stored.all_email_ids(desk.member.account_id, 9) if each != email.id],
    )
    assert bounce.thread_id == sent.thread_id
    run(desk, row)
    assert len(inbox(desk.member.account_id)) == 1


def test_an_unknown_address_of_ours_bounces_in_thai_and_english(
    desk: Desk, scanner: FakeScanner, postfix: FakePostfix
) -> None:
    row = run(desk, desk.submit(desk.write("nobody@moi.go.test")))
    assert row.delivery_status["nobody@moi.go.test"].smtp_reply.startswith("550 5.1.1 ")
    (report,) = inbox(desk.member.account_id)
    body = message_from_bytes(report, policy=policy.SMTP).get_body().get_content()  # type: ignore[union-attr]
    assert "nobody@moi.go.test" in body
    assert "could not be delivered" in body
    assert "ระบบส่งจดหมาย" in body
    assert postfix.commands == []


def test_a_virus_never_leaves_and_its_author_is_told(
    desk: Desk, stranger: Member, scanner: FakeScanner, postfix: FakePostfix
) -> None:
    scanner.verdict = Verdict(Action.REJECT, 15.0, ("CLAM_VIRUS",), "Virus found: Eicar")
    raw = letter(sender=desk.member.email, to=f"{stranger.email}, far@example.test", body="infected")
    row = run(desk, desk.submit(desk.write("", raw=raw)))
    assert row.undo_status is UndoStatus.FINAL
    assert {status.smtp_reply for status in row.delivery_status.values()} == {"554 5.7.1 Virus found: Eicar"}
    assert inbox(stranger.account_id) == []
    assert postfix.commands == []
    (report,) = inbox(desk.member.account_id)
    assert b"infected" not in report
    # The scanners objected to the report as well, so it came without the header of the mail.
    assert b"Virus found" in report


def test_spam_from_inside_goes_to_junk(
    desk: Desk, stranger: Member, scanner: FakeScanner, postfix: FakePostfix
) -> None:
    scanner.verdict = Verdict(Action.JUNK)
    run(desk, desk.submit(desk.write(stranger.email)))
    assert len(junk(stranger.account_id)) == 1
    assert inbox(stranger.account_id) == []


def test_while_the_scanners_are_away_mail_waits_and_may_be_canceled(
    desk: Desk, stranger: Member, scanner: FakeScanner, postfix: FakePostfix
) -> None:
    scanner.is_away = True
    row = desk.submit(desk.write(stranger.email))
    for _ in range(3):
        after = run(desk, row)
        assert after.undo_status is UndoStatus.PENDING
        assert delivered(after) == {stranger.email: Delivered.QUEUED}
    waits = sorted(job.scheduled_at for job in ProcrastinateJob.objects.exclude(scheduled_at=None))
    assert len(waits) == 3
    actions.cancel(desk.member.account_id, row.id)
    scanner.is_away = False
    assert run(desk, row).undo_status is UndoStatus.CANCELED
    assert inbox(stranger.account_id) == []


def test_soft_reject_waits_too_and_ends_with_the_queue_lifetime(
    desk: Desk, stranger: Member, scanner: FakeScanner, postfix: FakePostfix, monkeypatch: pytest.MonkeyPatch
) -> None:
    scanner.verdict = Verdict(Action.DEFER, reply_text="virus scanner unavailable")
    row = run(desk, desk.submit(desk.write(stranger.email)))
    assert row.delivery_status[stranger.email].smtp_reply == "451 4.7.1 virus scanner unavailable"
    pass_time(monkeypatch, 6 * 86_400)
    row = run(desk, row)
    assert delivered(row) == {stranger.email: Delivered.NO}
    assert row.delivery_status[stranger.email].smtp_reply == outbound.EXPIRED_REPLY


def test_before_its_time_a_mail_stays(
    desk: Desk, stranger: Member, scanner: FakeScanner, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = desk.submit(desk.write(stranger.email), [stranger.email], HOLDFOR="60")
    assert run(desk, row).undo_status is UndoStatus.PENDING
    assert scanner.asked == []
    pass_time(monkeypatch, 61)
    assert delivered(run(desk, row)) == {stranger.email: Delivered.YES}


@pytest.mark.parametrize(
    "leave",
    [
        "update directory_person set is_active = false where id = %(person)s",
        "delete from directory_membership where person_id = %(person)s",
        "update directory_membership set role = 'reader' where person_id = %(person)s",
        "delete from directory_address where account_id = %(account)s",
        "update directory_account set is_active = false where id = %(account)s",
    ],
)
def test_who_left_before_the_hour_of_their_mail_sends_nothing_any_more(
    desk: Desk, stranger: Member, scanner: FakeScanner, monkeypatch: pytest.MonkeyPatch, leave: str
) -> None:
    row = desk.submit(desk.write(stranger.email), [stranger.email], HOLDFOR="3600")
    with connection.cursor() as cursor:
        cursor.execute(leave, {"person": desk.member.person_id, "account": desk.member.account_id})
    pass_time(monkeypatch, 3601)
    row = run(desk, row)
    assert row.delivery_status[stranger.email].smtp_reply == outbound.NO_LONGER_REPLY
    assert inbox(stranger.account_id) == []


def test_a_full_mailbox_is_tried_again_and_then_given_up(
    desk: Desk,
    make_member: MakeMember,
    scanner: FakeScanner,
    postfix: FakePostfix,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    full = make_member(quota_bytes=1)
    row = run(desk, desk.submit(desk.write(full.email)))
    assert delivered(row) == {full.email: Delivered.QUEUED}
    assert row.delivery_status[full.email].smtp_reply.startswith("452 4.2.2 ")
    pass_time(monkeypatch, 6 * 86_400)
    row = run(desk, row)
    assert delivered(row) == {full.email: Delivered.NO}
    assert phase(desk, row) == "done"


def test_postfix_away_means_later(desk: Desk, scanner: FakeScanner, postfix: FakePostfix) -> None:
    postfix.replies["MAIL"] = None
    row = run(desk, desk.submit(desk.write("a@example.test")))
    assert row.delivery_status["a@example.test"].smtp_reply.startswith("451 4.3.2 ")
    assert delivered(row) == {"a@example.test": Delivered.QUEUED}
    del postfix.replies["MAIL"]
    assert run(desk, row).delivery_status["a@example.test"].smtp_reply.startswith("250 ")


@pytest.mark.parametrize(
    ("command", "reply", "outcome"),
    [
        ("MAIL", "451 4.3.5 busy", Delivered.QUEUED),
        ("MAIL", "552 5.3.4 too big", Delivered.NO),
        ("DATA", "451 4.3.0 later", Delivered.QUEUED),
        ("DATA", "554 5.5.1 no", Delivered.NO),
        (".", "452 4.3.1 full", Delivered.QUEUED),
        (".", "554 5.6.0 no", Delivered.NO),
        ("RCPT", "421 4.3.2 closing", Delivered.QUEUED),
        ("RCPT", "nonsense", Delivered.QUEUED),
    ],
)
def test_what_postfix_says_is_believed(
    desk: Desk, scanner: FakeScanner, postfix: FakePostfix, command: str, reply: str, outcome: Delivered
) -> None:
    postfix.replies[command] = reply
    assert delivered(run(desk, desk.submit(desk.write("a@example.test")))) == {"a@example.test": outcome}


def test_stray_line_ends_and_dots_cannot_smuggle_a_second_mail(
    desk: Desk, scanner: FakeScanner, postfix: FakePostfix
) -> None:
    raw = letter(sender=desk.member.email, to="a@example.test").replace(
        b"\r\n\r\n", b"\r\n\r\n.\r\n\n.\r\nMAIL FROM:<evil@x.test>\r\n.\n\r.\r\n", 1
    )
    run(desk, desk.submit(desk.write("", raw=raw)))
    (message,) = postfix.messages
    assert b"\r\n\r\n.\r\n\r\n.\r\nMAIL FROM:<evil@x.test>\r\n.\r\n\r\n.\r\n" in message
    assert len([line for line in postfix.commands if line.startswith("MAIL")]) == 1


def test_two_addresses_of_one_account_get_one_copy(
    desk: Desk, stranger: Member, scanner: FakeScanner, postfix: FakePostfix
) -> None:
    directory.add_address(stranger.account_id, "second@mof.go.test")
    row = run(desk, desk.submit(desk.write(f"{stranger.email}, second@mof.go.test")))
    assert set(delivered(row).values()) == {Delivered.YES}
    assert len(inbox(stranger.account_id)) == 1


def test_a_mail_to_oneself_arrives(desk: Desk, scanner: FakeScanner, postfix: FakePostfix) -> None:
    run(desk, desk.submit(desk.write(desk.member.email)))
    assert len(inbox(desk.member.account_id)) == 1


class _Killed(BaseException):
    """As good as kill -9: nothing after it runs."""


@pytest.mark.parametrize(
    ("module", "name", "occurrence"),
    [
        (outbound, "prepare", 1),
        (blobs, "put", 1),
        (records, "begin_sending", 1),
        (inside, "take_in", 1),
        (inside, "take_in", 2),
        (records, "write_notes", 1),
        (records, "write_notes", 2),
        (outbound, "hand_over", 1),
        (bounces, "report_failures", 1),
        (records, "finish", 1),
    ],
)
def test_a_worker_killed_anywhere_loses_nothing_and_repeats_nothing_inside(
    desk: Desk,
    make_member: MakeMember,
    scanner: FakeScanner,
    postfix: FakePostfix,
    monkeypatch: pytest.MonkeyPatch,
    module: object,
    name: str,
    occurrence: int,
) -> None:
    """The step is done and the worker dies before it can say so."""
    readers = [make_member() for _ in range(4)]
    monkeypatch.setattr(inside, "CHUNK", 2)
    to = ", ".join(reader.email for reader in readers)
    row = desk.submit(desk.write(f"{to}, nobody@moi.go.test, far@example.test"))
    real = getattr(module, name)
    calls = iter(range(1, 100))

    def dying(*args: object, **kwargs: object) -> object:
        result = real(*args, **kwargs)
        if next(calls) == occurrence:
            raise _Killed
        return result

    with monkeypatch.context() as patch:
        patch.setattr(module, name, dying)
        with pytest.raises(_Killed):
            outbound.process(desk.member.account_id, row.id)
    assert records_lock_is_free(row.id)
    after = run(desk, row)
    for reader in readers:
        assert len(inbox(reader.account_id)) == 1
    assert len(inbox(desk.member.account_id)) == 1
    assert len(set(postfix.messages)) == 1
    assert phase(desk, after) == "done"


def records_lock_is_free(submission_id: int) -> bool:
    with records.exclusive(submission_id) as is_ours:
        return is_ours
