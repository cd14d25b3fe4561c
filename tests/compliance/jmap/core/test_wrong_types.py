"""Every argument of every method with a value of every shape: named as invalid or answered, never a failure of ours."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import msgspec
import pytest

from pirab.core import clock
from pirab.jmap import registry
from pirab.store import actions as store
from pirab.store.types import Delivery
from tests.compliance.jmap.door import Door
from tests.conftest import letter

registry.load()
METHODS: Final = sorted(name for name, entry in registry._METHODS.items() if entry.arguments is not None)
BATCH: Final = 64

DEEP: Any = "x"
for _ in range(60):
    DEEP = [DEEP]

VALUES: Final[tuple[Any, ...]] = (
    None,
    True,
    0,
    -1,
    2**53 - 1,
    -(2**53) + 1,
    1.5,
    "",
    "\0",
    "ก" * 300,
    "a1",
    "m1",
    "0",
    "999999999999999999",
    "#x",
    "' or 1=1 --",
    "(a+)+$",
    [],
    [None],
    [[]],
    [""],
    ["\0"],
    ["m1", "e1", "t1", "i1", "s1", "p1", "b1", "#x"],
    {},
    {"": None},
    {"x": None},
    {"x": {}},
    {"x": {"id": None, "\0": "\0"}},
    {"x": {"data": [{"blobId": {}}]}, "y": []},
    {"m1": {"name": 1, "parentId": "m1", "/": 0, "a/b/c": 1}, "e1": {"keywords/": True, "mailboxIds/x": 7}},
    {"operator": "AND", "conditions": [{"operator": "NOT", "conditions": "x"}]},
    {"inMailbox": "\0", "text": ["x"], "before": "yesterday", "minSize": -1},
    [{"property": "\0", "isAscending": "x"}],
    [{"property": "subject", "collation": "nope"}],
    DEEP,
    {"resultOf": "0", "name": "Core/echo", "path": "/~2"},
)


def calls_of(name: str, account_id: str) -> Iterator[list[Any]]:
    shape = registry._METHODS[name].arguments
    assert shape is not None
    fields = [field.encode_name for field in msgspec.structs.fields(shape)]
    plain: dict[str, Any] = {"accountId": account_id} if "accountId" in fields else {}
    for required in (field for field in msgspec.structs.fields(shape) if field.required):
        plain.setdefault(required.encode_name, _something(str(required.type), required.encode_name))
    for field in fields:
        for number, value in enumerate(VALUES):
            yield [name, plain | {field: value}, f"{field} {number}"]
            yield [name, plain | {f"#{field}": value}, f"#{field} {number}"]


def _something(kind: str, name: str) -> Any:
    if "dict" in kind:
        return {}
    if "list" in kind:
        return []
    return "a1" if name.endswith("Id") else "0"


@pytest.mark.parametrize("name", METHODS)
def test_no_argument_of_any_shape_makes_it_fail(name: str, door: Door) -> None:
    store.deliver(store.ensure_message(letter()), [Delivery(door.member.account_id, clock.now())])
    calls = list(calls_of(name, door.account_id))
    using = sorted(registry.capabilities())
    for start in range(0, len(calls), BATCH):
        batch = calls[start : start + BATCH]
        answers = door.request(batch, using)["methodResponses"]
        assert {answer[2] for answer in answers} == {call[2] for call in batch}
        for answered, result, call_id in answers:
            if answered == "error":
                assert result["type"] not in ("serverFail", "serverUnavailable"), (name, call_id, result)
            else:
                refusals = [result.get(key) or {} for key in ("notCreated", "notUpdated", "notDestroyed")]
                kinds = {
                    each["type"]
                    for refusal in refusals
                    if isinstance(refusal, dict)
                    for each in refusal.values()
                }
                assert "serverFail" not in kinds, (name, call_id, result)
