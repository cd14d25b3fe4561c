"""Delivery reports: other people's, Postfix's, broken ones, ours."""

from datetime import UTC, datetime

import msgspec
import pytest

from pirab.wire.compose import ComposeError
from pirab.wire.dsn import DsnAction, DsnRequest, RecipientReport, ReturnedContent, compose_dsn, parse_dsn
from pirab.wire.mime import parse_message, part_text
from pirab.wire.types import Address
from tests.unit.wire.trees import leaves_of

_ORIGINAL = "From: a@b.test\r\nSubject: ทดสอบ\r\nMessage-ID: <orig@b.test>\r\n\r\nbody\r\n".encode()
_FAILED = RecipientReport(
    original="somsri@x.test",
    final="somsri@x.test",
    action=DsnAction.FAILED,
    status="5.1.1",
    diagnostic="550 5.1.1 User unknown",
    remote_mta="mx.x.test",
)
_REQUEST = DsnRequest(
    author=Address("ระบบจดหมาย", "postmaster@pirab.test"),
    sender="a@b.test",
    reporting_mta="mail.pirab.test",
    message_id="dsn1@pirab.test",
    date=datetime(2026, 11, 24, tzinfo=UTC),
    arrival_date=datetime(2026, 11, 23, tzinfo=UTC),
    envelope_id="env-1",
    recipients=(_FAILED,),
    original=_ORIGINAL,
)


def _report(status: bytes, kind: bytes = b"message/delivery-status") -> bytes:
    return (
        b"Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\n\r\nwords\r\n"
        b"--b\r\nContent-Type: " + kind + b"\r\n\r\n" + status + b"\r\n--b--\r\n"
    )


_POSTFIX = b"""Reporting-MTA: dns; mail.pirab.test
Original-Envelope-Id: pirab-77
X-Postfix-Queue-ID: 4XyZ
X-Postfix-Sender: rfc822; a@pirab.test
Arrival-Date: Tue, 24 Nov 2026 12:00:00 +0700 (+07)

Final-Recipient: rfc822; b@x.test
Original-Recipient: rfc822;b@x.test
Action: failed
Status: 5.1.1
Remote-MTA: dns; mx.x.test
Diagnostic-Code: smtp; 550 5.1.1 <b@x.test>: Recipient address rejected:
    User unknown

Final-Recipient: utf-8; =?bad
Final-Recipient: utf-8; c@y.test
Action: relayed (to non-DSN-aware mailer)
Status: 2.0.0
"""


def test_a_report_of_postfix() -> None:
    report = parse_dsn(_report(_POSTFIX.replace(b"\n", b"\r\n")))
    assert report is not None
    assert (report.envelope_id, report.reporting_mta) == ("pirab-77", "mail.pirab.test")
    assert report.arrival_date == datetime(2026, 11, 24, 5, tzinfo=UTC)
    first = report.recipients[0]
    assert (first.original, first.final, first.action, first.status) == (
        "b@x.test",
        "b@x.test",
        DsnAction.FAILED,
        "5.1.1",
    )
    assert (first.diagnostic_type, first.remote_mta) == ("smtp", "mx.x.test")
    assert first.diagnostic is not None
    assert first.diagnostic.startswith("550 5.1.1 <b@x.test>")
    assert first.diagnostic.endswith("User unknown")
    assert report.recipients[-1].action is DsnAction.RELAYED


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("utf-8; สมชาย@ทดสอบ.ไทย", "สมชาย@ทดสอบ.ไทย"),
        (r"utf-8; \x{E2A}\x{E21}@x.test", "สม@x.test"),
        (r"utf-8; \x{D800}\x{FFFFFF}\x{0}@x.test", "\ufffd\ufffd\\x{0}@x.test"),
        ("rfc822; <b@x.test> (comment)", "b@x.test"),
        ("b@x.test", "b@x.test"),
        ("RFC822;b@x.test", "b@x.test"),
        ("X400; /PN=a/", "/PN=a/"),
    ],
)
def test_kinds_of_addresses(address: str, expected: str) -> None:
    status = f"Reporting-MTA: dns; x\r\n\r\nFinal-Recipient: {address}\r\nAction: failed\r\nStatus: 5.0.0\r\n"
    report = parse_dsn(_report(status.encode(), b"message/global-delivery-status"))
    assert report is not None
    assert report.recipients[0].final == expected


