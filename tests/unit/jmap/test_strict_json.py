"""I-JSON (rfc7493): what is accepted equals what an ordinary parser reads; the rest is refused, never an error."""

from __future__ import annotations

import contextlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from pirab.jmap.strict_json import NotStrictJson, parse

characters = some.characters(exclude_categories=["Cs"]).filter(
    lambda char: ord(char) & 0xFFFE != 0xFFFE and not 0xFDD0 <= ord(char) <= 0xFDEF
)
text = some.text(characters, max_size=20)
scalars = (
    some.none()
    | some.booleans()
    | some.integers(-(2**53), 2**53)
    | text
    | some.floats(allow_nan=False, allow_infinity=False)
)
values = some.recursive(
    scalars,
    lambda inner: some.lists(inner, max_size=4) | some.dictionaries(text, inner, max_size=4),
    max_leaves=20,
)


@given(values, some.booleans())
def test_every_i_json_value_is_read(value: Any, ascii_only: bool) -> None:
    assert parse(json.dumps(value, ensure_ascii=ascii_only).encode(), 100) == value


@given(some.binary(max_size=200))
def test_any_octets_are_read_or_refused(body: bytes) -> None:
    with contextlib.suppress(NotStrictJson):
        parse(body, 100)


@given(values, some.data())
def test_a_cut_value_is_refused_or_read(value: Any, data: some.DataObject) -> None:
    body = json.dumps([value]).encode()
    with pytest.raises(NotStrictJson):
        parse(body[: data.draw(some.integers(0, len(body) - 1))], 100)


@pytest.mark.parametrize("depth", [0, 1, 99, 100])
def test_nesting_up_to_the_limit_is_read(depth: int) -> None:
    assert parse(b"[" * depth + b"1" + b"]" * depth, 100) is not None


@pytest.mark.parametrize("depth", [101, 500, 2000, 100_000])
def test_deeper_nesting_is_refused(depth: int) -> None:
    for start, end in ((b"[", b"]"), (b'{"a":', b"}")):
        with pytest.raises(NotStrictJson):
            parse(start * depth + b"1" + end * depth, 100)


def test_many_brackets_side_by_side_are_no_depth() -> None:
    assert len(parse(b"[" + b"[]," * 5000 + b"[]]", 3)) == 5001


def test_a_brace_in_a_string_is_no_depth() -> None:
    assert parse(b'"' + b"[{" * 1000 + b'"', 1) == "[{" * 1000


def test_a_pair_of_surrogate_escapes_is_one_character() -> None:
    assert parse(b'"\\ud83d\\udc26"', 1) == "\N{BIRD}"


@pytest.mark.parametrize("number", ["1e400", "-1e400", "9" * 400, "9" * 6000, "NaN", "Infinity", "-Infinity"])
def test_a_number_beyond_a_double_is_refused(number: str) -> None:
    with pytest.raises(NotStrictJson):
        parse(number.encode(), 1)


def test_an_integer_beyond_64_bits_is_read_as_a_double_reads_it() -> None:
    assert parse(b"100000000000000000000000", 1) == 1e23
