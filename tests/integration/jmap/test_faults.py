"""Defects and outages: one call fails, its neighbours and the next request do not."""

from __future__ import annotations

from typing import Any
from unittest.mock import patch

import django.db
import pytest

from pirab.core.errors import PirabError, TemporaryError
from pirab.store.errors import AlreadyExists, BlobNotFound, OverQuota, StoreError
from tests.compliance.jmap.door import Door


class Busy(TemporaryError):
    """Something is busy."""


class Unforeseen(PirabError):
    """Nobody thought of this."""


def around(door: Door, fault: Exception) -> list[Any]:
    """The answers to a good call, one that meets the fault, and a good one."""
    account = {"accountId": door.account_id}
    calls = [
        ["Core/echo", {"n": 1}, "1"],
        ["Mailbox/get", account | {"ids": []}, "2"],
        ["Thread/get", account | {"ids": []}, "3"],
    ]
    with patch("pirab.jmap.mailbox.get.queries.mailboxes", side_effect=fault):
        answers: list[Any] = door.request(calls)["methodResponses"]
    return answers


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (RuntimeError("secret"), "serverFail"),
        (RecursionError("secret"), "serverFail"),
        (UnicodeEncodeError("utf-8", "secret", 0, 1, "x"), "serverFail"),
        (Unforeseen("secret"), "serverFail"),
        (StoreError("secret"), "serverFail"),
        (BlobNotFound("secret"), "serverFail"),
        (Busy("secret"), "serverUnavailable"),
        (django.db.OperationalError("secret"), "serverUnavailable"),
        (django.db.InterfaceError("secret"), "serverUnavailable"),
    ],
)
def test_a_fault_ends_one_call_and_tells_nothing_of_itself(door: Door, fault: Exception, kind: str) -> None:
    first, failed, last = around(door, fault)
    assert (first[0], last[0]) == ("Core/echo", "Thread/get")
    assert (failed[0], failed[1]["type"]) == ("error", kind)
    assert "secret" not in str(failed)


def test_a_lost_database_is_found_again_by_the_next_call(door: Door) -> None:
    around(door, django.db.OperationalError("gone"))
    assert door.call("Mailbox/get", ids=[])


def test_a_lost_database_at_the_door_means_later(door: Door) -> None:
    with patch("pirab.signin.tokens.prove", side_effect=django.db.OperationalError("secret")):
        response = door.post(b"{}")
    assert (response.status_code, response["Retry-After"]) == (503, "5")
    assert b"secret" not in response.content


def test_an_answer_that_cannot_be_written_is_one_failed_call(door: Door) -> None:
    with patch("pirab.jmap.mailbox.get.rendered", return_value={"name": "\ud800"}):
        failed = door.refusal("Mailbox/get", ids=None)
    assert failed["type"] == "serverFail"


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        (OverQuota(), {"type": "overQuota", "description": "The account is full."}),
        (AlreadyExists(33), {"type": "alreadyExists", "existingId": "e11"}),
    ],
)
def test_a_refused_record_is_a_set_error(door: Door, fault: Exception, expected: dict[str, Any]) -> None:
    with patch("pirab.jmap.mailbox.setting.actions.create_mailbox", side_effect=fault):
        refused = door.call("Mailbox/set", create={"k": {"name": "x"}})["notCreated"]["k"]
    assert refused | expected == refused


def test_a_defect_in_a_set_undoes_the_whole_set(door: Door) -> None:
    real = RuntimeError("secret")
    with patch("pirab.jmap.mailbox.setting.actions.destroy_mailbox", side_effect=real):
        arguments = {"create": {"k": {"name": "undone"}}, "destroy": [door.role("archive")]}
        assert door.refusal("Mailbox/set", **arguments)["type"] == "serverFail"
    assert "undone" not in door.mailboxes()
