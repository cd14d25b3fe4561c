"""The colour of a label: Pirab's own property of a Mailbox, seen only by those who ask for it."""

from __future__ import annotations

from typing import Any

import pytest

from pirab.jmap.capabilities import CORE, LABELS, MAIL
from tests.compliance.jmap.door import Door

USING = [CORE, MAIL, LABELS]


def call(door: Door, name: str, **arguments: Any) -> dict[str, Any]:
    return door.call(name, using=USING, **arguments)


def made(door: Door, **properties: Any) -> str:
    result = call(door, "Mailbox/set", create={"k": {"name": "งบประมาณ", **properties}})
    return str(result["created"]["k"]["id"])


def test_a_colour_is_kept_and_pushed_as_a_change(door: Door) -> None:
    box = made(door, **{"pirab:color": "teal"})
    before = call(door, "Mailbox/get", ids=[box])
    assert before["list"][0]["pirab:color"] == "teal"
    assert call(door, "Mailbox/set", update={box: {"pirab:color": "red"}})["updated"] == {box: None}
    assert call(door, "Mailbox/get", ids=[box], properties=["pirab:color"])["list"] == [
        {"id": box, "pirab:color": "red"}
    ]
    changed = call(door, "Mailbox/changes", sinceState=before["state"])
    assert (changed["updated"], changed["updatedProperties"]) == ([box], None)
    call(door, "Mailbox/set", update={box: {"pirab:color": None}})
    assert call(door, "Mailbox/get", ids=[box])["list"][0]["pirab:color"] is None


def test_those_who_do_not_ask_see_plain_mailboxes(door: Door) -> None:
    box = made(door, **{"pirab:color": "teal"})
    assert "pirab:color" not in door.call("Mailbox/get", ids=[box])["list"][0]
    refused = door.call("Mailbox/set", update={box: {"pirab:color": "red"}})
    assert refused["notUpdated"][box]["type"] == "invalidProperties"
    door.call("Mailbox/set", update={box: {"name": "ใหม่"}})
    assert call(door, "Mailbox/get", ids=[box])["list"][0]["pirab:color"] == "teal"


@pytest.mark.parametrize("value", ["", "TEAL", "#ff0000", "javascript:", 7, True, ["red"], {"a": 1}, "แดง"])
def test_other_values_are_refused(door: Door, value: object) -> None:
    refused = call(door, "Mailbox/set", create={"k": {"name": "x", "pirab:color": value}})
    assert refused["notCreated"]["k"]["properties"] == ["pirab:color"]
    box = made(door)
    refused = call(door, "Mailbox/set", update={box: {"pirab:color": value}})
    assert refused["notUpdated"][box]["properties"] == ["pirab:color"]
