"""Email/parse (rfc8621#4.9)."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from tests.compliance.jmap.email.session import JmapSession
from tests.conftest import letter

INNER = (
    b"From: in@example.test\r\nSubject: =?utf-8?B?4LiC4LmJ4Liy4LiH4LmD4LiZ?=\r\nMessage-ID: <in@x>\r\n"
    b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
    b"--b\r\n\r\ntext inside\r\n--b\r\nContent-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    + base64.b64encode(b"%PDF inside")
    + b"\r\n--b--\r\n"
)


def _parse(jmap: JmapSession, blob_id: str, *properties: str, **arguments: Any) -> dict[str, Any]:
    wanted = list(properties) or None
    result = jmap.call("Email/parse", blobIds=[blob_id], properties=wanted, **arguments)
    assert result["parsed"], result
    found: dict[str, Any] = result["parsed"][blob_id]
    return found


def test_an_upload_is_read_without_being_kept(jmap: JmapSession) -> None:
    blob_id = jmap.upload(INNER)
    email = _parse(jmap, blob_id, fetchAllBodyValues=True)
    assert email["subject"] == "ข้างใน"
    assert email["from"] == [{"name": None, "email": "in@example.test"}]
    assert email["messageId"] == ["in@x"]
    assert [value["value"] for value in email["bodyValues"].values()] == ["text inside"]
    assert email["hasAttachment"] is True
    assert email["preview"] == "text inside"
    assert jmap.call("Email/query")["ids"] == []


def test_the_default_properties_are_those_of_the_rfc(jmap: JmapSession) -> None:
    email = _parse(jmap, jmap.upload(INNER))
    headers = {
        "messageId",
        "inReplyTo",
        "references",
        "sender",
        "from",
        "to",
        "cc",
        "bcc",
        "replyTo",
        "subject",
    }
    body = {"sentAt", "hasAttachment", "preview", "bodyValues", "textBody", "htmlBody", "attachments"}
    assert set(email) == headers | body


def test_what_only_the_store_knows_is_null(jmap: JmapSession) -> None:
    blob_id = jmap.upload(INNER)
    email = _parse(jmap, blob_id, "id", "threadId", "mailboxIds", "keywords", "receivedAt", "blobId", "size")
    assert email == {
        "id": None,
        "threadId": None,
        "mailboxIds": None,
        "keywords": None,
        "receivedAt": None,
        "blobId": blob_id,
        "size": len(INNER),
    }


@pytest.mark.parametrize("encoding", ["7bit", "base64"])
def test_an_attached_message_is_opened_and_its_parts_download(jmap: JmapSession, encoding: str) -> None:
    body = base64.encodebytes(INNER) if encoding == "base64" else INNER
    outer = (
        b"Subject: outer\r\nContent-Type: multipart/mixed; boundary=o\r\n\r\n--o\r\n\r\nsee below\r\n--o\r\n"
        b"Content-Type: message/rfc822\r\nContent-Transfer-Encoding: " + encoding.encode() + b"\r\n\r\n"
        + body + b"\r\n--o--\r\n"
    )  # fmt: skip
    [part] = jmap.get(jmap.import_(outer)["id"], "attachments")["attachments"]
    email = _parse(jmap, part["blobId"], "subject", "attachments", "header:From", "bodyStructure")
    assert email["subject"] == "ข้างใน"
    assert email["header:From"] == " in@example.test"
    [pdf] = email["attachments"]
    assert jmap.download(pdf["blobId"]) == b"%PDF inside"


def test_each_blob_has_its_own_fate(jmap: JmapSession, stranger_jmap: JmapSession) -> None:
    good, bad = jmap.upload(INNER), jmap.upload(b"no message at all", "text/plain")
    foreign = stranger_jmap.upload(letter())
    gone = ["nonsense", foreign, good + "-0-zzzz-0", "b" + "a" * 52]
    result = jmap.call("Email/parse", blobIds=[good, bad, *gone], properties=["subject"])
    assert result["parsed"] == {good: {"subject": "ข้างใน"}}
    assert result["notParsable"] == [bad]
    assert result["notFound"] == gone
    nothing = jmap.call("Email/parse", blobIds=[])
    assert (nothing["parsed"], nothing["notParsable"], nothing["notFound"]) == (None, None, None)


@pytest.mark.parametrize(
    "arguments",
    [
        {},
        {"blobIds": None},
        {"blobIds": [1]},
        {"blobIds": [], "properties": ["nosuch"]},
        {"blobIds": [], "properties": ["header:From:asDate"]},
        {"blobIds": [], "bodyProperties": ["nosuch"]},
        {"blobIds": [], "maxBodyValueBytes": "1"},
    ],
)
def test_bad_arguments_are_refused(jmap: JmapSession, arguments: dict[str, Any]) -> None:
    assert jmap.error("Email/parse", **arguments)["type"] == "invalidArguments"


def test_ten_thousand_blobs_are_too_many(jmap: JmapSession) -> None:
    assert jmap.error("Email/parse", blobIds=["x"] * 10_000)["type"] == "requestTooLarge"


@pytest.mark.parametrize(
    "octets",
    [
        b"Subject: x\r\n" * 20_000,
        b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n\r\nx\r\n" * 5_000,
        b"A: b\r\n" + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n" * 500,
        b"A:\x00\xff\xfe\r\n\r\n\x00",
        b"Subject: =?utf-8?B?" + b"A" * 100_000 + b"?=\r\n\r\n",
    ],
    ids=["headers", "parts", "depth", "nul", "word"],
)
def test_hostile_messages_are_shown_as_far_as_they_go(jmap: JmapSession, octets: bytes) -> None:
    properties = ["subject", "headers", "bodyStructure", "bodyValues", "textBody", "attachments", "preview"]
    _parse(jmap, jmap.upload(octets), *properties, fetchAllBodyValues=True)
