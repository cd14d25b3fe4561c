"""Mailbox/set (rfc8621#2.5 on top of rfc8620#5.3)."""

from __future__ import annotations

from typing import Any

import pytest

from pirab.core import clock
from pirab.jmap.limits import CORE_LIMITS
from pirab.store import actions as store
from pirab.store.types import Delivery, MailboxRole
from tests.compliance.jmap.door import Door
from tests.conftest import letter


def refused_create(door: Door, properties: dict[str, Any]) -> dict[str, Any]:
    result = door.call("Mailbox/set", create={"k": properties})
    assert result["created"] is None
    assert result["oldState"] == result["newState"]
    error: dict[str, Any] = result["notCreated"]["k"]
    return error


def refused_update(door: Door, box_id: str, patch: dict[str, Any]) -> dict[str, Any]:
    result = door.call("Mailbox/set", update={box_id: patch})
    assert result["updated"] is None
    error: dict[str, Any] = result["notUpdated"][box_id]
    return error


def test_a_create_answers_with_what_the_client_does_not_know(door: Door) -> None:
    result = door.call("Mailbox/set", create={"k": {"name": "หนังสือเข้า", "sortOrder": 7}})
    made = result["created"]["k"]
    assert made.keys() == {
        *("id", "parentId", "role", "isSubscribed", "myRights"),
        *("totalEmails", "unreadEmails", "totalThreads", "unreadThreads"),
    }
    assert (made["parentId"], made["isSubscribed"], made["totalEmails"]) == (None, True, 0)
    assert result["oldState"] != result["newState"]
    assert door.call("Mailbox/get", ids=[])["state"] == result["newState"]
    assert door.mailboxes()["หนังสือเข้า"]["sortOrder"] == 7


@pytest.mark.parametrize(
    ("properties", "bad"),
    [
        ({}, ["name"]),
        ({"name": None}, ["name"]),
        ({"name": 5}, ["name"]),
        ({"name": ""}, ["name"]),
        ({"name": "   "}, ["name"]),
        ({"name": "a\u0000b"}, ["name"]),
        ({"name": "a\nb"}, ["name"]),
        ({"name": "ก" * 86}, ["name"]),
        ({"name": "x", "role": "king"}, ["role"]),
        ({"name": "x", "role": ["inbox"]}, ["role"]),
        ({"name": "x", "role": "inbox"}, ["role"]),
        ({"name": "x", "sortOrder": -1}, ["sortOrder"]),
        ({"name": "x", "sortOrder": 2**31}, ["sortOrder"]),
        ({"name": "x", "sortOrder": 1.5}, ["sortOrder"]),
        ({"name": "x", "sortOrder": True}, ["sortOrder"]),
        ({"name": "x", "isSubscribed": "yes"}, ["isSubscribed"]),
        ({"name": "x", "parentId": 5}, ["parentId"]),
        ({"name": "x", "parentId": "m9zzzzz"}, ["parentId"]),
        ({"name": "x", "parentId": "#nothing"}, ["parentId"]),
        ({"name": "x", "parentId": "#k"}, ["parentId"]),
        ({"name": "x", "id": "m1"}, ["id"]),
        ({"name": "x", "totalEmails": 0}, ["totalEmails"]),
        ({"name": "x", "color": "red", "sortOrder": "1"}, ["color", "sortOrder"]),
    ],
)
def test_a_bad_property_is_named(door: Door, properties: dict[str, Any], bad: list[str]) -> None:
    error = refused_create(door, properties)
    assert (error["type"], error["properties"]) == ("invalidProperties", bad)


def test_a_name_may_be_as_long_as_promised(door: Door) -> None:
    name = "ก" * 85
    assert door.make_mailbox(name)
    assert name in door.mailboxes()


def test_a_name_is_used_once_a_parent(door: Door) -> None:
    first = door.make_mailbox("กลาง")
    error = refused_create(door, {"name": "กลาง"})
    assert (error["type"], error["existingId"]) == ("alreadyExists", first)
    inside = door.make_mailbox("กลาง", parentId=first)
    assert refused_update(door, inside, {"parentId": None})["type"] == "alreadyExists"


def test_a_decomposed_spelling_is_the_same_name(door: Door) -> None:
    door.make_mailbox("caf\u00e9")
    assert refused_create(door, {"name": "cafe\u0301"})["type"] == "alreadyExists"


