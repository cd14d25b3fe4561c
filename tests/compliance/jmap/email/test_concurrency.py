"""Two clients at once: what each is told stays true (rfc8620#5.3)."""

from __future__ import annotations

import functools
import itertools
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from tests.compliance.jmap.email.session import JmapSession
from tests.conftest import Member, letter

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("leave_nothing")]


def _at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Run the acts in threads that start together; their values in order."""
    gate = threading.Barrier(len(acts))
    values: list[Any] = [None] * len(acts)

    def run(place: int, act: Callable[[], Any]) -> None:
        try:
            gate.wait(10)
            values[place] = act()
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=each) for each in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return values


def test_two_updates_of_one_email_both_count(make_member: Callable[..., Member]) -> None:
    jmap = JmapSession(make_member())
    email_id = jmap.import_(letter())["id"]

    def flag(keyword: str) -> Callable[[], Any]:
        session = JmapSession(jmap.member)
        return lambda: session.call("Email/set", update={email_id: {f"keywords/{keyword}": True}})

    results = _at_once(*(flag(f"k{number}") for number in range(6)))
    assert all(each["updated"] == {email_id: None} for each in results)
    assert set(jmap.get(email_id, "keywords")["keywords"]) == {f"k{number}" for number in range(6)}
    # Each call's states enclose its own change only: together they form one chain without gaps.
    spans = sorted((int(each["oldState"]), int(each["newState"])) for each in results)
    assert all(before[1] <= after[0] for before, after in itertools.pairwise(spans))


def test_only_one_of_two_conditional_sets_wins(make_member: Callable[..., Member]) -> None:
    jmap = JmapSession(make_member())
    email_id = jmap.import_(letter())["id"]
    state = jmap.call("Email/get", ids=[])["state"]

    def flag(keyword: str) -> Callable[[], Any]:
        session = JmapSession(jmap.member)
        patch = {email_id: {f"keywords/{keyword}": True}}
        return lambda: session.respond("Email/set", ifInState=state, update=patch)

    results = _at_once(*(flag(f"k{number}") for number in range(4)))
    assert sorted(name for name, _ in results) == ["Email/set", "error", "error", "error"]
    assert {each["type"] for name, each in results if name == "error"} == {"stateMismatch"}
    assert len(jmap.get(email_id, "keywords")["keywords"]) == 1


def test_one_upload_imported_by_many_is_one_email(make_member: Callable[..., Member]) -> None:
    jmap = JmapSession(make_member())
    entry = {"blobId": jmap.upload(letter()), "mailboxIds": {jmap.mailboxes["inbox"]: True}}
    sessions = [JmapSession(jmap.member) for _ in range(4)]
    results = _at_once(
        *(functools.partial(each.call, "Email/import", emails={"k": entry}) for each in sessions)
    )
    created = [each["created"]["k"]["id"] for each in results if each["created"]]
    assert len(created) == 1
    refused = [each["notCreated"]["k"] for each in results if each["notCreated"]]
    assert {(each["type"], each["existingId"]) for each in refused} == {("alreadyExists", created[0])}
