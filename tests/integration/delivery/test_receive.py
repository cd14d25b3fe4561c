"""A message goes into accounts, and every recipient gets the answer that is true for them."""

from collections.abc import Callable

import pytest

from pirab.blob.errors import BlobStoreFull
from pirab.core import db
from pirab.delivery import arrival, hooks
from pirab.delivery.types import ArrivedReport, RecipientReply
from pirab.scanning.errors import ScannerUnavailable
from pirab.scanning.trusted import scan_mac
from pirab.scanning.types import Action, Verdict
from pirab.store import actions as store
from pirab.store import queries
from pirab.store.types import MailboxRole
from tests.conftest import Member, letter
from tests.integration.delivery.conftest import Scanner

Receive = Callable[..., list[RecipientReply]]
Make = Callable[..., Member]


def received_by(queue_id: str) -> bytes:
    """The trace field that Postfix puts in front."""
    return f"Received: from x by mail.test (Postfix) id {queue_id};\r\n\tTue, 24 Nov 2026\r\n".encode()


def codes(replies: list[RecipientReply]) -> list[tuple[int, str]]:
    return [(reply.reply_code, reply.enhanced_status) for reply in replies]


def in_mailbox(member: Member, role: MailboxRole = MailboxRole.INBOX) -> int:
    return queries.mailbox_with_role(member.account_id, role).total_emails


def stored_bytes(member: Member) -> list[bytes]:
    ids = queries.all_email_ids(member.account_id, 100)
    return [queries.message_bytes(view.digest) for view in queries.email_views(member.account_id, ids)]


def test_stored_once_for_all_and_the_bytes_are_what_came(receive: Receive, make_member: Make) -> None:
    first, second = make_member(), make_member()
    raw = received_by("4x") + letter()
    replies = receive(raw, first.email, second.email)
    assert codes(replies) == [(250, "2.0.0")] * 2
    assert [reply.forward_path for reply in replies] == [first.email, second.email]
    assert stored_bytes(first) == stored_bytes(second) == [b"Return-Path: <out@example.test>\r\n" + raw]
    assert db.scalar("select count(*) from store_message") == 1


def test_each_recipient_has_an_answer_of_their_own(receive: Receive, make_member: Make) -> None:
    good, full, disabled = make_member(), make_member(quota_bytes=100), make_member()
    db.execute("update directory_account set is_active = false where id = %s", (disabled.account_id,))
    replies = receive(
        letter(), good.email, "nobody@moi.go.test", full.email, "x@elsewhere.test", disabled.email
    )
    assert codes(replies) == [(250, "2.0.0"), (550, "5.1.1"), (452, "4.2.2"), (550, "5.1.1"), (550, "5.2.1")]
    assert in_mailbox(full) == 0


def test_nobody_known_stores_nothing(receive: Receive, make_member: Make) -> None:
    make_member()
    assert codes(receive(letter(), "nobody@moi.go.test")) == [(550, "5.1.1")]
    assert db.scalar("select count(*) from store_message") == 0


def test_handed_over_again_is_answered_again_and_stored_once(receive: Receive, member: Member) -> None:
    raw = received_by("4x") + letter()
    first, again = receive(raw, member.email)[0], receive(raw, member.email)[0]
    assert (first.reply_code, again.reply_code) == (250, 250)
    assert again.text == first.text.replace(" stored", " already stored")
    assert in_mailbox(member) == 1


def test_sent_again_through_postfix_is_stored_once_and_shared(receive: Receive, make_member: Make) -> None:
    first, second = make_member(), make_member()
    raw = letter()
    assert codes(receive(received_by("4x") + raw, first.email)) == [(250, "2.0.0")]
    assert (
        codes(receive(received_by("4y") + raw, first.email, second.email, queue_id="4y"))
        == [(250, "2.0.0")] * 2
    )
    assert (in_mailbox(first), in_mailbox(second)) == (1, 1)
    assert db.scalar("select count(*) from store_message") == 1


def test_the_same_message_id_with_other_content_is_another_message(receive: Receive, member: Member) -> None:
    for body in ("one", "two"):
        receive(received_by("4x") + letter(body=body, message_id="<same@example.test>"), member.email)
    assert in_mailbox(member) == 2


def test_equal_messages_without_a_message_id_are_both_kept(receive: Receive, member: Member) -> None:
    for queue_id in ("4x", "4y"):
        receive(received_by(queue_id) + b"Subject: alarm\r\n\r\nfire\r\n", member.email)
    assert in_mailbox(member) == 2


def test_two_addresses_of_one_account_make_one_email(receive: Receive, member: Member) -> None:
    local, _, domain = member.email.partition("@")
    replies = receive(letter(), member.email, f"{local}+list@{domain}", member.email.upper())
    assert codes(replies) == [(250, "2.0.0")] * 3
    assert in_mailbox(member) == 1


def test_a_thai_address_at_an_international_domain(receive: Receive, make_member: Make) -> None:
    thai = make_member("สมชาย", domain="กระทรวง.ไทย")
    assert codes(receive(letter(), "สมชาย@กระทรวง.ไทย", reverse_path="สมหญิง@กรม.ไทย")) == [(250, "2.0.0")]
    assert stored_bytes(thai)[0].startswith("Return-Path: <สมหญิง@กรม.ไทย>\r\n".encode())


