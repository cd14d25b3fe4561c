"""PushSubscription/get and PushSubscription/set (rfc8620#7.2)."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.test import Client

from pirab.core.ids import IdKind, decode_id
from pirab.push import actions, models
from pirab.signin import tokens
from tests.compliance.jmap.door import CORE, Door

URL = "https://localhost:9/device"


def ask(door: Door, method: str, **arguments: Any) -> dict[str, Any]:
    """One call without an account; returns the arguments of its answer."""
    [[answer, result, _]] = door.request([[method, arguments, "c"]], (CORE,))["methodResponses"]
    return {"error": answer == "error", **result}


def make(door: Door, **properties: Any) -> dict[str, Any]:
    record = {"deviceClientId": "phone", "url": URL} | properties
    return ask(door, "PushSubscription/set", create={"new": record})


def made(door: Door, **properties: Any) -> str:
    return str(make(door, **properties)["created"]["new"]["id"])


def code_of(name: str) -> str:
    return models.Subscription.objects.get(pk=decode_id(IdKind.PUSH_SUBSCRIPTION, name)).code


def good_keys() -> dict[str, str]:
    point = (
        ec.generate_private_key(ec.SECP256R1())
        .public_key()
        .public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
    )
    text = base64.urlsafe_b64encode(point).decode().rstrip("=")
    return {"p256dh": text, "auth": base64.urlsafe_b64encode(b"0" * 16).decode()}


def test_a_subscription_is_made_verified_renewed_and_ended(door: Door) -> None:
    answer = make(door, keys=good_keys())
    assert "accountId" not in answer
    assert "newState" not in answer
    created = answer["created"]["new"]
    assert set(created) == {"id", "expires", "types"}
    assert created["types"] is None
    name = created["id"]
    shown = ask(door, "PushSubscription/get", ids=[name, "p0", "nonsense"])
    assert shown["notFound"] == ["p0", "nonsense"]
    assert shown["list"] == [
        {
            "id": name,
            "deviceClientId": "phone",
            "verificationCode": None,
            "expires": created["expires"],
            "types": None,
        }
    ]
    wrong = ask(door, "PushSubscription/set", update={name: {"verificationCode": "guess"}})
    assert wrong["notUpdated"][name]["type"] == "invalidProperties"
    code = code_of(name)
    right = ask(
        door, "PushSubscription/set", update={name: {"verificationCode": code, "types": ["Email", "Email"]}}
    )
    assert right["updated"] == {name: None}
    [row] = ask(door, "PushSubscription/get", ids=None)["list"]
    assert (row["verificationCode"], row["types"]) == (code, ["Email"])
    ended = ask(door, "PushSubscription/set", destroy=[name, name, "p0"])
    assert ended["destroyed"] == [name]
    assert ended["notDestroyed"]["p0"]["type"] == "notFound"
    assert ask(door, "PushSubscription/get", ids=None)["list"] == []


def test_the_server_bounds_the_expiry_and_says_so(door: Door) -> None:
    far = make(door, expires="2099-01-01T00:00:00Z")["created"]["new"]
    limit = datetime.now(UTC) + actions.LONGEST_LIFE
    assert datetime.fromisoformat(far["expires"]) <= limit
    near = (datetime.now(UTC) + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert "expires" not in make(door, expires=near)["created"]["new"]
    assert make(door, expires="2020-01-01T00:00:00Z")["notCreated"]["new"]["properties"] == ["expires"]
    longer = ask(door, "PushSubscription/set", update={far["id"]: {"expires": "2098-01-01T00:00:00Z"}})
    assert longer["updated"][far["id"]]["expires"] < "2098"


def test_address_and_keys_are_never_told(door: Door) -> None:
    for name in ("url", "keys"):
        answer = ask(door, "PushSubscription/get", ids=None, properties=["id", name])
        assert (answer["error"], answer["type"]) == (True, "forbidden")
    assert ask(door, "PushSubscription/get", ids=None, properties=["colour"])["type"] == "invalidArguments"


@pytest.mark.parametrize(
    ("properties", "bad"),
    [
        ({"url": "http://localhost/x"}, "url"),
        ({"url": "https://push.example.com/x"}, "url"),
        ({"url": "https://user:pw@localhost/x"}, "url"),
        ({"url": "https://localhost.evil.example/x"}, "url"),
        ({"url": "https://localhost:99999/x"}, "url"),
        ({"url": "https://localhost:0/x"}, "url"),
        ({"url": "https://[::1/x"}, "url"),
        ({"url": "https://localhost/" + "x" * 3000}, "url"),
        ({"url": "https://localhost/\r\nX: y"}, "url"),
        ({"url": "file:///etc/passwd"}, "url"),
        ({"url": 7}, "url"),
        ({"deviceClientId": ""}, "deviceClientId"),
        ({"deviceClientId": "a\0b"}, "deviceClientId"),
        ({"deviceClientId": None}, "deviceClientId"),
        ({"keys": {}}, "keys"),
        ({"keys": {"p256dh": "AAAA", "auth": "AAAA"}}, "keys"),
        ({"keys": {"p256dh": "ก", "auth": "!"}}, "keys"),
        ({"keys": good_keys() | {"p256dh": base64.urlsafe_b64encode(b"\4" + b"\1" * 64).decode()}}, "keys"),
        ({"types": []}, "types"),
        ({"types": ["E\0"]}, "types"),
        ({"types": "Email"}, "types"),
        ({"expires": "tomorrow"}, "expires"),
        ({"expires": "2026-02-31T00:00:00Z"}, "expires"),
        ({"verificationCode": "x"}, "verificationCode"),
        ({"id": "p1"}, "id"),
    ],
)
def test_what_cannot_be_made(door: Door, properties: dict[str, Any], bad: str) -> None:
    refused = make(door, **properties)["notCreated"]["new"]
    assert (refused["type"], refused["properties"]) == ("invalidProperties", [bad])
    assert refused["description"]


def test_what_never_changes(door: Door) -> None:
    name = made(door)
    for bad in ({"url": URL}, {"keys": None}, {"deviceClientId": "x"}, {"id": name}, {"types/0": "Email"}):
        answer = ask(door, "PushSubscription/set", update={name: bad})
        assert answer["notUpdated"][name]["properties"] == list(bad)


def test_other_credentials_of_the_same_person_see_nothing(door: Door, stranger_door: Door) -> None:
    name = made(door)
    token = tokens.issue_token(door.member.person_id, "second")
    for other in (Door(door.member, token), stranger_door):
        assert ask(other, "PushSubscription/get", ids=[name])["notFound"] == [name]
        assert ask(other, "PushSubscription/get", ids=None)["list"] == []
        refused = ask(other, "PushSubscription/set", destroy=[name], update={name: {"types": None}})
        assert refused["notDestroyed"][name]["type"] == "notFound"
        assert refused["notUpdated"][name]["type"] == "notFound"
    assert len(ask(door, "PushSubscription/get", ids=None)["list"]) == 1


def test_nobody_without_signing_in(door: Door) -> None:
    body = {"using": [CORE], "methodCalls": [["PushSubscription/get", {"ids": None}, "c"]]}
    assert Client().post("/jmap/", body, content_type="application/json").status_code == 401


def test_only_so_many(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "MOST_OF_A_PERSON", 2)
    monkeypatch.setattr(actions, "MOST_AN_HOUR", 3)
    first = made(door)
    made(door)
    assert make(door)["notCreated"]["new"]["type"] == "overQuota"
    ask(door, "PushSubscription/set", destroy=[first])
    made(door)
    assert make(door)["notCreated"]["new"]["type"] == "rateLimit"
