"""Mail from outside: the ordinary letter, who may have it, and what is refused in the session."""

from __future__ import annotations

import io
import zipfile

import pytest

from tests.acceptance.people import TestPerson, open_account, set_quota
from tests.acceptance.reader import Reader
from tests.acceptance.smtp_session import SENDER, SmtpSession, new_message_id, plain_letter, submit
from tests.acceptance.system import System

# Put together at run time, so that no scanner on a developer's machine takes this file for what it tests.
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-" + rb"ANTIVIRUS-TEST-FILE!$H+H*"
GTUBE = b"XJS*C4JDBQADN1.NSBN3*2IDNEN*" + b"GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL*C.34X"


@pytest.fixture(scope="module")
def person(system: System) -> TestPerson:
    return open_account(system)


@pytest.fixture(scope="module")
def reader(system: System, person: TestPerson) -> Reader:
    return Reader(system, person)


def with_zip(to: str, inside: bytes, message_id: str) -> bytes:
    """A letter with a ZIP archive that holds one file."""
    import base64

    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as opened:
        opened.writestr("รายงาน.txt", inside)
    encoded = base64.encodebytes(archive.getvalue()).replace(b"\n", b"\r\n")
    header = plain_letter(to, message_id=message_id, body=b"").replace(
        b"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit",
        b"Content-Type: multipart/mixed; boundary=b",
    )
    return (
        header
        + b"--b\r\nContent-Type: text/plain\r\n\r\nsee attachment\r\n--b\r\nContent-Type: application/zip\r\n"
        b'Content-Disposition: attachment; filename="report.zip"\r\nContent-Transfer-Encoding: base64\r\n\r\n'
        + encoded
        + b"--b--\r\n"
    )


def spammy_letter(message_id: str, extra: bytes = b"") -> bytes:
    """Bad enough for Junk, not for refusal: no sender, recipient, date or subject named."""
    header = extra + f"Message-ID: <{message_id}>\r\nX-Priority: 1\r\n\r\n".encode()
    return header + b"Dear friend, claim your prize http://192.0.2.1/win now!\r\n"


def test_a_letter_arrives_behind_its_trace_fields(system: System, person: TestPerson, reader: Reader) -> None:
    message_id = new_message_id()
    letter = plain_letter(person.email, message_id=message_id, body="สวัสดี\r\n.\r\n..จบ\r\n".encode())
    assert submit(system, letter, person.email).code == 250
    email = reader.wait_for(message_id)
    assert email.mailbox_ids == {reader.mailbox_id("inbox")}
    stored = reader.download(email)
    assert stored.endswith(letter)
    trace = stored[: -len(letter)]
    assert trace.startswith(f"Return-Path: <{SENDER}>\r\n".encode())
    assert trace.count(b"\nReceived: ") == 1
    assert b"x-pirab-scan" not in trace.lower()


def test_a_virus_in_an_archive_is_refused_in_the_session(system: System, person: TestPerson) -> None:
    reply = submit(system, with_zip(person.email, EICAR, new_message_id()), person.email)
    assert (reply.code, reply.enhanced_status) == (554, "5.7.1")
    assert "virus" in reply.text.lower()


def test_a_clean_archive_is_not(system: System, person: TestPerson, reader: Reader) -> None:
    message_id = new_message_id()
    assert submit(system, with_zip(person.email, b"clean", message_id), person.email).code == 250
    reader.wait_for(message_id)


def test_clear_spam_is_refused_in_the_session(system: System, person: TestPerson) -> None:
    reply = submit(system, plain_letter(person.email, body=GTUBE + b"\r\n"), person.email)
    assert (reply.code, reply.enhanced_status) == (554, "5.7.1")


def test_doubtful_mail_goes_to_junk_and_a_forged_verdict_does_not_help(
    system: System, person: TestPerson, reader: Reader
) -> None:
    forged = b"X-Pirab-Scan: v=1; queue=x; action=accept; score=0.00; symbols=; mac=00\r\n"
    for extra in (b"", forged):
        message_id = new_message_id()
        letter = spammy_letter(message_id, extra)
        assert submit(system, letter, person.email).code == 250
        email = reader.wait_for(message_id)
        assert email.mailbox_ids == {reader.mailbox_id("junk")}
        stored = reader.download(email)
        assert stored.endswith(letter.removeprefix(forged))
        assert b"x-pirab-scan" not in stored.lower()


