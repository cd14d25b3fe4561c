"""Email/set create: from properties to a message and back (rfc8621#4.6)."""

from __future__ import annotations

from typing import Any

from tests.compliance.jmap.email.session import JmapSession
from tests.conftest import letter

PDF = b"%PDF-1.7 \x00\x01\x02" * 50


def plain(**properties: Any) -> dict[str, Any]:
    """A text letter, with more or other properties."""
    base = {
        "from": [{"name": "สมชาย ใจดี", "email": "somchai@moi.go.test"}],
        "to": [{"name": None, "email": "outside@example.test"}],
        "subject": "เรื่องทดสอบ",
        "bodyStructure": {"type": "text/plain", "partId": "1"},
        "bodyValues": {"1": {"value": "สวัสดีครับ\nบรรทัดที่สอง\n"}},
    }
    return base | properties


def test_a_text_letter_reads_back_as_it_was_written(jmap: JmapSession) -> None:
    created = jmap.create(
        **plain(keywords={"$draft": True, "$Seen": True}, receivedAt="2026-01-02T03:04:05Z")
    )
    assert set(created) == {"id", "blobId", "threadId", "size"}
    email = jmap.get(created["id"], fetchTextBodyValues=True)
    assert email["from"] == plain()["from"]
    assert email["to"] == plain()["to"]
    assert email["subject"] == "เรื่องทดสอบ"
    assert email["keywords"] == {"$draft": True, "$seen": True}
    assert email["receivedAt"] == "2026-01-02T03:04:05Z"
    assert email["size"] == created["size"] == len(jmap.download(created["blobId"]))
    [value] = email["bodyValues"].values()
    assert value["value"] == "สวัสดีครับ\nบรรทัดที่สอง\n"


def test_message_id_and_date_are_made_when_absent_and_kept_when_given(jmap: JmapSession) -> None:
    email = jmap.get(jmap.create(**plain())["id"], "messageId", "sentAt")
    [message_id] = email["messageId"]
    assert message_id.endswith("@moi.go.test")
    assert email["sentAt"] is not None
    given = plain(messageId=["mine@moi.go.test"], sentAt="2018-07-10T11:03:11+10:00")
    email = jmap.get(jmap.create(**given)["id"], "messageId", "sentAt")
    assert email["messageId"] == ["mine@moi.go.test"]
    assert email["sentAt"] == "2018-07-10T11:03:11+10:00"


def test_header_properties_are_written_in_their_forms(jmap: JmapSession) -> None:
    given = plain(
        **{
            "header:X-Text:asText": "ข้อความไทย",
            "header:X-Raw": " plain value",
            "header:X-All:asText:all": ["one", "two"],
            "header:List-Unsubscribe:asURLs": ["https://go.test/u", "mailto:u@go.test"],
            "header:X-Date:asDate": "2026-11-24T09:00:00+07:00",
            "header:Reply-To:asGroupedAddresses": [
                {"name": "คณะ", "addresses": [{"name": None, "email": "a@go.test"}]}
            ],
            "references": ["a@b", "c@d"],
            "inReplyTo": ["c@d"],
        }
    )
    created = jmap.create(**given)
    names = [name for name in given if name.startswith("header:")]
    email = jmap.get(created["id"], *names, "references", "inReplyTo")
    assert {name: email[name] for name in names} == {name: given[name] for name in names}
    assert email["references"] == ["a@b", "c@d"]
    assert jmap.download(created["blobId"]).isascii()


def test_text_html_and_attachments_become_one_tree(jmap: JmapSession) -> None:
    pdf, png = jmap.upload(PDF, "application/pdf"), jmap.upload(b"\x89PNG", "image/png")
    created = jmap.create(
        textBody=[{"partId": "t", "type": "text/plain"}],
        htmlBody=[{"partId": "h", "type": "text/html"}],
        attachments=[
            {"blobId": png, "type": "image/png", "cid": "p@x", "disposition": "inline", "name": "ก.png"},
            {"blobId": pdf, "type": "application/pdf", "name": "หนังสือเวียน ที่ ๑๒.pdf"},
        ],
        bodyValues={"t": {"value": "text"}, "h": {"value": "<img src=cid:p@x>"}},
    )
    email = jmap.get(created["id"], "bodyStructure", "attachments", bodyProperties=["type", "name", "blobId"])
    alternative, attached = email["bodyStructure"]["subParts"]
    assert alternative["type"] == "multipart/alternative"
    assert [part["type"] for part in alternative["subParts"]] == ["text/plain", "multipart/related"]
    assert attached["name"] == "หนังสือเวียน ที่ ๑๒.pdf"
    assert jmap.download(attached["blobId"]) == PDF


