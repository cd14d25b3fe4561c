"""Two people mark the same letters at once: neither loses anything, nothing is counted twice."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.db import connection

from pirab.store import queries
from tests.compliance.jmap.door import Door
from tests.compliance.jmap.sharing.conftest import Office
from tests.conftest import Member

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("leave_nothing")]


def test_both_marks_count(make_member: Callable[..., Member]) -> None:
    office = Office(make_member)
    emails = [office.receive() for _ in range(4)]
    gate = threading.Barrier(2)
    refusals: list[object] = []

    def read_all(door: Door, keyword: str) -> None:
        try:
            gate.wait(10)
            for email in emails:
                result = office.call(door, "Email/set", update={email: {f"keywords/{keyword}": True}})
                refusals.extend([result["notUpdated"]] if result["notUpdated"] else [])
        finally:
            connection.close()

    people = [(office.owner, "$seen"), (office.reader, "$flagged")]
    threads = [threading.Thread(target=read_all, args=each) for each in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert refusals == []
    for email in emails:
        assert office.keywords(office.owner, email) == {"$seen"}
        assert office.keywords(office.reader, email) == {"$flagged"}
        assert office.keywords(office.member, email) == set()
    assert [office.box(door)["unreadEmails"] for door in office.people.values()] == [0, 4, 4]
    assert queries.wrong_counters(office.account) == []
