"""Mail going out: byte-correct and signed at an outside server found by MX, and the truth about every recipient."""

from __future__ import annotations

import os
from email import message_from_bytes, policy
from email.message import EmailMessage

import dkim
import dns.resolver
import pytest

from engines.dkim import ensure_key
from tests.acceptance.outside import NameServer, OutsideMailServer
from tests.acceptance.people import TestPerson, open_account
from tests.acceptance.reader import Reader
from tests.acceptance.smtp_session import new_message_id, plain_letter, submit
from tests.acceptance.system import System
from tests.acceptance.writer import Writer

DOMAIN = "moi.go.test"
FILE_NAME = "รายงานการประชุม ครั้งที่ ๑-๒๕๖๙ (ฉบับแก้ไข).pdf"


@pytest.fixture(scope="module")
def person(system: System) -> TestPerson:
    return open_account(system, f"writer-{os.urandom(4).hex()}@{DOMAIN}")


@pytest.fixture(scope="module")
def writer(system: System, person: TestPerson) -> Writer:
    return Writer(system, person)


@pytest.fixture(scope="module")
def reader(system: System, person: TestPerson) -> Reader:
    return Reader(system, person)


@pytest.fixture(scope="module")
def published_key(system: System, nameserver: NameServer) -> NameServer:
    """The domain's signing key in the only DNS there is."""
    record = ensure_key(system.environment, DOMAIN)
    nameserver.publish_text(record.record_name, record.record_value)
    return nameserver


def far(name: str) -> str:
    """An address outside that no other test uses."""
    return f"{name}-{os.urandom(4).hex()}@outside.test"


def parsed(content: bytes) -> EmailMessage:
    message = message_from_bytes(content, policy=policy.SMTP)
    assert isinstance(message, EmailMessage)
    return message


def verifies(content: bytes, nameserver: NameServer) -> bool:
    """Whether dkimpy, asking that name server, finds the first signature good."""
    resolver = dns.resolver.Resolver(configure=False)
    resolver.nameservers = [nameserver.address]

    def text_record(name: bytes, timeout: int = 5) -> bytes:
        answer = resolver.resolve(name.decode().rstrip("."), "TXT", lifetime=timeout)
        return b"".join(answer[0].strings)

    return bool(dkim.verify(content, dnsfunc=text_record))


def test_a_reply_with_a_thai_file_name_arrives_byte_correct_and_signed(
    system: System,
    person: TestPerson,
    writer: Writer,
    reader: Reader,
    outside: OutsideMailServer,
    published_key: NameServer,
) -> None:
    message_id, correspondent, file = new_message_id(), far("somebody"), os.urandom(300_000)
    submit(system, plain_letter(person.email, message_id=message_id), person.email)
    question = reader.wait_for(message_id)
    blob = writer.upload(file, "application/pdf")
    attachment = {
        "blobId": blob,
        "type": "application/pdf",
        "name": FILE_NAME,
        "disposition": "attachment",
    }
    draft = writer.draft(
        [correspondent],
        f"Re: {question.subject}",
        "เรียนท่าน\n\nตามที่ขอมา\n.\n-- \nสมชาย",
        attachments=[attachment],
        inReplyTo=[message_id],
        references=[message_id],
        bcc=[{"name": None, "email": far("hidden")}],
    )
    submission = writer.send(draft)
    arrived = outside.wait_for(correspondent)
    letter = parsed(arrived.content)
    (part,) = letter.iter_attachments()
    assert part.get_filename() == FILE_NAME
    assert part.get_content() == file
    assert letter["In-Reply-To"] == f"<{message_id}>"
    assert "\n.\n" in letter.get_body().get_content().replace("\r\n", "\n")  # type: ignore[union-attr]
    assert b"hidden" not in arrived.content
    assert arrived.reverse_path == writer.email
    assert verifies(arrived.content, published_key)
    assert not verifies(arrived.content.replace(b"\r\n\r\n", b"\r\n\r\nchanged", 1), published_key)
    assert writer.wait_delivered(submission, correspondent, "unknown") == "250 2.0.0 Taken"


def test_the_same_mail_inside_is_signed_and_scanned_too(
    system: System, writer: Writer, published_key: NameServer
) -> None:
    colleague = open_account(system)
    submission = writer.send(writer.draft([colleague.email], "ภายใน"))
    writer.wait_delivered(submission, colleague.email, "yes")
    inbox = Reader(system, colleague)
    (email,) = inbox.wait_for_count(1)
    assert email.mailbox_ids == {inbox.mailbox_id("inbox")}
    assert verifies(inbox.download(email), published_key)


