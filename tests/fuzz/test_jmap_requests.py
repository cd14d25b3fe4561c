"""Octets and JSON that no client sends, at the API's door: problem details or method answers, never a failure of ours."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.compliance.jmap.door import Door
from tests.conftest import Member

EXAMPLES = settings(
    max_examples=50,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
PROBLEMS = {
    f"urn:ietf:params:jmap:error:{name}" for name in ("notJSON", "notRequest", "unknownCapability", "limit")
}
METHODS = [
    "Core/echo",
    "Mailbox/get",
    "Mailbox/query",
    "Thread/get",
    "Email/get",
    "Email/query",
    "Email/changes",
]

SEEDS = [
    b'{"using":["urn:ietf:params:jmap:core","urn:ietf:params:jmap:mail"],"methodCalls":['
    b'["Email/query",{"accountId":"a1","filter":{"operator":"AND","conditions":[{"text":"\xe0\xb8\x81"}]}},"0"],'
    b'["Email/get",{"accountId":"a1","#ids":{"resultOf":"0","name":"Email/query","path":"/ids"}},"1"]]}',
    b'{"using":["urn:ietf:params:jmap:core"],"methodCalls":[["Core/echo",{"n":1.5e3,"s":"\\u0e01"},"0"]]}',
]
SPLINTERS = [
    b"\xff", b"\xc0\xaf", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\x00", b"\xef\xbb\xbf", b"\\ud800", b"\\u0000", b'"',
    b"{", b"}", b"[", b"]", b",", b":", b"1e999", b"-0", b"9" * 400, b"0x1", b"NaN", b"Infinity", b"[" * 200, b'{"":' * 150,
    b'"a":1,"a":2', b"//", b"/*", b"\r\n", b"\x1b", b"null", b"#ids", b'"accountId":',
]  # fmt: skip


@pytest.fixture
def door(member: Member) -> Door:
    return Door(member)


def answered(door: Door, body: bytes) -> list[Any]:
    """Send octets; what must hold of every answer. Gives the method responses, none for a refused request."""
    response = door.post(body)
    decoded = json.loads(response.content)
    if response.status_code == 400:
        assert response["Content-Type"] == "application/problem+json"
        assert decoded["type"] in PROBLEMS, decoded
        return []
    assert response.status_code == 200, (response.status_code, body)
    responses: list[Any] = decoded["methodResponses"]
    for name, arguments, _ in responses:
        assert name != "error" or arguments["type"] not in ("serverFail", "serverUnavailable"), (
            arguments,
            body,
        )
    return responses


@st.composite
def broken_requests(draw: st.DrawFn) -> bytes:
    """A good request with pieces cut out, doubled and put in."""
    body = bytearray(draw(st.sampled_from(SEEDS)))
    for _ in range(draw(st.integers(1, 4))):
        place, length = draw(st.integers(0, len(body))), draw(st.integers(0, 30))
        put_in = draw(
            st.sampled_from(SPLINTERS) | st.binary(max_size=4) | st.just(bytes(body[place : place + length]))
        )
        cut = draw(st.integers(0, length))
        body[place : place + cut] = put_in
    return bytes(body)


@EXAMPLES
@given(body=broken_requests())
def test_broken_requests_are_refused_or_answered(door: Door, body: bytes) -> None:
    answered(door, body)


@EXAMPLES
@given(body=st.binary(max_size=200))
def test_octets_are_no_request(door: Door, body: bytes) -> None:
    assert answered(door, body) == []


NUMBERS = st.sampled_from(
    ["0", "-0", "1E2", "2.0", "1e-9", "9" * 18, "9" * 400, "-" + "9" * 30, "1.7e308", "5e-324", "1e400"]
)
POINTERS = st.text(st.sampled_from("/~01*a-#é"), max_size=8)


@st.composite
def woven_requests(draw: st.DrawFn) -> bytes:
    """Calls whose arguments refer to each other in any direction, with numbers no float holds and names given twice."""
    calls = []
    for place in range(draw(st.integers(1, 5))):
        members = [f'"accountId":{json.dumps(draw(st.sampled_from(["a1", "", "m1"])))}']
        for name in draw(st.lists(st.sampled_from(["ids", "limit", "position", "filter", "x"]), max_size=4)):
            reference = {
                "resultOf": str(draw(st.integers(0, 5))),
                "name": draw(st.sampled_from(METHODS)),
                "path": draw(POINTERS),
            }
            members.append(
                f'"#{name}":{json.dumps(reference)}' if draw(st.booleans()) else f'"{name}":{draw(NUMBERS)}'
            )
        calls.append(f'["{draw(st.sampled_from(METHODS))}",{{{",".join(members)}}},"{place}"]')
    using = '["urn:ietf:params:jmap:core","urn:ietf:params:jmap:mail"]'
    return f'{{"using":{using},"methodCalls":[{",".join(calls)}]}}'.encode()


@EXAMPLES
@given(body=woven_requests())
def test_calls_woven_into_each_other_each_get_an_answer(door: Door, body: bytes) -> None:
    responses = answered(door, body.replace(b'"a1"', json.dumps(door.account_id).encode()))
    if responses:
        assert len(responses) == len(json.loads(body)["methodCalls"])


@EXAMPLES
@given(depth=st.integers(1, 300), brackets=st.sampled_from([("[", "]"), ('{"a":', "}"), ('{"#a":', "}")]))
def test_nesting_is_taken_to_the_limit_and_no_deeper(
    door: Door, depth: int, brackets: tuple[str, str]
) -> None:
    nested = brackets[0] * depth + "1" + brackets[1] * depth
    body = f'{{"using":["urn:ietf:params:jmap:core"],"methodCalls":[["Core/echo",{{"v":{nested}}},"0"]]}}'
    assert bool(answered(door, body.encode())) == (depth + 4 <= 100)