def test_each_recipient_is_answered_at_rcpt(system: System, person: TestPerson, reader: Reader) -> None:
    local, _, domain = person.email.partition("@")
    message_id = new_message_id()
    with SmtpSession(system) as session:
        replies = session.begin(
            person.email,
            f"nobody-here@{domain}",
            f"{local}+list@{domain}",
            f"x@sub.{domain}",
            "someone@elsewhere.example",
        )
        assert [(reply.code, reply.enhanced_status) for reply in replies] == [
            (250, "2.1.5"),
            (550, "5.1.1"),
            (250, "2.1.5"),
            (554, "5.7.1"),
            (554, "5.7.1"),
        ]
        assert session.data(plain_letter(person.email, message_id=message_id)).code == 250
    reader.wait_for(message_id)
    assert reader.message_ids()[message_id] == 1, "two addresses of one account make one email"


def test_a_full_mailbox_is_said_at_rcpt_and_mail_comes_when_there_is_room(system: System) -> None:
    full = open_account(system, quota_bytes=3_000_000)
    assert submit(system, plain_letter(full.email, body=b"x" * 990 + b"\r\n"), full.email).code == 250
    Reader(system, full).wait_for_count(1)
    set_quota(system, full, 100)
    message_id = new_message_id()
    reply = submit(system, plain_letter(full.email, message_id=message_id), full.email)
    assert (reply.code, reply.enhanced_status) == (452, "4.2.2")
    set_quota(system, full, 3_000_000)
    assert submit(system, plain_letter(full.email, message_id=message_id), full.email).code == 250
    Reader(system, full).wait_for(message_id)


def test_a_message_larger_than_the_room_left_waits_in_the_queue(system: System) -> None:
    """At RCPT the mailbox is not full; that this letter does not fit is known only at the end."""
    tight = open_account(system, quota_bytes=50_000)
    message_id = new_message_id()
    letter = plain_letter(tight.email, message_id=message_id, body=b"0123456789abcdef\r\n" * 5_000)
    assert submit(system, letter, tight.email).code == 250
    set_quota(system, tight, 10**6)
    assert Reader(system, tight).wait_for(message_id, seconds=120)


def test_mail_without_a_sender_is_taken(system: System, person: TestPerson, reader: Reader) -> None:
    message_id = new_message_id()
    letter = plain_letter(person.email, message_id=message_id)
    assert submit(system, letter, person.email, reverse_path="").code == 250
    assert reader.download(reader.wait_for(message_id)).startswith(b"Return-Path: <>\r\n")


def test_thai_addresses_at_an_international_domain(system: System) -> None:
    thai = open_account(system, "สมชาย.ทดสอบ@กระทรวงทดสอบ.ไทย")
    message_id = new_message_id()
    letter = plain_letter("สมชาย.ทดสอบ@กระทรวงทดสอบ.ไทย", message_id=message_id)
    reply = submit(system, letter, "สมชาย.ทดสอบ@กระทรวงทดสอบ.ไทย", reverse_path="สมหญิง@กรมทดสอบ.ไทย")
    assert reply.code == 250
    reader = Reader(system, thai)
    stored = reader.download(reader.wait_for(message_id))
    assert stored.startswith("Return-Path: <สมหญิง@กรมทดสอบ.ไทย>\r\n".encode())
    assert stored.endswith(letter)
    unknown = submit(system, letter, "ไม่มี@กระทรวงทดสอบ.ไทย")
    assert (unknown.code, unknown.enhanced_status) == (550, "5.1.1")


def test_the_same_message_twice_is_one_and_another_content_is_another(system: System) -> None:
    person = open_account(system)
    message_id = new_message_id()
    letter = plain_letter(person.email, message_id=message_id)
    other = plain_letter(person.email, message_id=message_id, body=b"another content\r\n")
    for content in (letter, letter, other):
        assert submit(system, content, person.email).code == 250
    reader = Reader(system, person)
    reader.wait_for_count(2)
    marker = new_message_id()
    assert submit(system, plain_letter(person.email, message_id=marker), person.email).code == 250
    reader.wait_for(marker)
    assert reader.message_ids() == {message_id: 2, marker: 1}
