"""Identity/get and Identity/changes (rfc8621#6.1, #6.2)."""

from __future__ import annotations

from pirab.directory import actions as directory
from tests.compliance.jmap.door import CORE, MAIL
from tests.compliance.jmap.submission_door import SUBMISSION, SubmissionDoor


def test_the_first_look_shows_an_identity_for_every_address(door: SubmissionDoor) -> None:
    answer = door.call("Identity/get", ids=None)
    (identity,) = answer["list"]
    assert identity == {
        "id": identity["id"],
        "name": "สมชาย ใจดี",
        "email": door.member.email,
        "replyTo": None,
        "bcc": None,
        "textSignature": "",
        "htmlSignature": "",
        "mayDelete": False,
    }
    assert door.call("Identity/get", ids=None) == answer


def test_ids_properties_and_what_is_not_there(door: SubmissionDoor, stranger_door: SubmissionDoor) -> None:
    mine, theirs = door.identity_id, stranger_door.identity_id
    answer = door.call("Identity/get", ids=[mine, theirs, mine, "i0", "nonsense"], properties=["email"])
    assert answer["list"] == [{"id": mine, "email": door.member.email}]
    assert answer["notFound"] == [theirs, "i0", "nonsense"]
    assert door.refusal("Identity/get", ids=None, properties=["colour"])["type"] == "invalidArguments"


def test_changes_tell_of_a_new_address(door: SubmissionDoor) -> None:
    before = door.call("Identity/get", ids=None)["state"]
    directory.add_address(door.member.account_id, "second@moi.go.test")
    after = door.call("Identity/get", ids=None)
    changes = door.call("Identity/changes", sinceState=before)
    assert changes["created"] == [
        each["id"] for each in after["list"] if each["email"] == "second@moi.go.test"
    ]
    assert (changes["updated"], changes["destroyed"], changes["newState"]) == ([], [], after["state"])
    assert door.refusal("Identity/changes", sinceState="999999")["type"] == "cannotCalculateChanges"


def test_changes_tell_of_a_new_address_unasked(door: SubmissionDoor) -> None:
    """rfc8620#5.2: whoever asks for changes alone hears of it, too."""
    before = door.call("Identity/get", ids=None)["state"]
    directory.add_address(door.member.account_id, "third@moi.go.test")
    changes = door.call("Identity/changes", sinceState=before)
    (made,) = door.call("Identity/get", ids=changes["created"])["list"]
    assert (made["email"], changes["updated"], changes["destroyed"]) == ("third@moi.go.test", [], [])
    assert changes["newState"] != before


def test_somebody_elses_account_is_not_found(door: SubmissionDoor, stranger_door: SubmissionDoor) -> None:
    for name, arguments in (
        ("Identity/get", {"ids": None}),
        ("Identity/changes", {"sinceState": "0"}),
        ("Identity/set", {"create": {}}),
    ):
        refusal = door.refusal(name, accountId=stranger_door.account_id, **arguments)
        assert refusal["type"] == "accountNotFound"


def test_without_the_capability_the_methods_do_not_exist(door: SubmissionDoor) -> None:
    calls = [["Identity/get", {"accountId": door.account_id, "ids": None}, "c"]]
    response = door.request(calls, using=(CORE, MAIL))
    assert response["methodResponses"][0][1]["type"] == "unknownMethod"
    assert SUBMISSION not in (CORE, MAIL)


def test_not_signed_in(door: SubmissionDoor) -> None:
    nobody = SubmissionDoor(door.member, token="wrong")
    assert nobody.post(b'{"using": [], "methodCalls": []}').status_code == 401
