"""Email/set update and destroy (rfc8621#4.6, rfc8620#5.3)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.compliance.jmap.email.session import JmapSession
from tests.conftest import letter


@pytest.fixture
def email_id(jmap: JmapSession) -> str:
    created: str = jmap.import_(letter(), keywords={"$seen": True, "old": True})["id"]
    return created


def _keywords(jmap: JmapSession, email_id: str) -> set[str]:
    return set(jmap.get(email_id, "keywords")["keywords"])


def _update(jmap: JmapSession, email_id: str, patch: dict[str, Any]) -> dict[str, Any] | None:
    """Apply a patch; the SetError, or None."""
    result = jmap.call("Email/set", update={email_id: patch})
    if result["updated"]:
        assert result["updated"] == {email_id: None}
        assert result["notUpdated"] is None
        return None
    refused: dict[str, Any] = result["notUpdated"][email_id]
    return refused


def test_keywords_are_added_and_taken_away_one_by_one(jmap: JmapSession, email_id: str) -> None:
    assert _update(jmap, email_id, {"keywords/$flagged": True, "keywords/OLD": None}) is None
    assert _keywords(jmap, email_id) == {"$seen", "$flagged"}
    assert _update(jmap, email_id, {"keywords/$seen": None, "keywords/never": None}) is None
    assert _keywords(jmap, email_id) == {"$flagged"}


def test_keywords_are_replaced_whole(jmap: JmapSession, email_id: str) -> None:
    assert _update(jmap, email_id, {"keywords": {"$Answered": True, "a/b~c": True}}) is None
    assert _keywords(jmap, email_id) == {"$answered", "a/b~c"}
    assert _update(jmap, email_id, {"keywords/a~1b~0c": None}) is None
    assert _keywords(jmap, email_id) == {"$answered"}
    assert _update(jmap, email_id, {"keywords": None}) is None
    assert _keywords(jmap, email_id) == set()


def test_mailboxes_are_changed_both_ways(jmap: JmapSession, email_id: str) -> None:
    boxes = jmap.mailboxes
    assert _update(jmap, email_id, {f"mailboxIds/{boxes['archive']}": True}) is None
    found = jmap.get(email_id, "mailboxIds")["mailboxIds"]
    assert found == {boxes["inbox"]: True, boxes["archive"]: True}
    assert _update(jmap, email_id, {f"mailboxIds/{boxes['inbox']}": None}) is None
    assert _update(jmap, email_id, {f"mailboxIds/{boxes['junk']}": None}) is None
    assert jmap.get(email_id, "mailboxIds")["mailboxIds"] == {boxes["archive"]: True}
    assert _update(jmap, email_id, {"mailboxIds": {boxes["trash"]: True}}) is None
    assert jmap.get(email_id, "mailboxIds")["mailboxIds"] == {boxes["trash"]: True}


@pytest.mark.parametrize(
    ("patch", "kind", "named"),
    [
        ({"keywords/$flagged": False}, "invalidProperties", ["keywords"]),
        ({"keywords/$flagged": "yes"}, "invalidProperties", ["keywords"]),
        ({"keywords/has space": True}, "invalidProperties", ["keywords"]),
        ({"keywords/" + "k" * 1_000_000: True}, "invalidProperties", ["keywords"]),
        ({"keywords": {"$seen": None}}, "invalidProperties", ["keywords"]),
        ({"keywords": []}, "invalidProperties", ["keywords"]),
        ({"keywords": {"$seen": True}, "keywords/$flagged": True}, "invalidPatch", None),
        ({"keywords/$seen/x": True}, "invalidPatch", None),
        ({"keywords/Flag": True, "keywords/flag": None}, "invalidPatch", None),
        ({"mailboxIds": {}}, "invalidProperties", ["mailboxIds"]),
        ({"mailboxIds": None}, "invalidProperties", ["mailboxIds"]),
        ({"mailboxIds/m999999": True}, "invalidProperties", ["mailboxIds"]),
        ({"mailboxIds/nonsense": True}, "invalidProperties", ["mailboxIds"]),
        ({"mailboxIds/a/b": True}, "invalidPatch", None),
        ({"nosuch": 1}, "invalidProperties", ["nosuch"]),
        ({"nosuch/deep/er": 1}, "invalidPatch", None),
        ({"": 1}, "invalidProperties", [""]),
        ({"subject": "other"}, "invalidProperties", ["subject"]),
        ({"from/0/name": "x"}, "invalidPatch", None),
        ({"bodyValues/1/value": "x"}, "invalidProperties", ["bodyValues"]),
        ({"receivedAt": "2026-01-01T00:00:00Z"}, "invalidProperties", ["receivedAt"]),
        ({"id": "e1"}, "invalidProperties", ["id"]),
        ({"header:Subject:asText": "other"}, "invalidProperties", ["header:Subject:asText"]),
        ({"header:Subject:asDate": None}, "invalidProperties", ["header:Subject:asDate"]),
    ],
)
def test_a_bad_patch_changes_nothing(
    jmap: JmapSession, email_id: str, patch: dict[str, Any], kind: str, named: list[str] | None
) -> None:
    before = jmap.call("Email/get", ids=[])["state"]
    refused = _update(jmap, email_id, patch)
    assert refused is not None
    assert refused["type"] == kind, refused
    assert refused.get("properties") == named
    assert jmap.call("Email/get", ids=[])["state"] == before


def test_keywords_have_a_number_too(jmap: JmapSession, email_id: str) -> None:
    many = {f"keywords/k{number}": True for number in range(105)}
    assert _update(jmap, email_id, many) is None
    for patch in (
        {"keywords/one": True, "keywords/two": True},
        {f"keywords/x{n}": True for n in range(2000)},
    ):
        refused = _update(jmap, email_id, patch)
        assert refused is not None
        assert refused["type"] == "tooManyKeywords"
    assert len(_keywords(jmap, email_id)) == 107


def test_an_email_cannot_leave_its_last_mailbox(jmap: JmapSession, email_id: str) -> None:
    refused = _update(jmap, email_id, {f"mailboxIds/{jmap.mailboxes['inbox']}": None})
    assert refused is not None
    assert refused["properties"] == ["mailboxIds"]


def test_immutable_properties_may_be_sent_unchanged(jmap: JmapSession, email_id: str) -> None:
    whole = jmap.get(email_id)
    assert _update(jmap, email_id, whole | {"keywords": {"$flagged": True}}) is None
    assert _keywords(jmap, email_id) == {"$flagged"}


def test_an_unknown_email_is_not_found(jmap: JmapSession, stranger_jmap: JmapSession, email_id: str) -> None:
    result = jmap.call("Email/set", update={"nonsense": {"keywords/$seen": True}, "e1": {"subject": "x"}})
    assert {each["type"] for each in result["notUpdated"].values()} == {"notFound"}
    assert set(result["notUpdated"]) == {"nonsense", "e1"}
    theirs = stranger_jmap.call("Email/set", update={email_id: {"keywords/$flagged": True}}, destroy=[])
    assert theirs["notUpdated"][email_id]["type"] == "notFound"


def test_what_is_destroyed_is_not_updated(jmap: JmapSession, email_id: str) -> None:
    result = jmap.call(
        "Email/set", update={email_id: {"keywords/$seen": True}}, destroy=[email_id, "e1", "x"]
    )
    assert result["notUpdated"][email_id]["type"] == "willDestroy"
    assert result["destroyed"] == [email_id]
    assert {each["type"] for each in result["notDestroyed"].values()} == {"notFound"}
    assert jmap.call("Email/get", ids=[email_id])["notFound"] == [email_id]


def test_a_wrong_state_stops_the_call(jmap: JmapSession, email_id: str) -> None:
    state = jmap.call("Email/get", ids=[])["state"]
    assert _update(jmap, email_id, {"keywords/x": True}) is None
    for wrong in (state, "0", "nonsense", "9" * 30):
        error = jmap.error("Email/set", ifInState=wrong, destroy=[email_id])
        assert error["type"] == "stateMismatch"
    assert _keywords(jmap, email_id) == {"$seen", "old", "x"}


def test_a_thousand_flags_in_one_call(jmap: JmapSession, email_id: str) -> None:
    ids = [email_id] + [f"e{number}" for number in range(1, 1000)]
    result = jmap.call("Email/set", update={each: {"keywords/$flagged": True} for each in ids})
    assert result["updated"] == {email_id: None}
    assert len(result["notUpdated"]) == 999


def test_changing_nothing_moves_no_state(jmap: JmapSession, email_id: str) -> None:
    before = jmap.call("Email/get", ids=[])["state"]
    result = jmap.call("Email/set", update={email_id: {"keywords/$seen": True}})
    assert result["updated"] == {email_id: None}
    assert result["oldState"] == result["newState"] == before


@pytest.mark.parametrize(
    "arguments",
    [{"create": []}, {"create": {"a b": {}}}, {"create": {"k": 1}}, {"update": {"e1": []}}, {"destroy": "e1"},
     {"destroy": [None]}, {"ifInState": 1}, {"other": 1}],
)  # fmt: skip
def test_bad_arguments_are_refused(jmap: JmapSession, arguments: dict[str, Any]) -> None:
    assert jmap.error("Email/set", **arguments)["type"] == "invalidArguments"