def test_a_refusal_outside_comes_back_with_the_remote_words(
    writer: Writer, reader: Reader, outside: OutsideMailServer
) -> None:
    gone, good = far("gone"), far("good")
    outside.answers[gone] = "550 5.1.1 ไม่มีผู้ใช้ No such person works here any more"
    submission = writer.send(writer.draft([gone, good], "ถึงคนที่ลาออกแล้ว"))
    reply = writer.wait_delivered(submission, gone, "no")
    assert reply.startswith("550 5.1.1 ")
    assert "No such person works here any more" in reply
    writer.wait_delivered(submission, good, "unknown")
    writer.wait_marked_failed(submission)
    sent = writer.sent_email(submission, "threadId")
    thread = writer.one("Thread/get", ids=[sent["threadId"]])["list"][0]["emailIds"]
    assert len(thread) == 2
    bounce = next(email for email in reader.emails() if email.id in thread and email.id != sent["id"])
    assert bounce.mailbox_ids == {reader.mailbox_id("inbox")}
    words = parsed(reader.download(bounce)).get_body().get_content()  # type: ignore[union-attr]
    assert "No such person works here any more" in words
    assert "ระบบส่งจดหมายของท่านถึงผู้รับต่อไปนี้ไม่ได้" in words


def test_a_delay_shows_and_then_the_mail_arrives(
    writer: Writer, reader: Reader, outside: OutsideMailServer
) -> None:
    busy = far("busy")
    before = len(reader.emails())
    outside.answers[busy] = "451 4.7.1 Come back later"
    submission = writer.send(writer.draft([busy], "รอหน่อย"))
    found = writer.wait_until(
        submission, lambda row: "Come back later" in row["deliveryStatus"][busy]["smtpReply"]
    )
    assert found["deliveryStatus"][busy]["delivered"] == "queued"
    del outside.answers[busy]
    assert writer.wait_delivered(submission, busy, "unknown") == "250 2.0.0 Taken"
    outside.wait_for(busy)
    assert len(reader.emails()) == before + 1  # the sent mail alone: delay and success are status, not mail


def test_other_than_test_domains_are_refused_in_demonstrations(
    writer: Writer, reader: Reader, outside: OutsideMailServer
) -> None:
    submission = writer.send(writer.draft(["somebody@example.com"], "ออกนอกไม่ได้"))
    reply = writer.wait_delivered(submission, "somebody@example.com", "no")
    assert "5.7.1" in reply


def test_an_unknown_colleague_is_told_at_once(writer: Writer, reader: Reader) -> None:
    nobody = f"nobody-{os.urandom(4).hex()}@{DOMAIN}"
    submission = writer.send(writer.draft([nobody], "ไม่มีคนนี้"))
    assert writer.wait_delivered(submission, nobody, "no").startswith("550 5.1.1 ")
    writer.wait_marked_failed(submission)


def test_undo_in_time_and_too_late(writer: Writer, outside: OutsideMailServer) -> None:
    undone, sent = far("undone"), far("sent")
    first = writer.send(writer.draft([undone], "ยกเลิกทัน"), hold_seconds=600)
    assert writer.cancel(first)["notUpdated"] is None
    second = writer.send(writer.draft([sent], "ยกเลิกไม่ทัน"), hold_seconds=1)
    outside.wait_for(sent)
    assert writer.cancel(second)["notUpdated"][second]["type"] == "cannotUnsend"
    assert writer.submission(first)["undoStatus"] == "canceled"
    assert not any(undone in message.forward_paths for message in outside.received)


def test_an_international_address_outside(writer: Writer, outside: OutsideMailServer) -> None:
    thai = f"สมหญิง-{os.urandom(3).hex()}@outside.test"
    submission = writer.send(writer.draft([thai], "ถึงที่อยู่ภาษาไทย"))
    assert outside.wait_for(thai).forward_paths == [thai]
    writer.wait_delivered(submission, thai, "unknown")


def test_a_virus_does_not_go_to_the_next_desk(system: System, writer: Writer, reader: Reader) -> None:
    # Put together at run time, so that no scanner on a developer's machine takes this file for what it tests.
    eicar = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-" + rb"ANTIVIRUS-TEST-FILE!$H+H*"
    colleague = open_account(system)
    blob = writer.upload(eicar, "application/octet-stream")
    attachment = {"blobId": blob, "type": "application/octet-stream", "name": "ไฟล์.com"}
    submission = writer.send(writer.draft([colleague.email], "มีไวรัส", attachments=[attachment]))
    reply = writer.wait_delivered(submission, colleague.email, "no")
    assert reply.startswith("554 5.7.1 ")
    assert Reader(system, colleague).emails() == []
    writer.wait_marked_failed(submission)
