"""Blob/copy (rfc8620#6.3)."""

from __future__ import annotations

from typing import Any

import pytest

from pirab.core import clock
from pirab.core.ids import Section, decode_blob_id, encode_blob_id
from pirab.directory import actions as directory
from pirab.directory.types import Role
from pirab.store import actions as store
from pirab.store.types import Delivery
from tests.compliance.jmap.door import CORE, Door
from tests.conftest import letter


@pytest.fixture
def shared(door: Door, stranger_door: Door) -> str:
    """An account of somebody else that the person may write to."""
    directory.grant(door.member.person_id, stranger_door.member.account_id, Role.MEMBER)
    return stranger_door.account_id


def uploaded(door: Door, data: bytes) -> str:
    path = f"/jmap/upload/{door.account_id}/"
    answer = door.client.post(path, data, content_type="text/plain", headers=door.headers)
    return str(answer.json()["blobId"])


def copy(door: Door, target: str, *blob_ids: str, source: str | None = None) -> tuple[str, dict[str, Any]]:
    arguments = {"fromAccountId": source or door.account_id, "accountId": target, "blobIds": blob_ids}
    [[name, result, _]] = door.request([["Blob/copy", arguments, "c"]], [CORE])["methodResponses"]
    return name, result


def test_a_copied_blob_can_be_read_in_the_other_account(door: Door, stranger_door: Door, shared: str) -> None:
    blob_id = uploaded(door, b"for both")
    path = f"/jmap/download/{shared}/{blob_id}/x"
    assert door.client.get(path, headers=door.headers).status_code == 404
    _, result = copy(door, shared, blob_id, blob_id)
    assert result["copied"] == {blob_id: blob_id}
    assert result["notCopied"] is None
    assert door.client.get(path, headers=door.headers).content == b"for both"
    # No mail uses it: it is the business of whoever copied it alone (rfc8620#6.1).
    assert stranger_door.client.get(path, headers=stranger_door.headers).status_code == 404


def test_a_copied_part_does_not_give_the_whole(door: Door, shared: str) -> None:
    whole = uploaded(door, b"secret and public")
    part = encode_blob_id(decode_blob_id(whole).digest, Section(11, 6))
    made = copy(door, shared, part)[1]["copied"][part]
    paths = [f"/jmap/download/{shared}/{blob_id}/x" for blob_id in (made, whole, part)]
    answers = [door.client.get(path, headers=door.headers) for path in paths]
    assert [answer.status_code for answer in answers] == [200, 404, 404]
    assert answers[0].content == b"public"


def test_what_is_not_there_is_not_copied(door: Door, stranger_door: Door, shared: str) -> None:
    theirs = uploaded(stranger_door, b"theirs")
    outside = encode_blob_id(decode_blob_id(uploaded(door, b"x")).digest, Section(0, 9))
    unknown = ["nonexistent", "", "b" + "a" * 52, theirs, outside, "ไม่มี"]
    _, result = copy(door, shared, *unknown)
    assert result["copied"] is None
    assert result["notCopied"] == {blob_id: {"type": "blobNotFound"} for blob_id in unknown}


def test_the_accounts_must_differ_and_be_there(door: Door, stranger_door: Door) -> None:
    assert copy(door, door.account_id)[1]["type"] == "invalidArguments"
    assert copy(door, stranger_door.account_id)[1] == {"type": "accountNotFound"}
    assert copy(door, door.account_id, source=stranger_door.account_id)[1] == {"type": "fromAccountNotFound"}


def test_a_reader_takes_but_does_not_bring(door: Door, stranger_door: Door) -> None:
    directory.grant(door.member.person_id, stranger_door.member.account_id, Role.READER)
    message = store.ensure_message(letter(subject="theirs"))
    store.deliver(message, [Delivery(stranger_door.member.account_id, clock.now())])
    theirs = encode_blob_id(message.digest)
    assert copy(door, stranger_door.account_id, theirs)[1]["type"] == "accountReadOnly"
    name, result = copy(door, door.account_id, theirs, source=stranger_door.account_id)
    assert (name, list(result["copied"])) == ("Blob/copy", [theirs])


@pytest.mark.parametrize("blob_ids", [None, "b", [5], ["x" * 256]])
def test_a_wrong_type_is_an_invalid_argument(door: Door, shared: str, blob_ids: object) -> None:
    error = door.refusal("Blob/copy", accountId=shared, fromAccountId=door.account_id, blobIds=blob_ids)
    assert (error["type"], error["arguments"]) == ("invalidArguments", ["blobIds"])
