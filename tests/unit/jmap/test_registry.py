"""The table of methods and the strict reading of arguments."""

from __future__ import annotations

import re
from typing import Any

import pytest

from pirab.jmap import registry
from pirab.jmap.arguments import (
    GetArguments,
    QueryArguments,
    SetArguments,
    chosen_properties,
    decode,
    decode_state,
)
from pirab.jmap.capabilities import CORE
from pirab.jmap.errors import MethodError
from pirab.jmap.registry import DuplicateMethodError, MethodResult, find, method


def test_two_handlers_of_one_name_stop_the_start() -> None:
    assert find("Core/echo")
    register = method("Core/echo", capability=CORE, arguments=dict)
    with pytest.raises(DuplicateMethodError):
        register(lambda context, arguments: MethodResult(arguments))


def test_the_path_names_the_method() -> None:
    registry.load()
    for name, entry in registry._METHODS.items():
        object_name, _, verb = name.partition("/")
        folder = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", object_name).lower()
        module = "".join(f"_{char.lower()}" if char.isupper() else char for char in verb)
        assert entry.handle.__module__.rstrip("_") == f"pirab.jmap.{folder}.{module}"


@pytest.mark.parametrize(
    ("shape", "values", "named"),
    [
        (GetArguments, {}, ["accountId"]),
        (GetArguments, {"accountId": "a1", "ids": {}}, ["ids"]),
        (QueryArguments, {"accountId": "a1", "sort": [{"property": "x", "odd": 1}]}, ["sort"]),
        (QueryArguments, {"accountId": "a1", "position": 2**53}, ["position"]),
        (SetArguments, {"accountId": "a1", "create": {"#x": {}}}, ["create"]),
        (SetArguments, {"accountId": "a1", "update": {"x y": {}}}, ["update"]),
        (SetArguments, {"accountId": "a1", "sparkle": {}}, ["sparkle"]),
    ],
)
def test_the_bad_argument_is_named(shape: type, values: dict[str, Any], named: list[str]) -> None:
    with pytest.raises(MethodError) as caught:
        decode(shape, values)
    assert caught.value.as_arguments()["arguments"] == named


def test_the_id_always_comes_first_and_once() -> None:
    assert chosen_properties(["b", "id", "b"], frozenset({"id", "a", "b"}), ()) == ["id", "b"]


@pytest.mark.parametrize("text", ["", "-1", "+1", " 1", "1 ", "007", "1_0", "१", "9" * 19])
def test_a_state_we_never_issue_is_refused(text: str) -> None:
    with pytest.raises(MethodError):
        decode_state(text)
