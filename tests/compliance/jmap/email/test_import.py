"""Email/import (rfc8621#4.8)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.compliance.jmap.email.session import JmapSession
from tests.conftest import letter


def test_a_message_is_taken_in_to_the_last_octet(jmap: JmapSession) -> None:
    raw = b"From: \xe0\xb8\xaa@x\r\nBroken header\r\nSubject: \x00 x\r\n\r\nbody \x00\xff without end"
    created = jmap.import_(raw, role="archive", keywords={"$Seen": True}, receivedAt="2020-02-29T23:59:59Z")
    assert set(created) == {"id", "blobId", "threadId", "size"}
    assert jmap.download(created["blobId"]) == raw
    email = jmap.get(created["id"], "receivedAt", "keywords", "mailboxIds", "size")
    assert email["receivedAt"] == "2020-02-29T23:59:59Z"
    assert email["keywords"] == {"$seen": True}
    assert email["mailboxIds"] == {jmap.mailboxes["archive"]: True}
    assert email["size"] == len(raw)


def test_the_time_is_that_of_the_newest_received_field(jmap: JmapSession) -> None:
    raw = (
        b"Received: by b.test; Tue, 24 Nov 2026 10:00:00 +0700\r\n"
        b"Received: by a.test; Mon, 23 Nov 2026 10:00:00 +0700\r\n"
        b"Subject: x\r\n\r\n"
    )
    assert jmap.get(jmap.import_(raw)["id"], "receivedAt")["receivedAt"] == "2026-11-24T03:00:00Z"


@pytest.mark.parametrize(
    "received", [b"nonsense", b"by x; yesterday", b"by x; Mon, 1 Jan 0001 00:00:00 +1400", b""]
)
def test_a_useless_received_field_means_now(jmap: JmapSession, received: bytes) -> None:
    created = jmap.import_(b"Received: " + received + b"\r\nSubject: x\r\n\r\n")
    assert jmap.get(created["id"], "receivedAt")["receivedAt"] >= "2026-"


def test_the_same_message_is_taken_in_once(jmap: JmapSession) -> None:
    raw = letter()
    first = jmap.import_(raw)
    entry = {"blobId": jmap.upload(raw), "mailboxIds": {jmap.mailboxes["trash"]: True}}
    result = jmap.call("Email/import", emails={"again": entry})
    assert result["created"] is None
    assert result["notCreated"]["again"]["type"] == "alreadyExists"
    assert result["notCreated"]["again"]["existingId"] == first["id"]
    assert result["oldState"] == result["newState"]


def test_two_entries_of_one_message_are_one_email(jmap: JmapSession) -> None:
    blob = jmap.upload(letter())
    entry = {"blobId": blob, "mailboxIds": {jmap.mailboxes["inbox"]: True}}
    result = jmap.call("Email/import", emails={"one": entry, "two": entry})
    assert set(result["created"]) == {"one"}
    assert result["notCreated"]["two"]["existingId"] == result["created"]["one"]["id"]


def test_an_attached_message_is_taken_in_from_its_part(jmap: JmapSession) -> None:
    inner = letter(subject="ข้างใน")
    outer = b"Subject: x\r\nContent-Type: message/rfc822\r\n\r\n" + inner
    [part] = jmap.get(jmap.import_(outer)["id"], "attachments")["attachments"]
    entry = {"blobId": part["blobId"], "mailboxIds": {jmap.mailboxes["inbox"]: True}}
    created = jmap.call("Email/import", emails={"k": entry})["created"]["k"]
    assert jmap.download(created["blobId"]) == inner
    assert jmap.get(created["id"], "subject")["subject"] == "ข้างใน"


@pytest.mark.parametrize(
    ("change", "kind", "named"),
    [
        ({"blobId": None}, "invalidProperties", ["blobId"]),
        ({"blobId": 1}, "invalidProperties", ["blobId"]),
        ({"blobId": "nonexistent-blob-xyz"}, "invalidProperties", ["blobId"]),
        ({"mailboxIds": None}, "invalidProperties", ["mailboxIds"]),
        ({"mailboxIds": {}}, "invalidProperties", ["mailboxIds"]),
        ({"mailboxIds": {"m9999999": True}}, "invalidProperties", ["mailboxIds"]),
        ({"keywords": {"a(b": True}}, "invalidProperties", ["keywords"]),
        ({"keywords": {"x": "true"}}, "invalidProperties", ["keywords"]),
        ({"receivedAt": "now"}, "invalidProperties", ["receivedAt"]),
        ({"receivedAt": "0001-01-01T00:00:00Z"}, "invalidProperties", ["receivedAt"]),
        ({"subject": "x"}, "invalidProperties", ["subject"]),
    ],
)
def test_bad_entries_are_named(
    jmap: JmapSession, change: dict[str, Any], kind: str, named: list[str]
) -> None:
    entry = {"blobId": jmap.upload(letter()), "mailboxIds": {jmap.mailboxes["inbox"]: True}} | change
    refused = jmap.call("Email/import", emails={"k": entry})["notCreated"]["k"]
    assert refused["type"] == kind
    assert refused["properties"] == named


@pytest.mark.parametrize(
    "octets", [b"", b"this is not an email", b"\r\n\r\nbody only", bytes(range(256)) * 10]
)
def test_what_has_no_header_is_no_message(jmap: JmapSession, octets: bytes) -> None:
    entry = {"blobId": jmap.upload(octets), "mailboxIds": {jmap.mailboxes["inbox"]: True}}
    assert jmap.call("Email/import", emails={"k": entry})["notCreated"]["k"]["type"] == "invalidEmail"


def test_a_strangers_upload_and_mail_cannot_be_taken(jmap: JmapSession, stranger_jmap: JmapSession) -> None:
    mine = jmap.import_(letter())
    for blob_id in (jmap.upload(letter()), mine["blobId"], mine["blobId"] + "-0-20-0"):
        entry = {"blobId": blob_id, "mailboxIds": {stranger_jmap.mailboxes["inbox"]: True}}
        refused = stranger_jmap.call("Email/import", emails={"k": entry})["notCreated"]["k"]
        assert refused["properties"] == ["blobId"]


def test_a_wrong_state_stops_the_call(jmap: JmapSession) -> None:
    entry = {"blobId": jmap.upload(letter()), "mailboxIds": {jmap.mailboxes["inbox"]: True}}
    assert jmap.error("Email/import", ifInState="7777", emails={"k": entry})["type"] == "stateMismatch"
    state = jmap.call("Email/get", ids=[])["state"]
    assert jmap.call("Email/import", ifInState=state, emails={"k": entry})["oldState"] == state


@pytest.mark.parametrize("arguments", [{}, {"emails": []}, {"emails": {"k": 1}}, {"emails": {"": {}}}])
def test_bad_arguments_are_refused(jmap: JmapSession, arguments: dict[str, Any]) -> None:
    assert jmap.error("Email/import", **arguments)["type"] == "invalidArguments"
