"""Back-references (rfc8620#3.7): an argument `#name` takes its value from the answer to an earlier call."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final

import msgspec

from pirab.jmap.errors import MethodError, invalid_arguments

_INDEX: Final = re.compile(r"0|[1-9][0-9]{0,9}", re.ASCII)
_BAD_ESCAPE: Final = re.compile(r"~(?![01])")


class ResultReference(msgspec.Struct, frozen=True, rename="camel", forbid_unknown_fields=True):
    """Where the value comes from: the first answer with the call id `result_of`, which must be `name`."""

    result_of: str
    name: str
    path: str


class Answer:
    """One method response, encoded once; its plain value is decoded only if a later call refers to it."""

    __slots__ = ("_value", "arguments", "call_id", "name")

    def __init__(self, name: str, arguments: bytes, call_id: str) -> None:
        self.name = name
        self.arguments = arguments
        self.call_id = call_id
        self._value: Any = None

    def value(self) -> Any:
        """The arguments of the response as plain objects."""
        if self._value is None:
            self._value = msgspec.json.decode(self.arguments)
        return self._value


class Budget:
    """How many octets of answers one request may refer to in all: references can double each time."""

    def __init__(self, octets: int) -> None:
        self._left = octets

    def spend(self, value: Any) -> None:
        """Count `value`; raises `invalidResultReference` when the budget is used up."""
        self._left -= len(msgspec.json.encode(value))
        if self._left < 0:
            raise _unresolved("The references of this request are too large together.")


def resolve(arguments: dict[str, Any], answers: Sequence[Answer], budget: Budget) -> dict[str, Any]:
    """`arguments` with every `#name` replaced by the value it refers to.

    Raises `invalidArguments` where `name` and `#name` are both given or the reference is malformed, and
    `invalidResultReference` where it leads nowhere.
    """
    if not any(name.startswith("#") for name in arguments):
        return arguments
    resolved: dict[str, Any] = {}
    for name, value in arguments.items():
        if not name.startswith("#"):
            resolved[name] = value
            continue
        if name[1:] in arguments:
            raise invalid_arguments(f"{name[1:100]!r} is given twice, once as a reference.", name[1:])
        resolved[name[1:]] = found = _look_up(_reference(name, value), answers)
        budget.spend(found)
    return resolved


def _reference(name: str, value: Any) -> ResultReference:
    try:
        return msgspec.convert(value, ResultReference, strict=True)
    except msgspec.ValidationError as error:
        raise invalid_arguments(f"{name[:100]!r} is no result reference: {error}", name[1:]) from error


def _look_up(reference: ResultReference, answers: Sequence[Answer]) -> Any:
    answer = next((answer for answer in answers if answer.call_id == reference.result_of), None)
    if answer is None:
        raise _unresolved("No earlier call has this id.")
    if answer.name != reference.name:
        raise _unresolved(f"The answer to that call is {answer.name!r}.")
    return evaluate(reference.path, answer.value())


def evaluate(pointer: str, value: Any) -> Any:
    """The value at a JSON pointer (rfc6901) in which `*` stands for every item of an array (rfc8620#3.7).

    Lists found below a `*` are joined into one. Raises `invalidResultReference` where the path leads nowhere.
    """
    if pointer and not pointer.startswith("/"):
        raise _unresolved("The path is no JSON pointer.")
    if _BAD_ESCAPE.search(pointer):
        raise _unresolved("The path has a bad escape.")
    parts = [part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:]]
    return _follow(parts, 0, value)


def _follow(parts: list[str], start: int, value: Any) -> Any:
    for at in range(start, len(parts)):
        part = parts[at]
        if isinstance(value, list) and part == "*":
            return _follow_each(parts, at + 1, value)
        value = _step(part, value)
    return value


def _follow_each(parts: list[str], start: int, items: list[Any]) -> list[Any]:
    joined: list[Any] = []
    for item in items:
        found = _follow(parts, start, item)
        if isinstance(found, list):
            joined.extend(found)
        else:
            joined.append(found)
    return joined


def _step(part: str, value: Any) -> Any:
    if isinstance(value, dict) and part in value:
        return value[part]
    if isinstance(value, list) and _INDEX.fullmatch(part) and int(part) < len(value):
        return value[int(part)]
    raise _unresolved(f"The path leads nowhere at {part[:100]!r}.")


def _unresolved(description: str) -> MethodError:
    return MethodError("invalidResultReference", description)