def test_a_name_the_server_normalised_is_told(door: Door) -> None:
    box_id = door.make_mailbox("plain")
    result = door.call("Mailbox/set", update={box_id: {"name": "cafe\u0301"}})
    assert result["updated"] == {box_id: {"name": "caf\u00e9"}}


def test_children_may_be_created_before_their_parents_in_one_call(door: Door) -> None:
    create = {
        "c": {"name": "grandchild", "parentId": "#b"},
        "b": {"name": "child", "parentId": "#a"},
        "a": {"name": "parent"},
    }
    created = door.call("Mailbox/set", create=create)["created"]
    boxes = door.mailboxes()
    assert boxes["grandchild"]["parentId"] == created["b"]["id"]
    assert boxes["child"]["parentId"] == created["a"]["id"]


def test_creations_that_are_each_others_parents_are_refused(door: Door) -> None:
    create = {"a": {"name": "a", "parentId": "#b"}, "b": {"name": "b", "parentId": "#a"}}
    refused = door.call("Mailbox/set", create=create)["notCreated"]
    assert {error["type"] for error in refused.values()} == {"invalidProperties"}


def test_a_mailbox_is_never_below_itself(door: Door) -> None:
    top = door.make_mailbox("top")
    below = door.make_mailbox("below", parentId=top)
    for parent in (top, below):
        error = refused_update(door, top, {"parentId": parent})
        assert (error["type"], error["properties"]) == ("invalidProperties", ["parentId"])


def test_updates_change_what_they_name(door: Door) -> None:
    top, box_id = door.make_mailbox("top"), door.make_mailbox("box", sortOrder=9)
    patch = {"name": "กล่อง", "parentId": top, "isSubscribed": False}
    assert door.call("Mailbox/set", update={box_id: patch})["updated"] == {box_id: None}
    found = door.mailboxes()["กล่อง"]
    assert (found["parentId"], found["isSubscribed"], found["sortOrder"]) == (top, False, 9)
    door.call("Mailbox/set", update={box_id: {"sortOrder": None, "isSubscribed": None, "parentId": None}})
    found = door.mailboxes()["กล่อง"]
    assert (found["parentId"], found["isSubscribed"], found["sortOrder"]) == (None, True, 0)


def test_a_whole_object_may_be_sent_back(door: Door) -> None:
    box_id = door.make_mailbox("whole")
    whole = door.mailboxes()["whole"]
    assert door.call("Mailbox/set", update={box_id: whole | {"name": "new"}})["updated"] == {box_id: None}
    error = refused_update(door, box_id, whole | {"totalEmails": 5})
    assert (error["type"], error["properties"]) == ("invalidProperties", ["totalEmails"])


@pytest.mark.parametrize(
    ("patch", "kind"),
    [
        ({"name": None}, "invalidProperties"),
        ({"noSuch": 1}, "invalidProperties"),
        ({"myRights/mayDelete": False}, "invalidProperties"),
        ({"myRights/mayFly": True}, "invalidProperties"),
        ({"name/first": "x"}, "invalidPatch"),
        ({"myRights": {}, "myRights/mayDelete": True}, "invalidPatch"),
        ({"a/b/c": 1}, "invalidPatch"),
    ],
)
def test_a_bad_patch_is_refused(door: Door, patch: dict[str, Any], kind: str) -> None:
    assert refused_update(door, door.make_mailbox("box"), patch)["type"] == kind


def test_a_patch_happens_whole_or_not_at_all(door: Door) -> None:
    box_id = door.make_mailbox("box")
    refused_update(door, box_id, {"name": "new name", "sortOrder": -1})
    assert "box" in door.mailboxes()


@pytest.mark.parametrize("box_id", ["nonexistent", "m9zzzzz", "e1", "#unknown"])
def test_what_is_not_there_is_not_found(door: Door, box_id: str) -> None:
    result = door.call("Mailbox/set", update={box_id: {"name": "x"}}, destroy=[box_id])
    assert result["notUpdated"][box_id]["type"] == "notFound"
    assert result["notDestroyed"][box_id]["type"] == "notFound"


