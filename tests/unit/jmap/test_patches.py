"""PatchObject (rfc8620#5.3)."""

from __future__ import annotations

from typing import Any

import pytest

from pirab.jmap.errors import SetError
from pirab.jmap.patches import apply_patch, checked_paths, split_path

CURRENT: dict[str, Any] = {"a": {"b": 1, "c": {"d": 2}}, "list": [1, 2], "s": "x"}


@pytest.mark.parametrize(
    ("patch", "result"),
    [
        ({}, CURRENT),
        ({"s": "y"}, CURRENT | {"s": "y"}),
        ({"s": None}, {"a": CURRENT["a"], "list": [1, 2]}),
        ({"a/b": 5, "a/c/d": None, "a/e": 0}, CURRENT | {"a": {"b": 5, "c": {}, "e": 0}}),
        ({"a/x~1y~0": 1}, CURRENT | {"a": CURRENT["a"] | {"x/y~": 1}}),
        ({"absent": None}, CURRENT),
    ],
)
def test_a_patch_changes_what_it_names(patch: dict[str, Any], result: dict[str, Any]) -> None:
    before = repr(CURRENT)
    assert apply_patch(CURRENT, patch) == result
    assert repr(CURRENT) == before


@pytest.mark.parametrize(
    "patch",
    [
        {"a": {}, "a/b": 1},
        {"a/c": {}, "a/c/d": 1},
        {"list/0": 5},
        {"s/x": 1},
        {"absent/x": 1},
        {"/a": 1, "/a/b": 2},
        {"a/b/c": 1},
    ],
)
def test_a_path_into_nothing_or_into_another_is_refused(patch: dict[str, Any]) -> None:
    with pytest.raises(SetError) as caught:
        apply_patch(CURRENT, patch)
    assert caught.value.kind == "invalidPatch"


def test_two_spellings_of_one_path_do_not_exist() -> None:
    assert split_path("a~01") == ("a~1",)
    assert checked_paths({"a~1b": 1, "a/b": 2}) == {("a/b",): 1, ("a", "b"): 2}
