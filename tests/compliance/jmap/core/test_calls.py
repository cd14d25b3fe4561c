"""rfc8620#3.3, #3.4, #3.6.2, #4: calls run in order, each with its own answer."""

from __future__ import annotations

from typing import Any

import pytest

from pirab.core.ids import IdKind, encode_id
from tests.compliance.jmap.door import CORE, MAIL, Door


def test_echo_gives_back_what_it_got(door: Door) -> None:
    given = {
        "hello": True,
        "high": [5, None, 3.25, -0.5],
        "ไทย": {"": "สวัสดี \U0001f426"},
        "nul": "\x00",
        "large": 2**62,
    }
    [[name, answer, call_id]] = door.request([["Core/echo", given, "b3ff"]])["methodResponses"]
    assert (name, answer, call_id) == ("Core/echo", given, "b3ff")


def test_answers_come_in_the_order_of_the_calls(door: Door) -> None:
    account = {"accountId": door.account_id}
    calls = [["Mailbox/get", account | {"ids": []}, "1"], ["No/such", {}, "2"], ["Core/echo", {"n": 3}, "1"]]
    answers = door.request(calls)["methodResponses"]
    assert [(name, call_id) for name, _, call_id in answers] == [
        ("Mailbox/get", "1"),
        ("error", "2"),
        ("Core/echo", "1"),
    ]
    assert answers[1][1] == {"type": "unknownMethod"}


def test_no_calls_give_no_answers(door: Door) -> None:
    assert door.request([])["methodResponses"] == []


@pytest.mark.parametrize("using", [[], [MAIL]])
def test_a_method_is_unknown_without_its_capability(door: Door, using: list[str]) -> None:
    [[name, answer, _]] = door.request([["Core/echo", {}, "c"]], using)["methodResponses"]
    assert (name, answer["type"]) == ("error", "unknownMethod")


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ({"accountId": 7}, "accountId"),
        ({"accountId": None}, "accountId"),
        ({"accountId": ""}, "accountId"),
        ({"accountId": "a" * 256}, "accountId"),
        ({"accountId": "a1/../a2"}, "accountId"),
        ({"ids": "m1"}, "ids"),
        ({"ids": [None]}, "ids"),
        ({"ids": ["white space"]}, "ids"),
        ({"ids": [["m1"]]}, "ids"),
        ({"properties": "name"}, "properties"),
        ({"properties": ["noSuchProperty"]}, "properties"),
        ({"properties": [1]}, "properties"),
        ({"surprise": True}, "surprise"),
    ],
)
def test_a_bad_argument_is_named(door: Door, arguments: dict[str, Any], named: str) -> None:
    error = door.refusal("Mailbox/get", **arguments)
    assert (error["type"], error["arguments"]) == ("invalidArguments", [named])


def test_a_missing_account_is_an_invalid_argument(door: Door) -> None:
    [[name, error, _]] = door.request([["Mailbox/get", {}, "c"]])["methodResponses"]
    assert (name, error["type"]) == ("error", "invalidArguments")


@pytest.mark.parametrize("account_id", ["a1zzzzzzzzzz", "m1", "a0", "A1", "nonexistent", "a" + "z" * 13, "a"])
def test_an_account_that_is_not_there_is_not_found(door: Door, account_id: str) -> None:
    assert door.refusal("Mailbox/get", accountId=account_id) == {"type": "accountNotFound"}


def test_somebody_elses_account_looks_absent(door: Door, stranger_door: Door) -> None:
    absent = door.refusal("Mailbox/get", accountId=encode_id(IdKind.ACCOUNT, 2**62))
    for method in ("Mailbox/get", "Mailbox/set", "Mailbox/query", "Thread/get"):
        assert door.refusal(method, accountId=stranger_door.account_id) == absent


def test_created_ids_come_back_when_they_were_sent(door: Door) -> None:
    call = ["Mailbox/set", {"accountId": door.account_id, "create": {"k": {"name": "ใหม่"}}}, "c"]
    response = door.request([call], createdIds={"earlier": "m1"})
    made = response["methodResponses"][0][1]["created"]["k"]["id"]
    assert response["createdIds"] == {"earlier": "m1", "k": made}
    assert "createdIds" not in door.request([])


def test_a_creation_id_of_an_earlier_request_still_works(door: Door) -> None:
    made = door.make_mailbox("บน")
    child = {"name": "ล่าง", "parentId": "#above"}
    call = ["Mailbox/set", {"accountId": door.account_id, "create": {"below": child}}, "c"]
    response = door.request([call], createdIds={"above": made})
    assert response["methodResponses"][0][1]["notCreated"] is None
    assert door.mailboxes()["ล่าง"]["parentId"] == made


def test_a_creation_id_used_twice_means_the_latest(door: Door) -> None:
    account = {"accountId": door.account_id}
    calls = [
        ["Mailbox/set", account | {"create": {"k": {"name": "first"}}}, "1"],
        ["Mailbox/set", account | {"create": {"k": {"name": "second"}}}, "2"],
        ["Mailbox/get", account | {"ids": ["#k"], "properties": ["name"]}, "3"],
    ]
    answers = door.request(calls)["methodResponses"]
    assert [box["name"] for box in answers[2][1]["list"]] == ["second"]


def test_the_session_state_is_that_of_the_session(door: Door) -> None:
    session = door.client.get("/.well-known/jmap", headers=door.headers).json()
    assert door.request([], [CORE])["sessionState"] == session["state"]
