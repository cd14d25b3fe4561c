"""Identity/set (rfc8621#6.3)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.compliance.jmap.submission_door import SubmissionDoor


def create(door: SubmissionDoor, **properties: Any) -> dict[str, Any]:
    return door.call("Identity/set", create={"k": {"email": door.member.email} | properties})


def test_the_life_of_an_identity(door: SubmissionDoor) -> None:
    result = create(door, name="ผอ.", replyTo=[{"name": "งานสารบรรณ", "email": "saraban@moi.go.test"}])
    made = result["created"]["k"]
    assert made == {
        "id": made["id"],
        "bcc": None,
        "textSignature": "",
        "htmlSignature": "",
        "mayDelete": True,
    }
    assert result["oldState"] != result["newState"]
    update = {made["id"]: {"htmlSignature": "<p>ขอแสดงความนับถือ</p>", "replyTo": None}}
    assert door.call("Identity/set", update=update)["updated"] == {made["id"]: None}
    (now,) = door.call("Identity/get", ids=[made["id"]])["list"]
    assert (now["name"], now["htmlSignature"], now["replyTo"]) == ("ผอ.", "<p>ขอแสดงความนับถือ</p>", None)
    assert door.call("Identity/set", destroy=[made["id"]])["destroyed"] == [made["id"]]
    assert door.call("Identity/get", ids=[made["id"]])["notFound"] == [made["id"]]


@pytest.mark.parametrize("email", ["minister@mof.go.test", "x@example.test"])
def test_an_address_of_somebody_else_is_forbidden(
    door: SubmissionDoor, stranger_door: SubmissionDoor, email: str
) -> None:
    assert create(door, email=email)["notCreated"]["k"]["type"] == "forbiddenFrom"


@pytest.mark.parametrize(
    ("properties", "named"),
    [
        ({"email": 7}, "email"),
        ({"email": None}, "email"),
        ({"email": "x"}, "email"),
        ({"name": None}, "name"),
        ({"name": "a\r\nBcc: b@c.test"}, "name"),
        ({"replyTo": "a@b.test"}, "replyTo"),
        ({"replyTo": [{"name": "x"}]}, "replyTo"),
        ({"bcc": [{"name": None, "email": "no"}]}, "bcc"),
        ({"mayDelete": True}, "mayDelete"),
        ({"id": "i1"}, "id"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_bad_properties_are_named(door: SubmissionDoor, properties: dict[str, Any], named: str) -> None:
    error = create(door, **properties)["notCreated"]["k"]
    assert (error["type"], error["properties"]) == ("invalidProperties", [named])


def test_what_cannot_be_changed_or_destroyed(door: SubmissionDoor, stranger_door: SubmissionDoor) -> None:
    mine, theirs = door.identity_id, stranger_door.identity_id
    result = door.call(
        "Identity/set",
        update={mine: {"email": "other@moi.go.test"}, theirs: {"name": "x"}, "i0": {}},
        destroy=[mine, theirs, "nonsense"],
    )
    assert {key: error["type"] for key, error in result["notUpdated"].items()} == {
        mine: "invalidProperties",
        theirs: "notFound",
        "i0": "notFound",
    }
    assert {key: error["type"] for key, error in result["notDestroyed"].items()} == {
        mine: "forbidden",
        theirs: "notFound",
        "nonsense": "notFound",
    }
    assert result["oldState"] == result["newState"]


def test_if_in_state(door: SubmissionDoor) -> None:
    state = door.call("Identity/get", ids=[])["state"]
    made = door.call("Identity/set", ifInState=state, create={"k": {"email": door.member.email}})
    assert made["oldState"] == state
    refusal = door.refusal("Identity/set", ifInState=state, create={"k": {"email": door.member.email}})
    assert refusal["type"] == "stateMismatch"


def test_a_creation_id_names_the_identity_in_the_same_request(door: SubmissionDoor) -> None:
    calls = [
        ["Identity/set", {"accountId": door.account_id, "create": {"k": {"email": door.member.email}}}, "0"],
        ["Identity/set", {"accountId": door.account_id, "update": {"#k": {"name": "ใหม่"}}}, "1"],
        ["Identity/set", {"accountId": door.account_id, "destroy": ["#k"]}, "2"],
    ]
    answers = door.request(calls)["methodResponses"]
    made = answers[0][1]["created"]["k"]["id"]
    assert answers[1][1]["updated"] == {"#k": None} or answers[1][1]["updated"] == {made: None}
    assert answers[2][1]["notDestroyed"] is None


def test_a_whole_object_may_be_sent_back(door: SubmissionDoor) -> None:
    """rfc8620#5.3: what cannot be changed may be there with the value it has."""
    (whole,) = door.call("Identity/get", ids=[door.identity_id])["list"]
    wanted = whole | {"name": "ชื่อใหม่", "replyTo": [{"name": None, "email": "office@moi.go.test"}]}
    result = door.call("Identity/set", update={whole["id"]: wanted})
    assert result["updated"] == {whole["id"]: None}
    assert door.call("Identity/get", ids=[whole["id"]])["list"] == [wanted]
    for patch, kind in (
        ({"mayDelete": True}, "invalidProperties"),
        ({"id": "i1"}, "invalidProperties"),
        ({"replyTo/0/name": "x"}, "invalidPatch"),
        ({"name": "x", "name/y": 1}, "invalidPatch"),
    ):
        refused = door.call("Identity/set", update={whole["id"]: patch})["notUpdated"][whole["id"]]
        assert refused["type"] == kind, patch
