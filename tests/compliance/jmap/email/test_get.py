"""Email/get: metadata, convenience headers, errors (rfc8621#4.1.1, #4.1.3, #4.2)."""

from __future__ import annotations

import pytest

from tests.compliance.jmap.email.session import JmapSession
from tests.conftest import letter

LETTER = (
    b"Received: from a.example.test by mx.go.test; Mon, 23 Nov 2026 10:00:00 +0700\r\n"
    b"From: =?utf-8?B?4Liq4Lih4LiK4Liy4Lii?= <somchai@moi.go.test>, other@example.test\r\n"
    b"Sender: clerk@moi.go.test\r\n"
    b"To: Friends: jane@example.test, joe@example.test;\r\n"
    b'Cc: "Doe, Jane" <jane@example.test>\r\n'
    b"Bcc: secret@example.test\r\n"
    b"Reply-To: reply@moi.go.test\r\n"
    b"Subject: =?utf-8?B?4LmA4Lij4Li34LmI4Lit4LiH4LiU4LmI4Lin4LiZ?=\r\n"
    b"Date: Mon, 23 Nov 2026 09:58:59 +0700\r\n"
    b"Message-ID: <one@moi.go.test>\r\n"
    b"In-Reply-To: <zero@moi.go.test>\r\n"
    b"References: <minus@moi.go.test> <zero@moi.go.test>\r\n"
    b"Content-Type: text/plain; charset=utf-8\r\n"
    b"\r\n"
    b"Hello\r\n"
)


def test_every_property_of_a_list_comes_from_the_rows(jmap: JmapSession) -> None:
    created = jmap.import_(
        LETTER, keywords={"$seen": True, "Custom": True}, receivedAt="2026-11-23T03:00:00Z"
    )
    email = jmap.get(created["id"])
    assert email["id"] == created["id"]
    assert email["blobId"] == created["blobId"]
    assert email["threadId"] == created["threadId"]
    assert email["mailboxIds"] == {jmap.mailboxes["inbox"]: True}
    assert email["keywords"] == {"$seen": True, "custom": True}
    assert email["size"] == len(LETTER)
    assert email["receivedAt"] == "2026-11-23T03:00:00Z"
    assert email["from"] == [
        {"name": "สมชาย", "email": "somchai@moi.go.test"},
        {"name": None, "email": "other@example.test"},
    ]
    assert [each["email"] for each in email["to"]] == ["jane@example.test", "joe@example.test"]
    assert email["cc"] == [{"name": "Doe, Jane", "email": "jane@example.test"}]
    assert email["bcc"] == [{"name": None, "email": "secret@example.test"}]
    assert email["replyTo"] == [{"name": None, "email": "reply@moi.go.test"}]
    assert email["sender"] == [{"name": None, "email": "clerk@moi.go.test"}]
    assert email["subject"] == "เรื่องด่วน"
    assert email["sentAt"] == "2026-11-23T09:58:59+07:00"
    assert email["messageId"] == ["one@moi.go.test"]
    assert email["inReplyTo"] == ["zero@moi.go.test"]
    assert email["references"] == ["minus@moi.go.test", "zero@moi.go.test"]
    assert email["preview"] == "Hello"
    assert email["hasAttachment"] is False
    assert email["bodyValues"] == {}


def test_the_default_properties_are_those_of_the_rfc(jmap: JmapSession) -> None:
    created = jmap.import_(letter())
    fields = "messageId inReplyTo references sender from to cc bcc replyTo subject sentAt".split()  # noqa: SIM905
    metadata = {"id", "blobId", "threadId", "mailboxIds", "keywords", "size", "receivedAt"}
    body = {"hasAttachment", "preview", "bodyValues", "textBody", "htmlBody", "attachments"}
    assert set(jmap.get(created["id"])) == metadata | body | set(fields)


def test_id_is_always_answered_and_nothing_else_unasked(jmap: JmapSession) -> None:
    created = jmap.import_(letter())
    assert set(jmap.get(created["id"], "subject")) == {"id", "subject"}
    assert set(jmap.call("Email/get", ids=[created["id"]], properties=[])["list"][0]) == {"id"}


def test_absent_header_fields_are_null(jmap: JmapSession) -> None:
    created = jmap.import_(b"Subject: only\r\n\r\n")
    email = jmap.get(created["id"], "from", "to", "cc", "messageId", "references", "sentAt", "preview")
    assert email == {
        "id": created["id"],
        "from": None,
        "to": None,
        "cc": None,
        "messageId": None,
        "references": None,
        "sentAt": None,
        "preview": "",
    }


def test_unknown_ids_are_not_found_and_repeated_ones_come_once(jmap: JmapSession) -> None:
    created = jmap.import_(letter())
    result = jmap.call("Email/get", ids=[created["id"], "nonsense", "e1", created["id"]], properties=["id"])
    assert [each["id"] for each in result["list"]] == [created["id"]]
    assert sorted(result["notFound"]) == ["e1", "nonsense"]
    assert isinstance(result["state"], str)


def test_without_ids_every_email_comes(jmap: JmapSession) -> None:
    ids = {jmap.import_(letter())["id"] for _ in range(3)}
    assert {each["id"] for each in jmap.call("Email/get", ids=None, properties=["id"])["list"]} == ids


def test_somebody_elses_email_and_account_look_absent(jmap: JmapSession, stranger_jmap: JmapSession) -> None:
    created = jmap.import_(letter())
    result = stranger_jmap.call("Email/get", ids=[created["id"]])
    assert result["list"] == []
    assert result["notFound"] == [created["id"]]
    assert stranger_jmap.error("Email/get", accountId=jmap.account, ids=[])["type"] == "accountNotFound"
    assert stranger_jmap.error("Email/get", accountId="a99999", ids=[])["type"] == "accountNotFound"


@pytest.mark.parametrize(
    "arguments",
    [
        {"ids": "e1"},
        {"ids": [1]},
        {"ids": ["bad id"]},
        {"ids": [], "properties": ["nosuch"]},
        {"ids": [], "properties": [1]},
        {"ids": [], "properties": ["header:"]},
        {"ids": [], "properties": ["header:Sub ject"]},
        {"ids": [], "properties": ["header:Subject:asNothing"]},
        {"ids": [], "properties": ["header:Subject:all:asText"]},
        {"ids": [], "properties": ["header:From:asDate"]},
        {"ids": [], "properties": ["header:" + "x" * 100_000]},
        {"ids": [], "bodyProperties": ["nosuch"]},
        {"ids": [], "bodyProperties": ["header:Subject:asURLs"]},
        {"ids": [], "fetchTextBodyValues": "yes"},
        {"ids": [], "maxBodyValueBytes": -1},
        {"ids": [], "maxBodyValueBytes": 1.5},
        {"ids": [], "unknown": True},
        {"ids": [], "properties": ["pirab:safeHtml"]},
    ],
)
def test_bad_arguments_are_named(jmap: JmapSession, arguments: dict[str, object]) -> None:
    assert jmap.error("Email/get", **arguments)["type"] == "invalidArguments"


def test_ten_thousand_ids_are_too_many(jmap: JmapSession) -> None:
    error = jmap.error("Email/get", ids=[f"e{number}" for number in range(1, 10_001)])
    assert error["type"] == "requestTooLarge"
