"""EmailSubmission/set (rfc8621#7.5): creating, and every reason for a refusal."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.conf import settings

from pirab.core import clock
from pirab.directory import actions as directory
from pirab.directory.types import Role
from pirab.submission import actions
from tests.compliance.jmap.door import CORE
from tests.compliance.jmap.submission_door import SubmissionDoor, envelope
from tests.conftest import letter


def test_a_submission_with_a_derived_envelope(door: SubmissionDoor) -> None:
    raw = letter(sender=door.member.email, to="A <a@example.test>, ข <b@example.test>")
    raw = raw.replace(b"Subject:", b"Bcc: c@example.test\r\nSubject:", 1)
    email = door.write(raw=raw)
    created = door.submit(email)
    assert created["envelope"] == {
        "mailFrom": {"email": door.member.email, "parameters": None},
        "rcptTo": [
            {"email": address, "parameters": None}
            for address in ("a@example.test", "b@example.test", "c@example.test")
        ],
    }
    assert created["undoStatus"] == "pending"
    assert created["deliveryStatus"]["c@example.test"]["delivered"] == "queued"
    assert created["deliveryStatus"]["c@example.test"]["displayed"] == "unknown"
    assert (created["dsnBlobIds"], created["mdnBlobIds"]) == ([], [])
    assert created["sendAt"].endswith("Z")
    whole = door.submission(created["id"])
    assert whole == created | {"identityId": door.identity_id, "emailId": email}


def test_a_given_envelope_is_kept_and_not_repeated(door: SubmissionDoor) -> None:
    given = envelope(door.member.email, "only@example.test", HOLDFOR="60")
    created = door.submit(door.write(), envelope=given)
    assert "envelope" not in created
    assert door.submission(created["id"])["envelope"]["mailFrom"]["parameters"] == {"HOLDFOR": "60"}
    wait = datetime.fromisoformat(created["sendAt"]) - clock.now()
    assert timedelta(seconds=50) < wait <= timedelta(seconds=60)


def test_holduntil_is_send_at(door: SubmissionDoor) -> None:
    moment = (clock.now() + timedelta(days=3)).replace(microsecond=0)
    given = envelope(door.member.email, "a@example.test", HOLDUNTIL=moment.isoformat())
    created = door.submit(door.write(), envelope=given)
    assert datetime.fromisoformat(created["sendAt"]) == moment


def test_the_session_promises_the_longest_hold_that_is_kept(door: SubmissionDoor) -> None:
    session = door.client.get("/.well-known/jmap", headers=door.headers).json()
    promise = session["accounts"][door.account_id]["accountCapabilities"]["urn:ietf:params:jmap:submission"]
    longest = promise["maxDelayedSend"]
    assert "FUTURERELEASE" in promise["submissionExtensions"]
    email = door.write()
    door.submit(email, envelope=envelope(door.member.email, "a@example.test", HOLDFOR=str(longest)))
    error = door.refused(
        email, envelope=envelope(door.member.email, "a@example.test", HOLDFOR=str(longest + 1))
    )
    assert (error["type"], error["properties"]) == ("invalidProperties", ["envelope"])


def test_no_recipients(door: SubmissionDoor) -> None:
    email = door.write(raw=b"From: %s\r\nSubject: x\r\n\r\n" % door.member.email.encode())
    assert door.refused(email)["type"] == "noRecipients"
    assert door.refused(email, envelope=envelope(door.member.email))["type"] == "noRecipients"


def test_invalid_recipients_are_listed(door: SubmissionDoor) -> None:
    bad = ["nobody", "a@x.test\r\nDATA", "b@[127.0.0.1]"]
    error = door.refused(door.write(), envelope=envelope(door.member.email, "good@x.test", *bad))
    assert (error["type"], error["invalidRecipients"]) == ("invalidRecipients", bad)


def test_ten_thousand_recipients(door: SubmissionDoor) -> None:
    crowd = [f"p{n}@example.test" for n in range(10_000)]
    error = door.refused(door.write(), envelope=envelope(door.member.email, *crowd))
    assert (error["type"], error["maxRecipients"]) == ("tooManyRecipients", 1000)


def test_too_large(door: SubmissionDoor, monkeypatch: pytest.MonkeyPatch) -> None:
    email = door.write(raw=letter(sender=door.member.email, to="a@x.test", body="x" * 3000))
    monkeypatch.setattr(actions, "TRACE_ROOM", settings.ENVIRONMENT.message_size_limit - 1000)
    error = door.refused(email)
    assert (error["type"], error["maxSize"]) == ("tooLarge", 1000)


def test_an_email_that_says_not_who_sent_it_is_invalid(door: SubmissionDoor) -> None:
    error = door.refused(door.write(raw=b"To: a@x.test\r\nSubject: x\r\n\r\n"))
    assert (error["type"], error["properties"]) == ("invalidEmail", ["from"])


def test_writing_in_somebody_elses_name(door: SubmissionDoor, stranger_door: SubmissionDoor) -> None:
    forged = door.write(raw=letter(sender=stranger_door.member.email, to="a@x.test"))
    assert door.refused(forged)["type"] == "forbiddenFrom"
    error = door.refused(door.write(), envelope=envelope(stranger_door.member.email, "a@x.test"))
    assert error["type"] == "forbiddenMailFrom"


def test_somebody_elses_email_identity_and_submission(
    door: SubmissionDoor, stranger_door: SubmissionDoor
) -> None:
    error = door.refused(stranger_door.write())
    assert (error["type"], error["properties"]) == ("invalidProperties", ["emailId"])
    error = door.refused(door.write(), identityId=stranger_door.identity_id)
    assert (error["type"], error["properties"]) == ("invalidProperties", ["identityId"])
    theirs = stranger_door.submit(stranger_door.write())["id"]
    result = door.call("EmailSubmission/set", update={theirs: {"undoStatus": "canceled"}}, destroy=[theirs])
    assert result["notUpdated"][theirs]["type"] == "notFound"
    assert result["notDestroyed"][theirs]["type"] == "notFound"
    assert door.call("EmailSubmission/get", ids=[theirs])["notFound"] == [theirs]


def test_a_reader_may_not_send(door: SubmissionDoor, stranger_door: SubmissionDoor) -> None:
    directory.grant(stranger_door.member.person_id, door.member.account_id, Role.READER)
    record = {"identityId": door.identity_id, "emailId": door.write()}
    refusal = stranger_door.refusal("EmailSubmission/set", accountId=door.account_id, create={"k": record})
    assert refusal["type"] == "accountReadOnly"


def test_nobody_and_without_the_capability(door: SubmissionDoor) -> None:
    assert SubmissionDoor(door.member, token="wrong").post(b"{}").status_code == 401
    calls = [["EmailSubmission/set", {"accountId": door.account_id, "create": {}}, "c"]]
    assert door.request(calls, using=(CORE,))["methodResponses"][0][1]["type"] == "unknownMethod"


@pytest.mark.parametrize(
    ("properties", "named"),
    [
        ({"emailId": None}, ["emailId"]),
        ({"emailId": ["e1"]}, ["emailId"]),
        ({"emailId": "#unknown"}, ["emailId"]),
        ({"identityId": 7}, ["identityId"]),
        ({"undoStatus": "final"}, ["undoStatus"]),
        ({"sendAt": "2026-11-24T00:00:00Z"}, ["sendAt"]),
        ({"colour": 1}, ["colour"]),
        ({"envelope": "x"}, ["envelope"]),
        ({"envelope": {"mailFrom": {"email": "a@b.test"}}}, ["envelope"]),
        ({"envelope": {"mailFrom": None, "rcptTo": []}}, ["envelope"]),
        ({"envelope": {"mailFrom": {"email": "a@b.test", "x": 1}, "rcptTo": []}}, ["envelope"]),
        (
            {"envelope": {"mailFrom": {"email": "a@b.test", "parameters": {"A": 1}}, "rcptTo": []}},
            ["envelope"],
        ),
    ],
)
def test_bad_properties_are_named(door: SubmissionDoor, properties: dict[str, Any], named: list[str]) -> None:
    error = door.refused(door.write(), **properties)
    assert (error["type"], error["properties"]) == ("invalidProperties", named)


def test_cancel_then_final_words(door: SubmissionDoor) -> None:
    given = envelope(door.member.email, "a@example.test", HOLDFOR="600")
    made = door.submit(door.write(), envelope=given)["id"]
    for _ in range(2):
        assert (
            door.call("EmailSubmission/set", update={made: {"undoStatus": "canceled"}})["notUpdated"] is None
        )
    assert door.submission(made)["undoStatus"] == "canceled"
    patches: list[dict[str, Any]] = [
        {"undoStatus": "pending"},
        {"undoStatus": None},
        {"sendAt": None},
        {"envelope/mailFrom": {}},
    ]
    for patch in patches:
        result = door.call("EmailSubmission/set", update={made: patch})
        assert result["notUpdated"][made]["type"] == "invalidProperties"


def test_a_final_submission_cannot_be_unsent(door: SubmissionDoor, monkeypatch: pytest.MonkeyPatch) -> None:
    from pirab.core.ids import IdKind, decode_id
    from pirab.submission import records

    made = door.submit(door.write())["id"]
    row = records.load(door.member.account_id, decode_id(IdKind.SUBMISSION, made))
    assert row is not None
    assert records.begin_sending(row, b"\0" * 32, is_junk=False)
    result = door.call("EmailSubmission/set", update={made: {"undoStatus": "canceled"}})
    assert result["notUpdated"][made]["type"] == "cannotUnsend"
    assert door.call("EmailSubmission/set", update={made: {"undoStatus": "final"}})["updated"] == {made: None}


def test_destroy_takes_the_record_and_not_the_mail(door: SubmissionDoor) -> None:
    email = door.write()
    made = door.submit(email)["id"]
    result = door.call("EmailSubmission/set", destroy=[made, made, "s0"])
    assert (result["destroyed"], result["notDestroyed"]["s0"]["type"]) == ([made], "notFound")
    assert door.call("EmailSubmission/get", ids=[made])["notFound"] == [made]
    assert door.call("Email/get", ids=[email], properties=["id"])["list"] == [{"id": email}]


def test_if_in_state(door: SubmissionDoor) -> None:
    state = door.call("EmailSubmission/get", ids=[])["state"]
    record = {"identityId": door.identity_id, "emailId": door.write()}
    assert door.call("EmailSubmission/set", ifInState=state, create={"k": record})["oldState"] == state
    refusal = door.refusal("EmailSubmission/set", ifInState=state, create={"k": record})
    assert refusal["type"] == "stateMismatch"


def test_a_whole_object_may_be_sent_back(door: SubmissionDoor) -> None:
    """rfc8620#5.3: what cannot be changed may be there with the value it has."""
    made = door.submit(door.write(), envelope=envelope(door.member.email, "a@example.test", HOLDFOR="300"))
    whole = door.submission(made["id"])
    result = door.call("EmailSubmission/set", update={made["id"]: whole | {"undoStatus": "canceled"}})
    assert result["updated"] == {made["id"]: None}
    whole = door.submission(made["id"])
    assert whole["undoStatus"] == "canceled"
    for patch, kind in (
        ({"sendAt": "2020-01-01T00:00:00Z"}, "invalidProperties"),
        ({"colour": None}, "invalidProperties"),
        ({"undoStatus": "pending"}, "invalidProperties"),
        ({"undoStatus": None}, "invalidProperties"),
        ({"envelope/mailFrom": None}, "invalidProperties"),
        ({"undoStatus/x": 1}, "invalidPatch"),
    ):
        refused = door.call("EmailSubmission/set", update={made["id"]: patch})["notUpdated"][made["id"]]
        assert refused["type"] == kind, patch
    assert door.submission(made["id"]) == whole
