"""VacationResponse/get and /set (rfc8621#8)."""

from __future__ import annotations

from typing import Any

import pytest

from pirab.jmap.capabilities import CORE, VACATION_RESPONSE
from tests.compliance.jmap.door import Door

USING = [CORE, VACATION_RESPONSE]
EMPTY = {
    "id": "singleton",
    "isEnabled": False,
    "fromDate": None,
    "toDate": None,
    "subject": None,
    "textBody": None,
    "htmlBody": None,
}


def get(door: Door, **arguments: Any) -> dict[str, Any]:
    return door.call("VacationResponse/get", using=USING, **arguments)


def update(door: Door, patch: dict[str, Any], **arguments: Any) -> dict[str, Any]:
    return door.call("VacationResponse/set", using=USING, update={"singleton": patch}, **arguments)


def test_an_account_is_born_with_a_disabled_one(door: Door) -> None:
    result = get(door, ids=None)
    assert (result["list"], result["notFound"]) == ([EMPTY], [])
    assert get(door, ids=["singleton", "x", "singleton"]) == {**result, "notFound": ["x"]}
    assert get(door, ids=["x"])["list"] == []
    assert get(door, ids=None, properties=["isEnabled"])["list"] == [{"id": "singleton", "isEnabled": False}]


def test_what_is_set_is_there_and_null_resets(door: Door) -> None:
    wanted = {
        "isEnabled": True,
        "fromDate": "2026-12-01T00:00:00Z",
        "toDate": "2026-12-05T10:00:00Z",
        "subject": "ลาพักผ่อน",
        "textBody": "กลับ ๕ ธ.ค. ๒๕๖๙",
        "htmlBody": "<p>กลับ</p>",
    }
    before = get(door)["state"]
    result = update(door, wanted)
    assert result["updated"] == {"singleton": None}
    assert (result["oldState"], result["newState"] != before) == (before, True)
    assert get(door)["list"] == [{"id": "singleton"} | wanted]
    update(door, dict.fromkeys(wanted))
    assert get(door)["list"] == [EMPTY]
    state = get(door)["state"]
    assert update(door, {"isEnabled": False})["newState"] == state


@pytest.mark.parametrize(
    ("patch", "named"),
    [
        ({"isEnabled": "yes"}, "isEnabled"),
        ({"isEnabled": 1}, "isEnabled"),
        ({"fromDate": "2026-12-01"}, "fromDate"),
        ({"toDate": "2026-13-01T00:00:00Z"}, "toDate"),
        ({"toDate": 7}, "toDate"),
        ({"subject": "a\r\nBcc: x@y.test"}, "subject"),
        ({"subject": ["a"]}, "subject"),
        ({"textBody": "x" * 100_001}, "textBody"),
        ({"textBody": "a\u0000"}, "textBody"),
        ({"htmlBody": {}}, "htmlBody"),
        ({"id": "x"}, "id"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_bad_properties_are_named_and_change_nothing(door: Door, patch: dict[str, Any], named: str) -> None:
    result = update(door, {"subject": "ก"} | patch)
    assert result["notUpdated"]["singleton"]["properties"] == [named]
    assert get(door)["list"] == [EMPTY]


def test_there_is_no_second_one_and_it_stays(door: Door) -> None:
    result = door.call(
        "VacationResponse/set", using=USING, create={"k": {}}, destroy=["singleton", "x"], update={"x": {}}
    )
    assert result["notCreated"]["k"]["type"] == "singleton"
    assert result["notDestroyed"]["singleton"]["type"] == "singleton"
    assert (result["notDestroyed"]["x"]["type"], result["notUpdated"]["x"]["type"]) == (
        "notFound",
        "notFound",
    )


def test_if_in_state(door: Door) -> None:
    name, error = door.outcome(
        "VacationResponse/set", using=USING, update={"singleton": {"isEnabled": True}}, ifInState="4711"
    )
    assert (name, error["type"]) == ("error", "stateMismatch")
    assert update(door, {"isEnabled": True}, ifInState=get(door)["state"])["updated"] == {"singleton": None}


def test_somebody_elses_is_not_found(door: Door, stranger_door: Door) -> None:
    for call in ("VacationResponse/get", "VacationResponse/set"):
        name, error = stranger_door.outcome(call, using=USING, accountId=door.account_id)
        assert (name, error["type"]) == ("error", "accountNotFound")


def test_the_capability_is_needed(door: Door) -> None:
    assert door.refusal("VacationResponse/get")["type"] == "unknownMethod"
