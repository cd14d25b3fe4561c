"""What Email/set refuses to create, and which properties it names (rfc8621#4.6)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.compliance.jmap.email.session import JmapSession
from tests.conftest import letter

TEXT = {"bodyStructure": {"partId": "1", "type": "text/plain"}, "bodyValues": {"1": {"value": "x"}}}
LEAF = {"partId": "1", "type": "text/plain"}


def _structure(part: Any) -> dict[str, Any]:
    return {"bodyStructure": part, "bodyValues": {"1": {"value": "x"}}}


def _nested(depth: int) -> dict[str, Any]:
    part: dict[str, Any] = dict(LEAF)
    for _ in range(depth):
        part = {"type": "multipart/mixed", "subParts": [part]}
    return part


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"id": "e1"}, {"id"}),
        ({"blobId": "b", "threadId": "t1", "size": 1}, {"blobId", "threadId", "size"}),
        ({"hasAttachment": True, "preview": "x"}, {"hasAttachment", "preview"}),
        ({"headers": [{"name": "X", "value": "y"}]}, {"headers"}),
        ({"nosuch": 1}, {"nosuch"}),
        ({"header:": "x"}, {"header:"}),
        ({"subject": "a", "header:Subject:asText": "b"}, {"subject", "header:Subject:asText"}),
        ({"header:X-A": "a", "header:x-a:asText": "b"}, {"header:X-A", "header:x-a:asText"}),
        ({"header:From:asText": "x"}, {"header:From:asText"}),
        ({"header:Content-Type": "text/plain"}, {"header:Content-Type"}),
        ({"header:MIME-Version": "1.0"}, {"header:MIME-Version"}),
        ({"subject": 1}, {"subject"}),
        ({"subject": "a\r\nBcc: evil@example.test"}, {"subject"}),
        ({"subject": "a\x00b"}, {"subject"}),
        ({"header:X-A": "a\r\nBcc: evil@example.test"}, {"header:X-A"}),
        ({"header:X-A": "a\nb"}, {"header:X-A"}),
        ({"header:X-A": "a\r\n \r\nBcc: evil@example.test"}, {"header:X-A"}),
        ({"header:X-A": "ภาษาไทย"}, {"header:X-A"}),
        ({"header:Subject:asText:all": ["a", "b"]}, {"header:Subject:asText:all"}),
        ({"from": "a@go.test"}, {"from"}),
        ({"from": [{"name": "x"}]}, {"from"}),
        ({"from": [{"name": 1, "email": "a@go.test"}]}, {"from"}),
        ({"from": [{"email": "a@go.test", "extra": 1}]}, {"from"}),
        ({"from": [{"name": "a\r\nBcc: x@y", "email": "a@go.test"}]}, {"from"}),
        ({"from": [{"email": "a@go.test>\r\nBcc: <x@y"}]}, {"from"}),
        ({"to": [{"email": "a@go.test, b@go.test"}]}, {"to"}),
        ({"messageId": ["has space@x"]}, {"messageId"}),
        ({"messageId": "a@b"}, {"messageId"}),
        ({"messageId": ["a@b>\r\nX: y"]}, {"messageId"}),
        ({"sentAt": "yesterday"}, {"sentAt"}),
        ({"sentAt": "2026-13-01T00:00:00Z"}, {"sentAt"}),
        ({"receivedAt": "2026-01-01T00:00:00+07:00"}, {"receivedAt"}),
        ({"keywords": ["$seen"]}, {"keywords"}),
        ({"keywords": {"$seen": False}}, {"keywords"}),
        ({"keywords": {"has space": True}}, {"keywords"}),
        ({"keywords": {"ไทย": True}}, {"keywords"}),
        ({"keywords": {"": True}}, {"keywords"}),
        ({"keywords": {"k" * 256: True}}, {"keywords"}),
        ({"mailboxIds": {}}, {"mailboxIds"}),
        ({"mailboxIds": None}, {"mailboxIds"}),
        ({"mailboxIds": ["m1"]}, {"mailboxIds"}),
        ({"mailboxIds": {"m1": 1}}, {"mailboxIds"}),
        ({"mailboxIds": {"m999999": True}}, {"mailboxIds"}),
        ({"mailboxIds": {"#nosuch": True}}, {"mailboxIds"}),
    ],
)
def test_bad_properties_are_named(jmap: JmapSession, given: dict[str, Any], named: set[str]) -> None:
    refused = jmap.refusal(**(TEXT | given))
    assert refused["type"] == "invalidProperties", refused
    assert set(refused["properties"]) == named, refused


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({**TEXT, "textBody": [LEAF]}, {"textBody"}),
        ({**TEXT, "attachments": []}, {"attachments"}),
        ({"textBody": []}, {"textBody"}),
        ({"textBody": [LEAF, LEAF], "bodyValues": {"1": {"value": "x"}}}, {"textBody"}),
        ({"textBody": [{**LEAF, "type": "text/html"}], "bodyValues": {"1": {"value": "x"}}}, {"textBody"}),
        ({"htmlBody": [LEAF], "bodyValues": {"1": {"value": "x"}}}, {"htmlBody"}),
        ({"htmlBody": "x"}, {"htmlBody"}),
        ({"attachments": [_nested(1)], "bodyValues": {"1": {"value": "x"}}}, {"attachments"}),
        ({"bodyStructure": LEAF}, {"bodyStructure"}),
        (_structure({"partId": "2"}), {"bodyStructure"}),
        (_structure({"partId": 1}), {"bodyStructure"}),
        (_structure({"type": "text/plain"}), {"bodyStructure"}),
        (_structure({**LEAF, "blobId": "bx"}), {"bodyStructure"}),
        (_structure({**LEAF, "charset": "utf-8"}), {"bodyStructure"}),
        (_structure({**LEAF, "size": 1}), {"bodyStructure"}),
        (_structure({**LEAF, "headers": []}), {"bodyStructure"}),
        (_structure({**LEAF, "subParts": [LEAF]}), {"bodyStructure"}),
        (_structure({**LEAF, "type": "nonsense"}), {"bodyStructure"}),
        (_structure({**LEAF, "type": "text/plain\r\nX: y"}), {"bodyStructure"}),
        (_structure({**LEAF, "type": "message/rfc822"}), {"bodyStructure"}),
        (_structure({**LEAF, "name": "a\r\nX: y"}), {"bodyStructure"}),
        (_structure({**LEAF, "cid": "<a@b>"}), {"bodyStructure"}),
        (_structure({**LEAF, "language": "th"}), {"bodyStructure"}),
        (_structure({**LEAF, "location": "a b"}), {"bodyStructure"}),
        (_structure({**LEAF, "disposition": "attachment; filename=x"}), {"bodyStructure"}),
        (_structure({**LEAF, "header:Content-Transfer-Encoding": "8bit"}), {"bodyStructure"}),
        (_structure({**LEAF, "header:Content-Type": "text/html"}), {"bodyStructure"}),
        (_structure({**LEAF, "header:X-A": "a", "header:x-a": "b"}), {"bodyStructure"}),
        (_structure({"type": "multipart/mixed"}), {"bodyStructure"}),
        (_structure({"type": "multipart/mixed", "subParts": []}), {"bodyStructure"}),
        (_structure({"type": "multipart/mixed", "subParts": [LEAF], "partId": "1"}), {"bodyStructure"}),
        (_structure({"type": "multipart/mixed", "subParts": [1]}), {"bodyStructure"}),
        (_structure([]), {"bodyStructure"}),
        (_structure(_nested(40)), {"bodyStructure"}),
        (_structure({"type": "multipart/mixed", "subParts": [LEAF] * 2000}), {"bodyStructure"}),
        ({**_structure({**LEAF, "header:Subject:asText": "x"}), "subject": "y"}, {"bodyStructure"}),
        ({"bodyStructure": LEAF, "bodyValues": {"1": "x"}}, {"bodyStructure", "bodyValues"}),
        ({"bodyStructure": LEAF, "bodyValues": []}, {"bodyStructure", "bodyValues"}),
        ({"bodyStructure": LEAF, "bodyValues": {"1": {"value": "x", "isTruncated": True}}}, {"bodyValues"}),
        (
            {"bodyStructure": LEAF, "bodyValues": {"1": {"value": "x", "isEncodingProblem": True}}},
            {"bodyValues"},
        ),
        ({"bodyStructure": LEAF, "bodyValues": {"1": {"value": "x", "other": 1}}}, {"bodyValues"}),
    ],
)
def test_bad_bodies_are_named(jmap: JmapSession, given: dict[str, Any], named: set[str]) -> None:
    refused = jmap.refusal(**given)
    assert refused["type"] == "invalidProperties", refused
    assert set(refused["properties"]) == named, refused


def test_all_that_is_wrong_is_told_at_once(jmap: JmapSession) -> None:
    refused = jmap.refusal(subject=1, keywords={"a b": True}, bodyStructure=[], nosuch=1)
    assert set(refused["properties"]) == {"subject", "keywords", "bodyStructure", "nosuch"}


def test_every_missing_blob_is_listed_once(jmap: JmapSession, stranger_jmap: JmapSession) -> None:
    own = jmap.upload(b"mine", "text/plain")
    foreign = stranger_jmap.upload(b"not yours", "text/plain")
    missing = ["nonsense", foreign, foreign + "-0-5-0", own + "-0-5000-0", "b" + "a" * 52]
    parts = [{"blobId": blob_id, "type": "text/plain"} for blob_id in [own, *missing, *missing]]
    refused = jmap.refusal(attachments=parts)
    assert refused["type"] == "blobNotFound"
    assert refused["notFound"] == missing


def test_somebody_elses_mailbox_is_refused(jmap: JmapSession, stranger_jmap: JmapSession) -> None:
    refused = jmap.refusal(**TEXT, mailboxIds={stranger_jmap.mailboxes["inbox"]: True})
    assert refused == {
        "type": "invalidProperties",
        "description": "No such Mailbox.",
        "properties": ["mailboxIds"],
    }


def test_too_many_keywords_are_refused(jmap: JmapSession) -> None:
    refused = jmap.refusal(**TEXT, keywords={f"k{number}": True for number in range(2000)})
    assert refused["type"] == "tooManyKeywords"


def test_one_refused_create_leaves_the_others_alone(jmap: JmapSession) -> None:
    before = jmap.call("Email/get", ids=[])["state"]
    result = jmap.call("Email/set", create={"good": jmap.draft(**TEXT), "bad": jmap.draft(nosuch=1)})
    assert set(result["created"]) == {"good"}
    assert set(result["notCreated"]) == {"bad"}
    assert result["oldState"] == before


def test_a_stranger_cannot_create_in_my_account(jmap: JmapSession, stranger_jmap: JmapSession) -> None:
    error = stranger_jmap.error("Email/set", accountId=jmap.account, create={"k": jmap.draft(**TEXT)})
    assert error["type"] == "accountNotFound"


def test_more_than_a_thousand_changes_are_too_many(jmap: JmapSession) -> None:
    error = jmap.error("Email/set", destroy=[f"e{number}" for number in range(1, 1002)])
    assert error["type"] == "requestTooLarge"


def test_over_quota_is_said_and_nothing_is_filed(jmap: JmapSession) -> None:
    from pirab.store import actions

    actions.set_quota(jmap.member.account_id, 100)
    assert jmap.refusal(**TEXT)["type"] == "overQuota"
    entry = {"blobId": jmap.upload(letter()), "mailboxIds": {jmap.mailboxes["inbox"]: True}}
    assert jmap.call("Email/import", emails={"k": entry})["notCreated"]["k"]["type"] == "overQuota"
    assert jmap.call("Email/query")["ids"] == []


def test_a_message_too_large_to_send_is_refused(jmap: JmapSession) -> None:
    blob = jmap.upload(bytes(range(256)) * 160_000, "application/zip")
    refused = jmap.refusal(attachments=[{"blobId": blob, "type": "application/zip"}])
    assert refused["type"] == "tooLarge"
