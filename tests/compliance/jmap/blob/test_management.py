"""Blob/upload, Blob/get and Blob/lookup (rfc9404)."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

import pytest

from pirab.core import clock
from pirab.core.ids import encode_blob_id
from pirab.store import actions as store
from pirab.store.types import Delivery
from tests.compliance.jmap.door import CORE, MAIL, Door
from tests.conftest import letter

BLOB = "urn:ietf:params:jmap:blob"
USING = (CORE, MAIL, BLOB)
THAI = "เรื่อง ขอเชิญประชุม"


def ask(door: Door, name: str, **arguments: Any) -> dict[str, Any]:
    answer, result = door.outcome(name, using=USING, **arguments)
    return {"error": answer == "error", **result}


def upload(door: Door, *sources: Any, **members: Any) -> dict[str, Any]:
    return ask(door, "Blob/upload", create={"new": {"data": list(sources)} | members})


def made(door: Door, *sources: Any) -> str:
    return str(upload(door, *sources)["created"]["new"]["id"])


def test_the_session_says_what_may_be_done(door: Door) -> None:
    session = door.client.get("/.well-known/jmap", headers=door.headers).json()
    assert session["capabilities"][BLOB] == {}
    promise = session["accounts"][door.account_id]["accountCapabilities"][BLOB]
    assert promise["supportedTypeNames"] == ["Mailbox", "Thread", "Email"]
    assert promise["maxDataSources"] >= 64
    assert {"sha", "sha-256"} <= set(promise["supportedDigestAlgorithms"])


def test_a_blob_is_joined_from_text_base64_and_ranges(door: Door) -> None:
    first = made(door, {"data:asText": THAI})
    answer = upload(
        door,
        {"data:asText": "<"},
        {"data:asBase64": base64.b64encode(b"\0\1").decode()},
        {"blobId": first, "offset": 0, "length": 3},
        {"blobId": first, "offset": 3, "length": None},
        type="text/plain",
    )
    created = answer["created"]["new"]
    whole = b"<\0\1" + THAI.encode()
    assert (created["type"], created["size"]) == ("text/plain", len(whole))
    assert created["id"] == encode_blob_id(hashlib.sha256(whole).digest())
    downloaded = door.client.get(f"/jmap/download/{door.account_id}/{created['id']}/x", headers=door.headers)
    assert downloaded.content == whole
    assert upload(door)["created"]["new"]["size"] == 0


def test_names_of_the_same_call_and_request_in_any_order(door: Door) -> None:
    create = {
        "outer": {"data": [{"blobId": "#middle"}, {"data:asText": "3"}]},
        "middle": {"data": [{"blobId": "#inner"}, {"data:asText": "2"}]},
        "inner": {"data": [{"data:asText": "1"}]},
        "ring": {"data": [{"blobId": "#ring"}]},
    }
    account = {"accountId": door.account_id}
    calls = [
        ["Blob/upload", account | {"create": create}, "a"],
        ["Blob/get", account | {"ids": ["#outer", "#ring"]}, "b"],
    ]
    uploaded, got = (each[1] for each in door.request(calls, USING)["methodResponses"])
    assert set(uploaded["created"]) == {"outer", "middle", "inner"}
    assert uploaded["notCreated"]["ring"] == {"type": "blobNotFound", "notFound": ["#ring"]}
    assert [each["data:asText"] for each in got["list"]] == ["123"]
    assert got["notFound"] == ["#ring"]


@pytest.mark.parametrize(
    "source",
    [
        None,
        7,
        {},
        {"data:asText": None},
        {"data:asText": 7},
        {"data:asText": "a", "data:asBase64": "YQ=="},
        {"data:asBase64": "no base64!"},
        {"data:asBase64": "YQ"},
        {"data:asText": "a", "offset": 0},
        {"data:asText": "a", "colour": 1},
    ],
)
def test_bad_sources(door: Door, source: Any) -> None:
    refused = upload(door, source)["notCreated"]["new"]
    assert (refused["type"], refused["properties"]) == ("invalidProperties", ["data"])


def test_bad_ranges_types_and_strangers_blobs(door: Door, stranger_door: Door) -> None:
    name = made(door, {"data:asText": "abc"})
    for bad in ({"offset": 4}, {"offset": 2, "length": 2}, {"offset": -1}, {"length": True}, {"length": "1"}):
        assert upload(door, {"blobId": name} | bad)["notCreated"]["new"]["type"] == "invalidProperties"
    theirs = made(stranger_door, {"data:asText": "secret"})
    for unknown in (theirs, "nonsense", "#unknown", ""):
        assert upload(door, {"blobId": unknown})["notCreated"]["new"]["type"] in ("blobNotFound",)
    assert upload(door, type="no type")["notCreated"]["new"]["properties"] == ["type"]
    assert upload(door, colour=1)["notCreated"]["new"]["properties"] == ["colour"]
    assert upload(door, *[{"data:asText": "a"}] * 257)["notCreated"]["new"]["type"] == "invalidProperties"
    assert ask(door, "Blob/upload", create={"x": {}})["notCreated"]["x"]["properties"] == ["data"]
    assert ask(door, "Blob/upload", create=None)["type"] == "invalidArguments"


def test_too_large_is_refused_before_it_is_joined(door: Door) -> None:
    block = made(door, {"data:asText": "x" * 9_000_000})
    refused = upload(door, *[{"blobId": block}] * 6)["notCreated"]["new"]
    assert (refused["type"], refused["maxSize"]) == ("tooLarge", 50_000_000)
    answer = ask(door, "Blob/get", ids=[block, made(door, {"blobId": block}, {"blobId": block})])
    assert answer["type"] == "requestTooLarge"


def test_get_shows_text_or_base64_and_digests(door: Door) -> None:
    text, binary = made(door, {"data:asText": THAI}), made(door, {"data:asBase64": "//79"})
    answer = ask(door, "Blob/get", ids=[text, binary, "nonsense", text])
    assert answer["notFound"] == ["nonsense"]
    assert answer["list"] == [
        {"id": text, "data:asText": THAI, "size": len(THAI.encode())},
        {"id": binary, "data:asBase64": "//79", "isEncodingProblem": True, "size": 3},
    ]
    [shown] = ask(door, "Blob/get", ids=[binary], properties=["data:asText"])["list"]
    assert shown == {"id": binary, "data:asText": None, "isEncodingProblem": True}
    names = ["digest:sha", "digest:sha-256", "size"]
    [digests] = ask(door, "Blob/get", ids=[text], properties=names, offset=0, length=3)["list"]
    part = THAI.encode()[:3]
    assert digests == {
        "id": text,
        "digest:sha": base64.b64encode(hashlib.sha1(part).digest()).decode(),
        "digest:sha-256": base64.b64encode(hashlib.sha256(part).digest()).decode(),
        "size": len(THAI.encode()),
    }
    for bad in (["digest:md5"], ["colour"]):
        assert ask(door, "Blob/get", ids=[text], properties=bad)["type"] == "invalidArguments"


@pytest.mark.parametrize(
    ("offset", "length", "expected"),
    [
        (0, 0, {"data:asText": ""}),
        (1, 2, {"data:asText": "bc"}),
        (1, None, {"data:asText": "bcd"}),
        (2, 9, {"data:asText": "cd", "isTruncated": True}),
        (4, None, {"data:asText": ""}),
        (9, 1, {"data:asText": "", "isTruncated": True}),
    ],
)
def test_ranges(door: Door, offset: int, length: int | None, expected: dict[str, Any]) -> None:
    name = made(door, {"data:asText": "abcd"})
    [shown] = ask(door, "Blob/get", ids=[name], properties=["data"], offset=offset, length=length)["list"]
    assert shown == {"id": name} | expected


def test_lookup_tells_what_holds_a_message_and_its_parts(door: Door, stranger_door: Door) -> None:
    message = store.ensure_message(letter())
    store.deliver(message, [Delivery(door.member.account_id, clock.now())])
    email_id = door.call("Email/query")["ids"][0]
    [email] = door.call(
        "Email/get", ids=[email_id], properties=["blobId", "threadId", "mailboxIds", "textBody"]
    )["list"]
    part = email["textBody"][0]["blobId"]
    loose = made(door, {"data:asText": "loose"})
    types = ["Mailbox", "Thread", "Email"]
    answer = ask(door, "Blob/lookup", typeNames=types, ids=[email["blobId"], part, loose, "nonsense"])
    held = {"Mailbox": list(email["mailboxIds"]), "Thread": [email["threadId"]], "Email": [email_id]}
    assert answer["list"] == [
        {"id": email["blobId"], "matchedIds": held},
        {"id": part, "matchedIds": held},
        {"id": loose, "matchedIds": {"Mailbox": [], "Thread": [], "Email": []}},
    ]
    assert answer["notFound"] == ["nonsense"]
    other = ask(stranger_door, "Blob/lookup", typeNames=["Email"], ids=[email["blobId"]])
    assert (other["list"], other["notFound"]) == ([], [email["blobId"]])
    assert ask(door, "Blob/lookup", typeNames=["Quota"], ids=[])["type"] == "unknownDataType"


def test_not_in_a_strangers_account_nor_without_the_capability(door: Door, stranger_door: Door) -> None:
    for name, arguments in (
        ("Blob/upload", {"create": {}}),
        ("Blob/get", {"ids": []}),
        ("Blob/lookup", {"typeNames": [], "ids": []}),
    ):
        assert ask(door, name, accountId=stranger_door.account_id, **arguments)["type"] == "accountNotFound"
        assert door.refusal(name, **arguments)["type"] == "unknownMethod"
