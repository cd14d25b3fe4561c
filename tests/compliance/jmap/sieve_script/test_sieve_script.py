"""SieveScript/get, set, query and validate (RFC 9661)."""

from __future__ import annotations

from typing import Any

import pytest

from pirab.core.ids import IdKind, encode_id
from pirab.jmap.capabilities import CORE, SIEVE
from tests.compliance.jmap.door import Door

USING = [CORE, SIEVE]
KEEP = b"keep;"


def upload(door: Door, octets: bytes) -> str:
    response = door.client.post(
        f"/jmap/upload/{door.account_id}/", octets, content_type="application/sieve", headers=door.headers
    )
    assert response.status_code == 201, response.content
    blob_id: str = response.json()["blobId"]
    return blob_id


def get(door: Door, **arguments: Any) -> dict[str, Any]:
    return door.call("SieveScript/get", using=USING, **{"ids": None} | arguments)


def change(door: Door, **arguments: Any) -> dict[str, Any]:
    return door.call("SieveScript/set", using=USING, **arguments)


def create(door: Door, name: str = "one", octets: bytes = KEEP, **arguments: Any) -> str:
    record = {"name": name, "blobId": upload(door, octets)}
    made = change(door, create={"k": record}, **arguments)
    assert made["notCreated"] is None, made
    script_id: str = made["created"]["k"]["id"]
    return script_id


def refused(door: Door, record: dict[str, Any]) -> dict[str, Any]:
    answer = change(door, create={"k": record})
    error: dict[str, Any] = answer["notCreated"]["k"]
    assert answer["created"] is None
    return error


def test_the_session_says_what_scripts_may_do(door: Door) -> None:
    session = door.client.get("/.well-known/jmap", headers=door.headers).json()
    assert session["capabilities"][SIEVE] == {"implementation": "Pirab"}
    promised = session["accounts"][door.account_id]["accountCapabilities"][SIEVE]
    assert promised["maxSizeScriptName"] >= 512
    assert {"fileinto", "vacation", "imap4flags"} <= set(promised["sieveExtensions"])
    assert promised["notificationMethods"] is promised["externalLists"] is None


def test_a_script_is_kept_read_renamed_replaced_and_destroyed(door: Door) -> None:
    before = get(door)
    blob_id = upload(door, KEEP)
    answer = change(door, create={"k": {"name": "ก", "blobId": blob_id}}, ifInState=before["state"])
    script_id = answer["created"]["k"]["id"]
    assert answer["created"]["k"] == {"id": script_id, "isActive": False}
    (script,) = get(door)["list"]
    assert script == {"id": script_id, "name": "ก", "blobId": blob_id, "isActive": False}
    other = upload(door, b"discard;")
    changed = change(door, update={script_id: {"name": "ข", "blobId": other}})
    assert changed["updated"] == {script_id: None}
    assert get(door, ids=[script_id, "v0", "x"], properties=["name"]) | {"state": ""} == {
        "accountId": door.account_id,
        "state": "",
        "list": [{"id": script_id, "name": "ข"}],
        "notFound": ["v0", "x"],
    }
    body = door.client.get(
        f"/jmap/download/{door.account_id}/{other}/s?accept=text/plain", headers=door.headers
    )
    assert body.content == b"discard;"
    assert change(door, destroy=[script_id])["destroyed"] == [script_id]
    assert get(door)["list"] == []
    assert door.refusal("SieveScript/set", using=USING, ifInState=before["state"])["type"] == "stateMismatch"


def test_one_script_is_active_at_most(door: Door) -> None:
    first = create(door, "one", onSuccessActivateScript="#k")
    assert [row["isActive"] for row in get(door)["list"]] == [True]
    second = create(door, "two")
    answer = change(door, onSuccessActivateScript=second)
    assert answer["updated"] == {first: {"isActive": False}, second: {"isActive": True}}
    assert change(door, onSuccessActivateScript=second)["updated"] is None
    assert change(door, destroy=[second])["notDestroyed"][second]["type"] == "sieveIsActive"
    assert change(door, onSuccessActivateScript="vzz")["updated"] is None
    assert change(door, onSuccessDeactivateScript=True)["updated"] == {second: {"isActive": False}}
    assert change(door, destroy=[second])["destroyed"] == [second]


def test_nothing_is_activated_when_something_was_refused(door: Door) -> None:
    script_id = create(door)
    answer = change(door, destroy=["vzz"], onSuccessActivateScript=script_id)
    assert answer["updated"] is None
    assert not get(door)["list"][0]["isActive"]
    bad = {"name": "two", "blobId": upload(door, b"nonsense;")}
    answer = change(door, create={"k": bad}, onSuccessActivateScript="#k")
    assert answer["notCreated"]["k"]["type"] == "invalidSieve"


@pytest.mark.parametrize(
    ("octets", "kind"),
    [
        (b"nonsense;", "invalidSieve"),
        (b'require "no.such.extension"; keep;', "invalidSieve"),
        (b'fileinto "\xff";', "invalidSieve"),
        (b'if header :is "a', "invalidSieve"),
        (b"if true {" * 1_000, "invalidSieve"),
        (b"#" * 100_000, "tooLarge"),
    ],
)
def test_bad_content_is_refused_and_validate_says_the_same(door: Door, octets: bytes, kind: str) -> None:
    blob_id = upload(door, octets)
    error = refused(door, {"blobId": blob_id})
    answer = door.call("SieveScript/validate", using=USING, blobId=blob_id)
    assert error["type"] == answer["error"]["type"] == kind
    assert kind == "tooLarge" or "line 1" in error["description"]
    assert get(door)["list"] == []


