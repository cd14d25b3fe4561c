"""onSuccessUpdateEmail and onSuccessDestroyEmail (rfc8621#7.5): one implicit Email/set, for those that succeeded."""

from __future__ import annotations

from typing import Any

from tests.compliance.jmap.submission_door import SubmissionDoor, envelope


def answers(door: SubmissionDoor, **arguments: Any) -> list[Any]:
    response = door.request([["EmailSubmission/set", {"accountId": door.account_id} | arguments, "c"]])
    found: list[Any] = response["methodResponses"]
    return found


def test_the_draft_becomes_the_sent_mail_in_one_request(door: SubmissionDoor) -> None:
    """What a client does: create the draft, hand it in, move it, all in one request."""
    drafts, sent = door.role("drafts"), door.role("sent")
    draft = {
        "mailboxIds": {drafts: True},
        "keywords": {"$draft": True},
        "from": [{"name": "สมชาย", "email": door.member.email}],
        "to": [{"name": None, "email": "a@example.test"}],
        "subject": "ทดสอบ",
        "bodyValues": {"1": {"value": "สวัสดี"}},
        "textBody": [{"partId": "1", "type": "text/plain"}],
    }
    submission = {"identityId": door.identity_id, "emailId": "#draft"}
    moved = {
        f"mailboxIds/{drafts}": None,
        f"mailboxIds/{sent}": True,
        "keywords/$draft": None,
        "keywords/$seen": True,
    }
    account = {"accountId": door.account_id}
    response = door.request(
        [
            ["Email/set", account | {"create": {"draft": draft}}, "0"],
            [
                "EmailSubmission/set",
                account | {"create": {"s": submission}, "onSuccessUpdateEmail": {"#s": moved}},
                "1",
            ],
        ]
    )["methodResponses"]
    assert [(name, call) for name, _, call in response] == [
        ("Email/set", "0"),
        ("EmailSubmission/set", "1"),
        ("Email/set", "1"),
    ]
    email = response[0][1]["created"]["draft"]["id"]
    assert list(response[2][1]["updated"]) == [email]
    (now,) = door.call("Email/get", ids=[email], properties=["mailboxIds", "keywords"])["list"]
    assert now == {"id": email, "mailboxIds": {sent: True}, "keywords": {"$seen": True}}


def test_what_was_refused_changes_no_mail(door: SubmissionDoor) -> None:
    email = door.write()
    record = {"identityId": door.identity_id, "emailId": email, "envelope": envelope(door.member.email)}
    response = answers(
        door, create={"k": record}, onSuccessDestroyEmail=["#k"], onSuccessUpdateEmail={"#k": {}}
    )
    assert [name for name, _, _ in response] == ["EmailSubmission/set"]
    assert door.call("Email/get", ids=[email], properties=["id"])["list"]


def test_only_those_that_succeeded(door: SubmissionDoor) -> None:
    good, bad = door.write(), door.write()
    identity = door.identity_id
    response = answers(
        door,
        create={
            "good": {"identityId": identity, "emailId": good},
            "bad": {"identityId": identity, "emailId": bad, "envelope": envelope(door.member.email)},
        },
        onSuccessUpdateEmail={key: {"keywords/$seen": True} for key in ("#good", "#bad", "#unknown")},
    )
    assert response[1][1]["updated"] == {good: None}


def test_canceling_may_bring_the_draft_back(door: SubmissionDoor) -> None:
    email = door.write()
    given = envelope(door.member.email, "a@example.test", HOLDFOR="600")
    made = door.submit(email, envelope=given)["id"]
    response = answers(
        door,
        update={made: {"undoStatus": "canceled"}},
        onSuccessUpdateEmail={made: {"keywords/$flagged": True}},
    )
    assert response[1][0] == "Email/set"
    assert response[1][1]["updated"] == {email: None}


def test_destroying_with_the_submission(door: SubmissionDoor) -> None:
    email = door.write()
    made = door.submit(email)["id"]
    response = answers(door, destroy=[made], onSuccessDestroyEmail=[made])
    assert response[1][1]["destroyed"] == [email]
    assert door.call("Email/get", ids=[email])["notFound"] == [email]


def test_a_patch_that_fails_is_said_in_the_implicit_answer(door: SubmissionDoor) -> None:
    email = door.write()
    record = {"identityId": door.identity_id, "emailId": email}
    response = answers(door, create={"k": record}, onSuccessUpdateEmail={"#k": {"mailboxIds": {}}})
    assert response[0][1]["created"]["k"]["id"]
    assert response[1][0] == "Email/set"
    assert response[1][1]["notUpdated"][email]["type"] == "invalidProperties"


def test_wrong_shapes_are_invalid_arguments(door: SubmissionDoor) -> None:
    for name, value in (
        ("onSuccessUpdateEmail", []),
        ("onSuccessUpdateEmail", {"#k": 1}),
        ("onSuccessDestroyEmail", "x"),
        ("onSuccess", {}),
    ):
        assert door.refusal("EmailSubmission/set", **{name: value})["type"] == "invalidArguments"