def test_somebody_elses_mailbox_is_not_found(door: Door, stranger_door: Door) -> None:
    theirs = stranger_door.make_mailbox("theirs")
    result = door.call("Mailbox/set", update={theirs: {"name": "mine"}}, destroy=[theirs])
    assert result["notUpdated"][theirs]["type"] == result["notDestroyed"][theirs]["type"] == "notFound"
    error = refused_create(door, {"name": "x", "parentId": theirs})
    assert (error["type"], error["properties"]) == ("invalidProperties", ["parentId"])
    assert "theirs" in stranger_door.mailboxes()


def test_names_may_be_swapped_and_passed_on(door: Door) -> None:
    a, b, c = (door.make_mailbox(name) for name in "abc")
    result = door.call("Mailbox/set", update={a: {"name": "b"}, b: {"name": "c"}, c: {"name": "a"}})
    assert result["notUpdated"] is None
    assert {name: box["id"] for name, box in door.mailboxes().items() if name in "abc"} == {
        "b": a,
        "c": b,
        "a": c,
    }
    result = door.call("Mailbox/set", update={a: {"name": "d"}, b: {"name": "b"}})
    assert result["notUpdated"] is None


def test_a_destroyed_mailbox_gives_its_name_free_in_the_same_call(door: Door) -> None:
    old = door.make_mailbox("name")
    result = door.call("Mailbox/set", create={"k": {"name": "name"}}, destroy=[old])
    assert (result["destroyed"], result["notCreated"]) == ([old], None)


def test_what_has_children_stays(door: Door) -> None:
    top = door.make_mailbox("top")
    below = door.make_mailbox("below", parentId=top)
    result = door.call("Mailbox/set", destroy=[top], onDestroyRemoveEmails=True)
    assert result["notDestroyed"][top]["type"] == "mailboxHasChild"
    result = door.call("Mailbox/set", destroy=[top, below, top])
    assert sorted(result["destroyed"]) == sorted([top, below])
    assert result["notDestroyed"] is None


def test_what_holds_mail_stays_unless_the_mail_may_go(door: Door) -> None:
    account = door.member.account_id
    store.deliver(store.ensure_message(letter()), [Delivery(account, clock.now(), MailboxRole.ARCHIVE)])
    archive = door.role("archive")
    result = door.call("Mailbox/set", destroy=[archive])
    assert result["notDestroyed"][archive]["type"] == "mailboxHasEmail"
    result = door.call("Mailbox/set", destroy=[archive], onDestroyRemoveEmails=True)
    assert result["destroyed"] == [archive]


def test_the_inbox_stays(door: Door) -> None:
    inbox = door.role("inbox")
    assert door.call("Mailbox/set", destroy=[inbox])["notDestroyed"][inbox]["type"] == "forbidden"
    assert refused_update(door, inbox, {"role": None})["type"] == "forbidden"


def test_a_role_is_held_once(door: Door) -> None:
    box_id = door.make_mailbox("box")
    error = refused_update(door, box_id, {"role": "sent"})
    assert (error["type"], error["properties"]) == ("invalidProperties", ["role"])


def test_another_state_than_expected_changes_nothing(door: Door) -> None:
    for state in ("invalid-state", "0", "999999", "-1", "", "٣", "9" * 255):
        error = door.refusal("Mailbox/set", ifInState=state, create={"k": {"name": "never"}})
        assert error["type"] == "stateMismatch"
    assert "never" not in door.mailboxes()
    now = door.call("Mailbox/get", ids=[])["state"]
    assert door.call("Mailbox/set", ifInState=now, create={"k": {"name": "now"}})["created"]


def test_more_changes_than_allowed_are_too_large_a_request(door: Door) -> None:
    destroy = [f"m{n}" for n in range(1, CORE_LIMITS.max_objects_in_set + 2)]
    assert door.refusal("Mailbox/set", destroy=destroy)["type"] == "requestTooLarge"


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ({"create": []}, "create"),
        ({"create": {"k": None}}, "create"),
        ({"create": {"white space": {"name": "x"}}}, "create"),
        ({"update": {"m1": []}}, "update"),
        ({"destroy": "m1"}, "destroy"),
        ({"destroy": [1]}, "destroy"),
        ({"ifInState": 5}, "ifInState"),
        ({"onDestroyRemoveEmails": "yes"}, "onDestroyRemoveEmails"),
    ],
)
def test_a_wrong_type_is_an_invalid_argument(door: Door, arguments: dict[str, Any], named: str) -> None:
    error = door.refusal("Mailbox/set", **arguments)
    assert (error["type"], error["arguments"]) == ("invalidArguments", [named])
