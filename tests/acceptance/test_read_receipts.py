"""Read receipts, both ways through the real engines: ours about a letter from outside, and theirs about one of ours."""

from __future__ import annotations

import os
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import httpx
import pytest

from tests.acceptance.outside import OutsideMailServer
from tests.acceptance.people import TestPerson, open_account
from tests.acceptance.reader import Reader
from tests.acceptance.smtp_session import new_message_id, plain_letter, submit
from tests.acceptance.system import System
from tests.acceptance.writer import Writer

USING = ["urn:ietf:params:jmap:core", "urn:ietf:params:jmap:mail", "urn:ietf:params:jmap:mdn"]
DISPOSITION = {"actionMode": "manual-action", "sendingMode": "mdn-sent-manually", "type": "displayed"}


@pytest.fixture(scope="module")
def person(system: System) -> TestPerson:
    return open_account(system, f"receipts-{os.urandom(4).hex()}@moi.go.test")


@pytest.fixture(scope="module")
def writer(system: System, person: TestPerson) -> Writer:
    return Writer(system, person)


@pytest.fixture(scope="module")
def reader(system: System, person: TestPerson) -> Reader:
    return Reader(system, person)


def far(name: str) -> str:
    return f"{name}-{os.urandom(4).hex()}@outside.test"


def call(system: System, person: TestPerson, name: str, arguments: dict[str, Any]) -> list[Any]:
    answer = httpx.post(
        f"{system.url}/jmap/",
        json={"using": USING, "methodCalls": [[name, arguments, "c"]]},
        headers={"Authorization": f"Bearer {person.token}"},
        trust_env=False,
    )
    return list(answer.raise_for_status().json()["methodResponses"])


def fields_of(part: Any) -> dict[str, str]:
    """The fields of a `message/disposition-notification`, which the standard library reads as a message."""
    return {name.lower(): str(value) for name, value in part.get_payload(0).items()}


def test_who_asks_by_smtp_is_told_when_the_person_has_read(
    system: System, person: TestPerson, writer: Writer, reader: Reader, outside: OutsideMailServer
) -> None:
    asker, message_id = far("asker"), new_message_id()
    asking = f"Disposition-Notification-To: ผู้ถาม <{asker}>\r\n".encode()
    asking += plain_letter(person.email, message_id=message_id, subject="ขอทราบว่าอ่านแล้ว")
    assert submit(system, asking, person.email, reverse_path=asker).code == 250
    letter = reader.wait_for(message_id)
    arguments = {
        "accountId": writer.account_id,
        "identityId": writer.identity_id,
        "send": {"k": {"forEmailId": letter.id, "disposition": DISPOSITION, "textBody": "อ่านแล้วครับ"}},
        "onSuccessUpdateEmail": {"#k": {"keywords/$mdnsent": True, "keywords/$seen": True}},
    }
    [[_, told, _], [_, marked, _]] = call(system, person, "MDN/send", arguments)
    assert told["notSent"] is None
    assert letter.id in marked["updated"]

    received = outside.wait_for(asker)
    assert received.reverse_path == "<>"
    receipt = message_from_bytes(received.content, policy=policy.SMTP)
    assert isinstance(receipt, EmailMessage)
    assert (receipt.get_content_type(), receipt.get_param("report-type")) == (
        "multipart/report",
        "disposition-notification",
    )
    assert (receipt["In-Reply-To"], receipt["Auto-Submitted"]) == (f"<{message_id}>", "auto-replied")
    assert receipt["Disposition-Notification-To"] is None  # rfc8098#2.1: none about a notification
    assert receipt["DKIM-Signature"]
    text, notification, returned = receipt.iter_parts()
    assert text.get_content().strip() == "อ่านแล้วครับ"
    assert notification.get_content_type() == "message/disposition-notification"
    assert fields_of(notification) == {
        "final-recipient": f"rfc822; {person.email}",
        "original-message-id": f"<{message_id}>",
        "disposition": "manual-action/mdn-sent-manually; displayed",
    }
    assert message_id in returned.as_string()
    assert "hello" not in returned.as_string()  # the header alone goes back
    [[_, again, _]] = call(system, person, "MDN/send", arguments)
    assert again["notSent"]["k"]["type"] == "mdnAlreadySent"


def test_a_receipt_for_a_letter_of_ours_is_shown_beside_it(
    system: System, person: TestPerson, writer: Writer, reader: Reader, outside: OutsideMailServer
) -> None:
    correspondent = far("correspondent")
    asking: dict[str, Any] = {
        "header:Disposition-Notification-To:asAddresses": [{"name": None, "email": writer.email}]
    }
    submission = writer.send(writer.draft([correspondent], "โปรดแจ้งเมื่ออ่าน", **asking))
    arrived = message_from_bytes(outside.wait_for(correspondent).content, policy=policy.SMTP)
    assert writer.email in arrived["Disposition-Notification-To"]
    writer.wait_delivered(submission, correspondent, "unknown")

    receipt_id = new_message_id()
    receipt = (
        f"From: <{correspondent}>\r\nTo: <{person.email}>\r\nSubject: Read: โปรดแจ้งเมื่ออ่าน\r\n"
        f"Message-ID: <{receipt_id}>\r\nDate: Tue, 24 Nov 2026 09:00:00 +0700\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type="disposition-notification";\r\n boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nIt was displayed.\r\n"
        "--b\r\nContent-Type: message/disposition-notification\r\n\r\n"
        f"Reporting-UA: outside.test; reader\r\nFinal-Recipient: rfc822;{correspondent}\r\n"
        f"Original-Message-ID: {str(arrived['Message-ID']).strip()}\r\n"
        "Disposition: manual-action/MDN-sent-manually; displayed\r\n\r\n--b--\r\n"
    ).encode()
    assert submit(system, receipt, person.email, reverse_path="").code == 250
    mail = reader.wait_for(receipt_id)
    shown = writer.wait_until(
        submission, lambda row: row["deliveryStatus"][correspondent]["displayed"] == "yes"
    )
    assert len(shown["mdnBlobIds"]) == 1
    blobs = {"accountId": writer.account_id, "blobIds": shown["mdnBlobIds"]}
    [[_, parsed, _]] = call(system, person, "MDN/parse", blobs)
    found = parsed["parsed"][shown["mdnBlobIds"][0]]
    assert found["disposition"] == DISPOSITION
    assert found["originalMessageId"] == str(arrived["Message-ID"]).strip()
    # The receipt stands in the thread of the letter only where it says so; it is mail like any other.
    assert mail.mailbox_ids == {reader.mailbox_id("inbox")}
