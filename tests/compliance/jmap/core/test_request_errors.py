"""rfc8620#3.6.1: what is wrong with the whole request is said in problem details."""

from __future__ import annotations

import pytest
from django.test import Client

from pirab.jmap.limits import CORE_LIMITS
from tests.compliance.jmap.door import CORE, Door

ERROR = "urn:ietf:params:jmap:error:"
ECHO = b'{"using":["urn:ietf:params:jmap:core"],"methodCalls":[["Core/echo",{"a":1},"c"]]}'


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"this is not json",
        ECHO[:-1],
        ECHO[: len(ECHO) // 2],
        ECHO + b"{}",
        b"\xef\xbb\xbf" + ECHO,
        ECHO.replace(b'"a":1', b'"a":1,"a":2'),
        ECHO.replace(b'"a":1', b'"a":"\\ud800"'),
        ECHO.replace(b'"a":1', b'"\\udfff":1'),
        ECHO.replace(b'"a":1', b'"a":"\\ufdd0"'),
        ECHO.replace(b'"a":1', '"a":"\uffff"'.encode()),
        ECHO.replace(b'"a":1', b'"a":NaN'),
        ECHO.replace(b'"a":1', b'"a":-Infinity'),
        ECHO.replace(b'"a":1', b'"a":1e999'),
        ECHO.replace(b'"a":1', b'"a":' + b"9" * 400),
        ECHO.replace(b'"a":1', b'"a":' + b"9" * 5000),
        ECHO.replace(b'"a":1', b'"a":"\xe0\xb8"'),
        ECHO.replace(b'"a":1', b'"a":"\xed\xa0\x80"'),
        ECHO.replace(b'"a":1', b'"a":"\n"'),
        ECHO.replace(b'"a":1', b"'a':1"),
        ECHO.replace(b'"a":1', b'"a":' + b"[" * 101 + b"]" * 101),
    ],
)
def test_what_is_not_i_json_is_not_json(door: Door, body: bytes) -> None:
    assert door.problem(body)["type"] == ERROR + "notJSON"


@pytest.mark.parametrize("bracket", [b"[", b'{"a":', b'[{"a":['])
def test_ten_megabytes_of_nesting_are_refused(door: Door, bracket: bytes) -> None:
    body = bracket * (CORE_LIMITS.max_size_request // len(bracket))
    assert door.problem(body)["type"] == ERROR + "notJSON"


@pytest.mark.parametrize(
    "content_type", ["text/plain", "", "application/jsonp", "text/json", "application/json-patch+json"]
)
def test_another_content_type_is_not_json(door: Door, content_type: str) -> None:
    response = door.post(ECHO, content_type)
    assert response.status_code == 400
    assert b"notJSON" in response.content


def test_a_charset_parameter_is_no_other_content_type(door: Door) -> None:
    assert door.post(ECHO, 'Application/JSON; charset="utf-8"').status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        [],
        None,
        17,
        "x",
        {},
        {"using": [CORE]},
        {"methodCalls": []},
        {"using": CORE, "methodCalls": []},
        {"using": [None], "methodCalls": []},
        {"using": [CORE], "methodCalls": {}},
        {"using": [CORE], "methodCalls": ["Core/echo"]},
        {"using": [CORE], "methodCalls": [["Core/echo", {}]]},
        {"using": [CORE], "methodCalls": [["Core/echo", {}, "c", "d"]]},
        {"using": [CORE], "methodCalls": [["Core/echo", [], "c"]]},
        {"using": [CORE], "methodCalls": [["Core/echo", {}, 1]]},
        {"using": [CORE], "methodCalls": [[None, {}, "c"]]},
        {"using": [CORE], "methodCalls": [], "createdIds": []},
        {"using": [CORE], "methodCalls": [], "createdIds": {"a": 1}},
        {"using": [CORE], "methodCalls": [], "createdIds": {"white space": "m1"}},
    ],
)
def test_json_of_another_shape_is_not_a_request(door: Door, body: object) -> None:
    assert door.problem(body)["type"] == ERROR + "notRequest"


def test_an_unknown_capability_is_named(door: Door) -> None:
    details = door.problem({"using": [CORE, "urn:fake"], "methodCalls": []})
    assert details["type"] == ERROR + "unknownCapability"
    assert "urn:fake" in details["detail"]


def test_too_many_calls_pass_a_limit(door: Door) -> None:
    calls = [["Core/echo", {}, str(n)] for n in range(CORE_LIMITS.max_calls_in_request + 1)]
    details = door.problem({"using": [CORE], "methodCalls": calls})
    assert (details["type"], details["limit"]) == (ERROR + "limit", "maxCallsInRequest")
    assert len(door.request(calls[1:])["methodResponses"]) == CORE_LIMITS.max_calls_in_request


def test_too_large_a_request_passes_a_limit(door: Door) -> None:
    details = door.problem(b" " * (CORE_LIMITS.max_size_request + 1))
    assert (details["type"], details["limit"]) == (ERROR + "limit", "maxSizeRequest")


@pytest.mark.parametrize("method", ["get", "put", "delete", "patch"])
def test_only_post_reaches_the_api(door: Door, method: str) -> None:
    response = getattr(door.client, method)("/jmap/", headers=door.headers)
    assert response.status_code == 405
    assert response["Allow"] == "POST"


def test_nobody_is_let_in_without_credentials(db: None) -> None:
    response = Client().post("/jmap/", ECHO, content_type="application/json")
    assert response.status_code == 401
    assert response["WWW-Authenticate"].startswith("Basic ")
    assert response["Content-Type"] == "application/problem+json"