@pytest.mark.parametrize(
    ("fields", "action", "status"),
    [
        (b"Action: FAILED\r\nStatus: 5.1.1 (bad)", DsnAction.FAILED, "5.1.1"),
        (b"Action: delayed", DsnAction.DELAYED, "4.0.0"),
        (b"Action: nonsense\r\nStatus: 4.4.1", DsnAction.DELAYED, "4.4.1"),
        (b"Status: 2.1.5", DsnAction.DELIVERED, "2.1.5"),
        (b"Diagnostic-Code: smtp; 550 5.7.1 spam", DsnAction.FAILED, "5.7.1"),
        (b"X: y", DsnAction.FAILED, "5.0.0"),
    ],
)
def test_missing_and_odd_values(fields: bytes, action: DsnAction, status: str) -> None:
    report = parse_dsn(_report(b"Reporting-MTA: dns; x\r\n\r\nFinal-Recipient: rfc822; a@b\r\n" + fields))
    assert report is not None
    assert (report.recipients[0].action, report.recipients[0].status) == (action, status)


@pytest.mark.parametrize(
    "status",
    [
        b"",
        b"\r\n\r\n\r\n",
        b"\0\xff",
        b"no fields at all",
        b"Final-Recipient:\r\nAction:\r\n",
        b"A: b\r\n\r\n" * 50_000,
        b"Final-Recipient: rfc822; a@b\r\n" * 20_000,
        b"Final-Recipient: " + b"(" * 50_000,
        b"Content-Transfer-Encoding: base64\r\n\r\n!!!!",
        b"\n" * 100_000,
        b"\n \t" * 100_000,
    ],
)
def test_hostile_reports(status: bytes) -> None:
    assert parse_dsn(_report(status)) is not None


def test_what_is_no_report() -> None:
    assert parse_dsn(b"Subject: Undelivered Mail\r\n\r\nsorry") is None
    assert parse_dsn(b"") is None


def test_ours_comes_back() -> None:
    raw = compose_dsn(_REQUEST)
    message = parse_message(raw)
    assert message.root.type == "multipart/report"
    assert message.in_reply_to == ("orig@b.test",)
    assert message.defects == ()
    report = parse_dsn(raw)
    assert report is not None
    assert (report.envelope_id, report.original_message_id) == ("env-1", "orig@b.test")
    assert report.arrival_date == _REQUEST.arrival_date
    assert report.recipients == (msgspec.structs.replace(_FAILED, diagnostic_type="smtp"),)
    words = part_text(raw, leaves_of(message.root)[0]).text
    assert "ไม่ได้" in words
    assert "could not be delivered" in words
    assert "550 5.1.1 User unknown" in words


def test_an_international_address_makes_an_international_report() -> None:
    recipient = RecipientReport(final="สมศรี@ทดสอบ.ไทย", action=DsnAction.DELAYED, status="4.4.1")
    raw = compose_dsn(msgspec.structs.replace(_REQUEST, recipients=(recipient,)))
    assert b"message/global-delivery-status" in raw  # rfc6533#4
    report = parse_dsn(raw)
    assert report is not None
    assert report.recipients[0].final == "สมศรี@ทดสอบ.ไทย"


def test_remote_words_cannot_forge_a_field() -> None:
    evil = msgspec.structs.replace(
        _FAILED, diagnostic="550 no\r\n\r\nFinal-Recipient: rfc822; other@x.test\r\nAction: delivered"
    )
    report = parse_dsn(compose_dsn(msgspec.structs.replace(_REQUEST, recipients=(evil,))))
    assert report is not None
    assert [item.final for item in report.recipients] == ["somsri@x.test"]


def test_the_whole_message_or_its_header_goes_back() -> None:
    assert "เนื้อ".encode() not in compose_dsn(
        msgspec.structs.replace(_REQUEST, original=_ORIGINAL + "เนื้อ\r\n".encode())
    )
    full = compose_dsn(msgspec.structs.replace(_REQUEST, returned=ReturnedContent.FULL))
    assert _ORIGINAL.rstrip() in full


def test_no_report_about_a_report() -> None:
    for sender in ("", "<>"):
        with pytest.raises(ComposeError):
            compose_dsn(msgspec.structs.replace(_REQUEST, sender=sender))
    with pytest.raises(ComposeError):
        compose_dsn(msgspec.structs.replace(_REQUEST, recipients=()))


@pytest.mark.parametrize(
    "original", [b"", b"\0", b"Message-ID: <bad id>\r\n\r\n", b"Message-ID:", b"x" * 5000, b"\xff\n\xfe"]
)
def test_any_message_can_come_back(original: bytes) -> None:
    for returned in ReturnedContent:
        raw = compose_dsn(msgspec.structs.replace(_REQUEST, original=original, returned=returned))
        assert parse_dsn(raw) is not None
