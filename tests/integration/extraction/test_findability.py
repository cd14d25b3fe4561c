"""A letter is found by what its attachments say, whoever holds it and whenever they got it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from email.message import EmailMessage
from unittest import mock

import pytest

from pirab.core import db
from pirab.extraction import tasks
from pirab.extraction.types import SandboxUnavailable
from pirab.store import actions, queries
from pirab.store.types import Delivery, EmailQuery, FilterCondition, MessageRef
from tests.conftest import Member
from tests.integration.extraction import papers

pytestmark = pytest.mark.django_db


def letter_with(content: bytes, name: str, media_type: str = "application/octet-stream") -> bytes:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "a@moi.go.test", "b@moi.go.test", "ส่งเอกสาร"
    message["Message-ID"] = f"<{name.encode().hex()}@moi.go.test>"
    message.set_content("ตามแนบ")
    main, _, sub = media_type.partition("/")
    message.add_attachment(content, maintype=main, subtype=sub, filename=name)
    return message.as_bytes()


def deliver(member: Member, raw: bytes) -> MessageRef:
    from pirab.core import clock

    message = actions.ensure_message(raw)
    actions.deliver(message, [Delivery(member.account_id, clock.now())])
    return message


def found(
    member: Member, *, text: str | None = None, body: str | None = None, subject: str | None = None
) -> int:
    wanted = FilterCondition(text=text, body=body, subject=subject)
    return len(queries.query_emails(member.account_id, EmailQuery(wanted, limit=10)).ids)


def waiting() -> list[int]:
    return [
        number for (number,) in db.rows("select message_id from store_unread_attachment where not is_read")
    ]


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (papers.pdf("ครุภัณฑ์สำนักงาน"), "รายการ.pdf"),
        (papers.docx("ครุภัณฑ์สำนักงาน"), "รายการ.docx"),
        (papers.xlsx("ครุภัณฑ์สำนักงาน"), "รายการ.xlsx"),
        (papers.pptx("ครุภัณฑ์สำนักงาน"), "รายการ.pptx"),
        ("ครุภัณฑ์สำนักงาน".encode("cp874"), "รายการ.txt"),
        (letter_with("ครุภัณฑ์สำนักงาน".encode(), "ใน.txt"), "เดิม.eml"),
    ],
    ids=["pdf", "docx", "xlsx", "pptx", "txt in windows-874", "a letter in a letter"],
)
def test_words_in_attachments_are_found(member: Member, content: bytes, name: str) -> None:
    media_type = "message/rfc822" if name.endswith(".eml") else "application/octet-stream"
    message = deliver(member, _raw(content, name, media_type))
    assert found(member, body="ครุภัณฑ์") == 0
    assert waiting() == [message.id]
    tasks.read(message.id)
    assert (found(member, body="ครุภัณฑ์"), found(member, text="ครุภัณฑ์สำนักงาน")) == (1, 1)
    assert found(member, subject="ครุภัณฑ์") == 0


def _raw(content: bytes, name: str, media_type: str) -> bytes:
    if media_type != "message/rfc822":
        return letter_with(content, name, media_type)
    head = b"From: a@moi.go.test\r\nSubject: fwd\r\nMIME-Version: 1.0\r\n"
    outer = head + b"Content-Type: multipart/mixed; boundary=o\r\n\r\n--o\r\n\r\ntext\r\n"
    return outer + b"--o\r\nContent-Type: message/rfc822\r\n\r\n" + content + b"\r\n--o--\r\n"


def test_every_holder_finds_it_also_those_who_come_later(make_member: Callable[[], Member]) -> None:
    first, second, late = make_member(), make_member(), make_member()
    raw = letter_with(papers.docx("ครุภัณฑ์"), "ก.docx")
    message = deliver(first, raw)
    deliver(second, raw)
    tasks.read(message.id)
    tasks.read(message.id)
    deliver(late, raw)
    assert [found(each, text="ครุภัณฑ์") for each in (first, second, late)] == [1, 1, 1]
    assert waiting() == []


def test_words_come_back_when_the_only_holder_has_gone(make_member: Callable[[], Member]) -> None:
    first, late = make_member(), make_member()
    raw = letter_with(papers.docx("ครุภัณฑ์"), "ก.docx")
    message = deliver(first, raw)
    tasks.read(message.id)
    ids = queries.query_emails(first.account_id, EmailQuery(limit=1)).ids
    actions.destroy_emails(first.account_id, ids)
    deliver(late, raw)
    assert found(late, text="ครุภัณฑ์") == 1


def test_a_letter_with_nothing_to_open_asks_for_nothing(member: Member) -> None:
    deliver(member, letter_with(b"\x89PNG\r\n\x1a\n" + bytes(64), "ตรา.png", "image/png"))
    assert waiting() == []


def test_a_broken_document_costs_the_letter_nothing(member: Member) -> None:
    message = deliver(member, letter_with(papers.pdf("x")[:300], "เสีย.pdf"))
    tasks.read(message.id)
    assert found(member, text="เสีย") == 1
    assert queries.messages_unread_inside(10) == []


def test_what_was_never_opened_is_swept_up(member: Member) -> None:
    message = deliver(member, letter_with(papers.docx("ครุภัณฑ์"), "ก.docx"))
    actions.forget_unread(message.id)
    tasks.sweep(0)
    assert waiting() == [message.id]


def test_without_a_box_the_job_fails_and_nothing_is_marked(member: Member) -> None:
    message = deliver(member, letter_with(papers.docx("ครุภัณฑ์"), "ก.docx"))
    with (
        mock.patch("pirab.extraction.sandbox.shutil.which", return_value=None),
        pytest.raises(SandboxUnavailable),
    ):
        tasks.read(message.id)
    assert queries.messages_unread_inside(10) == [message.id]


def test_a_message_that_is_gone_is_no_error() -> None:
    tasks.read(4_711)
    actions.set_attachment_text(4_711, "x", "read")
    assert queries.attachment_text(4_711) == ""


@pytest.mark.django_db(transaction=True)
def test_a_delivery_at_the_same_moment_gets_the_words(make_member: Callable[[], Member]) -> None:
    """Many deliveries of one message while its attachments are being indexed: all of them are found in the end."""
    members = [make_member() for _ in range(12)]
    raw = letter_with(papers.docx("ครุภัณฑ์"), "ก.docx")
    message = deliver(members[0], raw)

    def deliver_rest() -> None:
        from django.db import connection

        for each in members[1:]:
            deliver(each, raw)
        connection.close()

    thread = threading.Thread(target=deliver_rest)
    thread.start()
    actions.set_attachment_text(message.id, "ครุภัณฑ์", "read")
    thread.join()
    tasks.settle(message.id)
    assert [found(each, text="ครุภัณฑ์") for each in members] == [1] * 12
