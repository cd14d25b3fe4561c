"""MDN/send and MDN/parse (rfc9007)."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from pirab.core import clock
from pirab.core.ids import encode_blob_id
from pirab.store import actions as store
from pirab.store.types import Delivery
from pirab.submission import receipts
from pirab.wire.mdn import compose_mdn
from pirab.wire.types import Address
from tests.compliance.jmap.door import CORE, MAIL
from tests.compliance.jmap.submission_door import SUBMISSION, SubmissionDoor
from tests.conftest import letter

MDN = "urn:ietf:params:jmap:mdn"
USING = (CORE, MAIL, SUBMISSION, MDN)
DISPOSITION = {"actionMode": "manual-action", "sendingMode": "mdn-sent-manually", "type": "displayed"}
MARK = {"#k": {"keywords/$mdnsent": True}}


def asking(address: str = "outside@example.test", **options: Any) -> bytes:
    """A letter whose author wants to be told."""
    return f"Disposition-Notification-To: {address}\r\n".encode() + letter(**options)


def arrive(door: SubmissionDoor, raw: bytes | None = None) -> str:
    """Deliver a letter; returns its email id."""
    message = store.ensure_message(raw or asking())
    store.deliver(message, [Delivery(door.member.account_id, clock.now())])
    return str(door.call("Email/query", sort=[{"property": "receivedAt", "isAscending": False}])["ids"][0])


def send(door: SubmissionDoor, email: Any, mark: Any = MARK, **properties: Any) -> list[Any]:
    """The answers to one MDN/send and what it implies."""
    arguments = {
        "accountId": door.account_id,
        "identityId": door.identity_id,
        "send": {"k": {"forEmailId": email, "disposition": DISPOSITION} | properties},
        "onSuccessUpdateEmail": mark,
    }
    return list(door.request([["MDN/send", arguments, "c"]], USING)["methodResponses"])


def jobs() -> list[ProcrastinateJob]:
    return list(ProcrastinateJob.objects.filter(task_name=receipts.RECEIPT_TASK, status="todo"))


def refusal(answers: list[Any]) -> dict[str, Any]:
    [[name, result, _]] = answers
    assert (name, result["sent"]) == ("MDN/send", None), answers
    assert jobs() == []
    found: dict[str, Any] = result["notSent"]["k"]
    return found


def test_an_author_is_told_once(door: SubmissionDoor) -> None:
    email = arrive(door, asking(subject="ขอเชิญประชุม", message_id="<one@example.test>"))
    [[name, result, _], [implied, changed, _]] = send(door, email)
    assert (name, implied) == ("MDN/send", "Email/set")
    assert result["sent"]["k"] == {
        "subject": "แจ้งการเปิดอ่าน / Read receipt: ขอเชิญประชุม",
        "finalRecipient": f"rfc822; {door.member.email}",
        "originalMessageId": "<one@example.test>",
        "originalRecipient": None,
        "includeOriginalMessage": False,
    }
    assert email in changed["updated"]
    [job] = jobs()
    assert job.args["forward_path"] == "outside@example.test"
    [[_, again, _]] = send(door, email)
    assert again["notSent"]["k"]["type"] == "mdnAlreadySent"
    assert len(jobs()) == 1


def test_an_author_is_told_once_also_when_the_mark_is_not_the_clients_to_set(door: SubmissionDoor) -> None:
    """Without the mail capability the implied Email/set is no method: the mail is marked all the same."""
    email = arrive(door)
    arguments = {
        "accountId": door.account_id,
        "identityId": door.identity_id,
        "send": {"k": {"forEmailId": email, "disposition": DISPOSITION}},
        "onSuccessUpdateEmail": MARK,
    }
    for expected in (1, 1):
        door.request([["MDN/send", arguments, "c"]], (CORE, SUBMISSION, MDN))
        assert len(jobs()) == expected
    [email_now] = door.call("Email/get", ids=[email], properties=["keywords"])["list"]
    assert "$mdnsent" in email_now["keywords"]


def test_what_is_refused(door: SubmissionDoor, stranger_door: SubmissionDoor) -> None:
    email, theirs = arrive(door), arrive(stranger_door)
    for unknown in (theirs, "e0", "nonsense", None, 7):
        assert refusal(send(door, unknown))["type"] == "notFound"
    marks: tuple[Any, ...] = (
        None,
        {},
        {"#k": {}},
        {"#k": {"keywords/$mdnsent": None}},
        {"#other": MARK["#k"]},
    )
    for mark in marks:
        assert refusal(send(door, email, mark))["type"] == "invalidProperties"
    assert refusal(send(door, arrive(door, letter())))["type"] == "noRecipients"
    assert refusal(send(door, arrive(door, asking("nobody"))))["type"] == "noRecipients"
    other = door.outcome("MDN/send", using=USING, identityId=stranger_door.identity_id, send={"k": {}})
    assert other[1].get("type") or other[1]["notSent"]["k"]["type"]
    foreign = {"accountId": stranger_door.account_id, "identityId": door.identity_id, "send": {}}
    assert door.outcome("MDN/send", using=USING, **foreign)[1]["type"] == "accountNotFound"
    assert door.outcome("MDN/send", using=(CORE, MAIL), **foreign)[1]["type"] == "unknownMethod"


@pytest.mark.parametrize(
    ("bad", "value"),
    [
        ("disposition", None),
        ("disposition", DISPOSITION | {"type": "read"}),
        ("disposition", DISPOSITION | {"more": 1}),
        ("subject", 7),
        ("textBody", "x" * 20_001),
        ("includeOriginalMessage", "yes"),
        ("finalRecipient", "a@b"),
        ("finalRecipient", "rfc822; a@b\r\nX: y"),
        ("extensionFields", {"Subject": "x"}),
        ("extensionFields", {"X-A\r\nB": "x"}),
        ("extensionFields", {"X-A": 1}),
        ("mdnGateway", "smtp; x"),
        ("colour", 1),
    ],
)
def test_bad_properties(door: SubmissionDoor, bad: str, value: Any) -> None:
    refused = refusal(send(door, arrive(door), **{bad: value}))
    assert (refused["type"], refused["properties"]) == ("invalidProperties", [bad])


def test_what_was_composed_can_be_parsed(door: SubmissionDoor, stranger_door: SubmissionDoor) -> None:
    raw = b"Original-Recipient: rfc822; head@moi.go.test\r\n" + asking(message_id="<two@example.test>")
    extra = {"extensionFields": {"X-EXTENSION": "ค่า"}, "textBody": "อ่านแล้ว", "reportingUA": "Pirab"}
    send(door, arrive(door, raw), **extra)
    [job] = jobs()
    told = receipts._request(
        Address(*job.args["author"]),
        job.args["forward_path"],
        raw,
        msgspec.convert(job.args["receipt"], receipts.Receipt),
        job.args["token"],
    )
    blob = store.ensure_message(compose_mdn(told))
    store.deliver(blob, [Delivery(door.member.account_id, clock.now())])
    name, plain = encode_blob_id(blob.digest), encode_blob_id(store.ensure_message(raw).digest)
    answer = door.outcome("MDN/parse", using=USING, blobIds=[name, plain, "nonsense"])[1]
    assert answer["parsed"][name] == {
        "forEmailId": None,
        "subject": "แจ้งการเปิดอ่าน / Read receipt: เรื่องทดสอบ",
        "textBody": answer["parsed"][name]["textBody"],
        "includeOriginalMessage": False,
        "reportingUA": "Pirab",
        "disposition": DISPOSITION,
        "mdnGateway": None,
        "originalRecipient": "rfc822; head@moi.go.test",
        "finalRecipient": f"rfc822; {door.member.email}",
        "originalMessageId": "<two@example.test>",
        "error": None,
        "extensionFields": {"X-EXTENSION": "ค่า"},
    }
    assert answer["parsed"][name]["textBody"].strip() == "อ่านแล้ว"
    assert (answer["notParsable"], answer["notFound"]) == ([plain], ["nonsense"])
    theirs = stranger_door.outcome("MDN/parse", using=USING, blobIds=[name])[1]
    assert (theirs["parsed"], theirs["notFound"]) == (None, [name])