def test_a_message_without_a_verdict_is_scanned_here(
    receive: Receive, scanner: Scanner, member: Member
) -> None:
    raw = letter()
    receive(
        b"X-Pirab-Scan: v=1; queue=4x; action=accept; score=0.00; symbols=; mac=00\r\n" + raw, member.email
    )
    (seen, envelope), *more = scanner.seen
    assert not more
    assert seen == raw
    assert (envelope.ip, envelope.helo, envelope.forward_paths) == (
        "192.0.2.1",
        "mx.example.test",
        (member.email,),
    )
    assert stored_bytes(member) == [b"Return-Path: <out@example.test>\r\n" + raw]


def test_a_genuine_verdict_is_not_asked_again(receive: Receive, scanner: Scanner, member: Member) -> None:
    from django.conf import settings

    payload = "v=1; queue=4x; action=junk; score=7.00; symbols=BAYES_SPAM"
    mac = scan_mac(payload, settings.ENVIRONMENT.scan_token)
    raw = received_by("4x") + letter()
    receive(f"X-Pirab-Scan: {payload}; mac={mac}\r\n".encode() + raw, member.email)
    assert scanner.seen == []
    assert (in_mailbox(member), in_mailbox(member, MailboxRole.JUNK)) == (0, 1)
    assert stored_bytes(member) == [b"Return-Path: <out@example.test>\r\n" + raw]


@pytest.mark.parametrize(
    ("action", "code", "status"), [(Action.REJECT, 550, "5.7.1"), (Action.DEFER, 451, "4.7.1")]
)
def test_what_may_not_be_delivered_is_not(
    receive: Receive, scanner: Scanner, make_member: Make, action: Action, code: int, status: str
) -> None:
    first, second = make_member(), make_member()
    scanner.verdict = Verdict(action)
    assert codes(receive(letter(), first.email, second.email)) == [(code, status)] * 2
    assert db.scalar("select count(*) from store_message") == 0


@pytest.mark.parametrize(
    ("error", "code", "status"),
    [
        (ScannerUnavailable("ConnectError"), 451, "4.7.1"),
        (BlobStoreFull("blobs"), 452, "4.3.1"),
        (ZeroDivisionError("a fault of ours"), 451, "4.3.0"),
    ],
)
def test_whatever_goes_wrong_holds_the_mail(
    receive: Receive, scanner: Scanner, member: Member, error: Exception, code: int, status: str
) -> None:
    scanner.error = error
    assert codes(receive(letter(), member.email)) == [(code, status)]
    scanner.error = None
    assert codes(receive(letter(), member.email)) == [(250, "2.0.0")]


def test_a_full_disk_leaves_nothing_half_done(
    receive: Receive, member: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise BlobStoreFull("blobs")

    raw = received_by("4x") + letter()
    with monkeypatch.context() as patched:
        patched.setattr("pirab.blob.actions._written", full)
        assert codes(receive(raw, member.email)) == [(452, "4.3.1")]
    assert db.scalar("select count(*) from delivery_arrival") == 0
    assert codes(receive(raw, member.email)) == [(250, "2.0.0")]
    assert in_mailbox(member) == 1


def test_a_report_is_handed_over_in_the_same_transaction(
    receive: Receive, member: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[ArrivedReport] = []
    monkeypatch.setattr(hooks, "_report_handlers", [seen.append])
    raw = b"Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b--\r\n"
    assert codes(receive(raw, member.email, reverse_path="")) == [(250, "2.0.0")]
    receive(letter(), member.email)
    assert [(report.account_ids, report.content.endswith(raw)) for report in seen] == [
        ((member.account_id,), True)
    ]

    def fails(_: ArrivedReport) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(hooks, "_report_handlers", [fails])
    assert codes(receive(raw + b"\r\n", member.email, reverse_path="")) == [(451, "4.3.0")]
    assert in_mailbox(member) == 2, "the report that could not be handed over comes again"


def test_old_arrivals_are_forgotten_and_a_collected_message_is_taken_anew(
    receive: Receive, member: Member
) -> None:
    from datetime import timedelta

    from pirab.core import clock

    raw = letter()
    receive(received_by("4x") + raw, member.email)
    store.destroy_emails(member.account_id, queries.all_email_ids(member.account_id, 10))
    store.collect_messages(timedelta(seconds=-1))
    assert codes(receive(received_by("4y") + raw, member.email)) == [(250, "2.0.0")]
    assert in_mailbox(member) == 1
    assert arrival.forget(clock.now() - arrival.MEMORY) == 0
    assert arrival.forget(clock.now()) == 1


def test_an_address_that_vanished_after_rcpt(receive: Receive, make_member: Make) -> None:
    gone, here = make_member(), make_member()
    db.execute("delete from directory_address where account_id = %s", (gone.account_id,))
    assert codes(receive(letter(), gone.email, here.email)) == [(550, "5.1.1"), (250, "2.0.0")]


def test_a_thousand_recipients_in_a_few_questions(receive: Receive, make_member: Make) -> None:
    member = make_member()
    directory_paths = [f"nobody{number}@moi.go.test" for number in range(999)]
    replies = receive(letter(), *directory_paths, member.email)
    assert len(replies) == 1000
    assert codes(replies)[-1] == (250, "2.0.0")