def test_validate_keeps_nothing(door: Door) -> None:
    answer = door.call("SieveScript/validate", using=USING, blobId=upload(door, KEEP))
    assert answer == {"accountId": door.account_id, "error": None}
    assert get(door)["list"] == []
    gone = door.call("SieveScript/validate", using=USING, blobId="b" + "a" * 52)
    assert gone["error"]["type"] == "blobNotFound"


@pytest.mark.parametrize(
    ("record", "kind", "properties"),
    [
        ({}, "invalidProperties", ["blobId"]),
        ({"blobId": 7}, "invalidProperties", ["blobId"]),
        ({"blobId": "b" + "a" * 52}, "blobNotFound", None),
        ({"blobId": "KEEP", "name": ""}, "invalidProperties", ["name"]),
        ({"blobId": "KEEP", "name": "a\nb"}, "invalidProperties", ["name"]),
        ({"blobId": "KEEP", "name": "ก" * 200}, "invalidProperties", ["name"]),
        ({"blobId": "KEEP", "isActive": True}, "invalidProperties", ["isActive"]),
        ({"blobId": "KEEP", "x": 1}, "invalidProperties", ["x"]),
    ],
)
def test_bad_records_are_refused(
    door: Door, record: dict[str, Any], kind: str, properties: list[str] | None
) -> None:
    if record.get("blobId") == "KEEP":
        record = record | {"blobId": upload(door, KEEP)}
    error = refused(door, record)
    assert (error["type"], error.get("properties")) == (kind, properties)


def test_names_are_unique_and_made_up_when_missing(door: Door) -> None:
    first = create(door, "one")
    error = refused(door, {"name": "one", "blobId": upload(door, KEEP)})
    assert (error["type"], error["existingId"]) == ("alreadyExists", first)
    answer = change(door, create={"k": {"blobId": upload(door, KEEP)}})
    assert answer["created"]["k"]["name"]
    second = answer["created"]["k"]["id"]
    assert change(door, update={second: {"name": "one"}})["notUpdated"][second]["type"] == "alreadyExists"
    assert change(door, update={second: {"name": None}})["notUpdated"][second]["type"] == "invalidProperties"
    assert (
        change(door, update={second: {"isActive": True}})["notUpdated"][second]["type"] == "invalidProperties"
    )
    assert change(door, update={second: {"isActive": False}})["updated"] == {second: None}


def test_there_is_an_end_to_scripts(door: Door) -> None:
    blob_id = upload(door, KEEP)
    answer = change(door, create={f"k{number}": {"blobId": blob_id} for number in range(33)})
    assert len(answer["created"]) == 32
    assert [error["type"] for error in answer["notCreated"].values()] == ["overQuota"]


def test_query(door: Door) -> None:
    ids = {name: create(door, name) for name in ("b one", "a one", "c")}
    change(door, onSuccessActivateScript=ids["c"])

    def found(**arguments: Any) -> list[str]:
        names = {value: key for key, value in ids.items()}
        answer = door.call("SieveScript/query", using=USING, **arguments)
        assert answer["canCalculateChanges"] is False
        return [names[each] for each in answer["ids"]]

    by_name = [{"property": "name"}]
    assert found(sort=by_name) == ["a one", "b one", "c"]
    assert found(sort=[{"property": "isActive", "isAscending": False}, *by_name])[0] == "c"
    assert found(filter={"name": "one"}, sort=by_name, position=1) == ["b one"]
    assert found(filter={"isActive": True}) == ["c"]
    assert found(filter={"operator": "NOT", "conditions": [{"isActive": True}, {"name": "a"}]}) == ["b one"]
    assert found(anchor=ids["b one"], sort=by_name, anchorOffset=1, calculateTotal=True) == ["c"]
    for arguments, kind in (
        ({"filter": {"x": 1}}, "unsupportedFilter"),
        ({"filter": {"name": 1}}, "invalidArguments"),
        ({"filter": {"operator": "XOR", "conditions": []}}, "invalidArguments"),
        ({"sort": [{"property": "size"}]}, "unsupportedSort"),
        ({"anchor": "vzz"}, "anchorNotFound"),
    ):
        assert door.refusal("SieveScript/query", using=USING, **arguments)["type"] == kind


def test_other_peoples_scripts_are_not_there(door: Door, stranger_door: Door) -> None:
    script_id = create(door, "mine", b'# "secret"\nkeep;')
    blob_id = get(door)["list"][0]["blobId"]
    assert get(stranger_door, ids=[script_id])["notFound"] == [script_id]
    for method in ("get", "set", "query"):
        error = stranger_door.refusal(f"SieveScript/{method}", using=USING, accountId=door.account_id)
        assert error["type"] == "accountNotFound"
    assert refused(stranger_door, {"blobId": blob_id})["type"] == "blobNotFound"
    answer = change(stranger_door, update={script_id: {"name": "x"}}, destroy=[script_id])
    assert answer["notUpdated"][script_id]["type"] == answer["notDestroyed"][script_id]["type"] == "notFound"
    reading = stranger_door.client.get(
        f"/jmap/download/{stranger_door.account_id}/{blob_id}/s", headers=stranger_door.headers
    )
    assert reading.status_code == 404


def test_ids_of_other_kinds_are_not_scripts(door: Door) -> None:
    key = get(door, ids=[encode_id(IdKind.MAILBOX, 1)])
    assert key["notFound"] == [encode_id(IdKind.MAILBOX, 1)]