def test_parts_of_another_message_are_attached_by_their_blob_id(jmap: JmapSession) -> None:
    first = jmap.create(
        textBody=[{"partId": "t"}],
        attachments=[
            {"blobId": jmap.upload(PDF, "application/pdf"), "type": "application/pdf", "name": "a.pdf"}
        ],
        bodyValues={"t": {"value": "x"}},
    )
    [part] = jmap.get(first["id"], "attachments")["attachments"]
    forwarded = jmap.create(
        **plain(
            bodyStructure={
                "type": "multipart/mixed",
                "subParts": [
                    {"partId": "1", "type": "text/plain"},
                    {
                        "blobId": part["blobId"],
                        "type": "application/pdf",
                        "name": "a.pdf",
                        "disposition": "attachment",
                    },
                    {"blobId": first["blobId"], "type": "message/rfc822"},
                ],
            }
        )
    )
    pdf, message = jmap.get(forwarded["id"], "attachments")["attachments"]
    assert jmap.download(pdf["blobId"]) == PDF
    assert jmap.download(message["blobId"]) == jmap.download(first["blobId"])


def test_an_enclosed_message_keeps_every_octet(jmap: JmapSession) -> None:
    raw = letter(body="ภาษาไทยแปดบิต")
    inner = jmap.import_(raw)
    structure = {
        "type": "multipart/mixed",
        "subParts": [{"partId": "1"}, {"blobId": inner["blobId"], "type": "message/rfc822"}],
    }
    outer = jmap.create(**plain(bodyStructure=structure))
    [message] = jmap.get(outer["id"], "attachments")["attachments"]
    assert jmap.download(message["blobId"]) == raw


def test_a_part_may_say_its_own_header_fields(jmap: JmapSession) -> None:
    part = {
        "partId": "1",
        "header:Content-Type": 'text/calendar; method=REQUEST; name="invite.ics"',
        "header:Content-Language": "th",
        "header:X-Part:asText": "ส่วน",
    }
    created = jmap.create(**plain(bodyStructure={"type": "multipart/mixed", "subParts": [part]}))
    tree = jmap.get(
        created["id"],
        "bodyStructure",
        bodyProperties=["type", "name", "language", "header:Content-Type", "header:X-Part:asText"],
    )["bodyStructure"]
    [read] = tree["subParts"]
    assert read["type"] == "text/calendar"
    assert read["name"] == "invite.ics"
    assert read["language"] == ["th"]
    assert read["header:X-Part:asText"] == "ส่วน"
    assert "method=REQUEST" in read["header:Content-Type"]


def test_an_email_without_a_body_is_an_empty_letter(jmap: JmapSession) -> None:
    email = jmap.get(jmap.create(subject="only")["id"], "textBody", "bodyValues", fetchTextBodyValues=True)
    assert [value["value"] for value in email["bodyValues"].values()] == [""]


def test_an_unfinished_address_may_be_in_a_draft(jmap: JmapSession) -> None:
    created = jmap.create(**plain(to=[{"name": None, "email": "somch"}], cc=[], bcc=[{"email": "b@go.test"}]))
    email = jmap.get(created["id"], "to", "cc", "bcc")
    assert email["to"] == [{"name": None, "email": "somch"}]
    assert email["bcc"] == [{"name": None, "email": "b@go.test"}]


def test_the_state_moves_and_changes_tell_of_it(jmap: JmapSession) -> None:
    before = jmap.call("Email/get", ids=[])["state"]
    result = jmap.call("Email/set", create={"k": jmap.draft(**plain())}, ifInState=before)
    assert result["oldState"] == before
    assert result["newState"] != before
    changes = jmap.call("Email/changes", sinceState=before)
    assert changes["created"] == [result["created"]["k"]["id"]]
    assert changes["newState"] == result["newState"]


def test_creation_ids_flow_forward_in_a_request(jmap: JmapSession) -> None:
    account = jmap.account
    responses = jmap.request(
        ("Mailbox/set", {"accountId": account, "create": {"box": {"name": "ป้าย", "parentId": None}}}, "a"),
        ("Email/set", {"accountId": account, "create": {"k": plain(mailboxIds={"#box": True})}}, "b"),
        ("Email/set", {"accountId": account, "update": {"#k": {"keywords/$seen": True}}}, "c"),
        ("Email/get", {"accountId": account, "ids": ["#k"], "properties": ["mailboxIds", "keywords"]}, "d"),
        ("Email/set", {"accountId": account, "destroy": ["#k"]}, "e"),
    )
    results = [arguments for _, arguments, _ in responses]
    box = results[0]["created"]["box"]["id"]
    email_id = results[1]["created"]["k"]["id"]
    assert results[2]["updated"] == {email_id: None}
    assert results[3]["list"] == [{"id": email_id, "mailboxIds": {box: True}, "keywords": {"$seen": True}}]
    assert results[4]["destroyed"] == [email_id]
