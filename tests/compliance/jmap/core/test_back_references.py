"""rfc8620#3.7: arguments that take their value from an earlier answer."""

from __future__ import annotations

from typing import Any

import pytest

from pirab.jmap.limits import CORE_LIMITS
from tests.compliance.jmap.door import Door

SOURCE = {
    "list": [{"id": "x", "tags": ["a", "b"]}, {"id": "y", "tags": []}, {"id": "z", "tags": ["c"]}],
    "a/b": {"m~n": 8},
    "nothing": None,
    "": "empty name",
}


def resolved(door: Door, path: str, result_of: str = "0", name: str = "Core/echo") -> tuple[str, Any]:
    reference = {"resultOf": result_of, "name": name, "path": path}
    calls = [["Core/echo", SOURCE, "0"], ["Core/echo", {"#got": reference}, "1"]]
    answer = door.request(calls)["methodResponses"][1]
    return answer[0], answer[1]


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("", SOURCE),
        ("/", "empty name"),
        ("/list/0/id", "x"),
        ("/list/*/id", ["x", "y", "z"]),
        ("/list/*/tags", ["a", "b", "c"]),
        ("/list/*/tags/*", ["a", "b", "c"]),
        ("/list/*", SOURCE["list"]),
        ("/a~1b/m~0n", 8),
        ("/nothing", None),
    ],
)
def test_a_path_leads_to_its_value(door: Door, path: str, value: object) -> None:
    assert resolved(door, path) == ("Core/echo", {"got": value})


@pytest.mark.parametrize(
    "path",
    [
        "list",
        "/no",
        "/list/3",
        "/list/-1",
        "/list/00",
        "/list/-",
        "/list/x",
        "/list/*/no",
        "/a~1b/*",
        "/nothing/x",
        "/a~2b",
        "/list/99999999999999999999",
        "/list/٠",
        "/list/0/id/0",
    ],
)
def test_a_path_that_leads_nowhere_does_not_resolve(door: Door, path: str) -> None:
    name, error = resolved(door, path)
    assert (name, error["type"]) == ("error", "invalidResultReference")


def test_only_earlier_calls_can_be_referred_to(door: Door) -> None:
    for result_of, name in (("1", "Core/echo"), ("none", "Core/echo"), ("0", "Mailbox/get")):
        answer, error = resolved(door, "/nothing", result_of, name)
        assert (answer, error["type"]) == ("error", "invalidResultReference")


def test_an_error_is_not_an_answer_of_the_method(door: Door) -> None:
    reference = {"resultOf": "0", "name": "Mailbox/get", "path": "/list"}
    calls = [["Mailbox/get", {"accountId": "a1zzzz"}, "0"], ["Core/echo", {"#got": reference}, "1"]]
    assert door.request(calls)["methodResponses"][1][1]["type"] == "invalidResultReference"


@pytest.mark.parametrize(
    "arguments",
    [
        {"#ids": None},
        {"#ids": "0"},
        {"#ids": {"resultOf": "0", "name": "Core/echo"}},
        {"#ids": {"resultOf": 0, "name": "Core/echo", "path": ""}},
        {"#ids": {"resultOf": "0", "name": "Core/echo", "path": "", "more": 1}},
        {"ids": [], "#ids": {"resultOf": "0", "name": "Core/echo", "path": ""}},
    ],
)
def test_a_malformed_or_double_reference_is_an_invalid_argument(door: Door, arguments: Any) -> None:
    calls = [["Core/echo", {}, "0"], ["Core/echo", arguments, "1"]]
    error = door.request(calls)["methodResponses"][1][1]
    assert (error["type"], error["arguments"]) == ("invalidArguments", ["ids"])


def test_a_reference_of_the_wrong_type_is_an_invalid_argument(door: Door) -> None:
    reference = {"resultOf": "0", "name": "Core/echo", "path": "/list"}
    get = ["Mailbox/get", {"accountId": door.account_id, "#ids": reference}, "1"]
    answers = door.request([["Core/echo", SOURCE, "0"], get])["methodResponses"]
    assert answers[1][1]["type"] == "invalidArguments"


def test_references_that_double_each_time_run_out(door: Door) -> None:
    """Sixty doublings would be more octets than there is memory in the world."""
    calls: list[Any] = [["Core/echo", {"a": "x" * 1000}, "0"]]
    for n in range(1, CORE_LIMITS.max_calls_in_request):
        reference = {"resultOf": str(n - 1), "name": "Core/echo", "path": ""}
        calls.append(["Core/echo", {"#a": reference, "#b": reference}, str(n)])
    answers = door.request(calls)["methodResponses"]
    assert answers[5][0] == "Core/echo"
    assert answers[-1][0] == "error"
    assert {answer[1]["type"] for answer in answers if answer[0] == "error"} == {"invalidResultReference"}


def test_mailboxes_are_found_and_fetched_in_one_request(door: Door) -> None:
    account = {"accountId": door.account_id}
    reference = {"resultOf": "q", "name": "Mailbox/query", "path": "/ids"}
    calls = [
        ["Mailbox/query", account | {"filter": {"role": "inbox"}}, "q"],
        ["Mailbox/get", account | {"#ids": reference, "properties": ["role"]}, "g"],
    ]
    answers = door.request(calls)["methodResponses"]
    assert [box["role"] for box in answers[1][1]["list"]] == ["inbox"]
