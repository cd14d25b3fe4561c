"""Requests at the same moment: whatever the order, the answers agree with one order."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from pirab.core import clock
from pirab.core.ids import IdKind, encode_id
from pirab.store import actions as store
from pirab.store.types import Delivery
from tests.compliance.jmap.door import CORE, MAIL, Door
from tests.compliance.jmap.submission_door import SUBMISSION
from tests.conftest import Member, letter

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(count: int, act: Callable[[int], Any]) -> list[Any]:
    """Run `act` in so many threads that start together; returns what they returned."""
    results: list[Any] = [None] * count
    gate = threading.Barrier(count)

    def run(number: int) -> None:
        gate.wait()
        try:
            results[number] = act(number)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_of_two_sets_with_one_expected_state_one_wins(member: Member) -> None:
    state = Door(member).call("Mailbox/get", ids=[])["state"]

    def create(number: int) -> str:
        creating = {"k": {"name": f"box {number}"}}
        return Door(member).outcome("Mailbox/set", ifInState=state, create=creating)[0]

    assert sorted(at_once(4, create)) == ["Mailbox/set", "error", "error", "error"]
    boxes = [name for name in Door(member).mailboxes() if name.startswith("box ")]
    assert len(boxes) == 1


def test_of_two_sets_of_identities_with_one_expected_state_one_wins(member: Member) -> None:
    using = (CORE, SUBMISSION)
    state = Door(member).outcome("Identity/get", using=using, ids=[])[1]["state"]

    def create(number: int) -> str:
        creating = {"k": {"name": f"ชื่อ {number}", "email": member.email}}
        return Door(member).outcome("Identity/set", using=using, ifInState=state, create=creating)[0]

    assert sorted(at_once(4, create)) == ["Identity/set", "error", "error", "error"]
    found = Door(member).outcome("Identity/get", using=using, ids=None)[1]["list"]
    assert len([each for each in found if each["name"].startswith("ชื่อ ")]) == 1


def test_one_name_is_given_once(member: Member) -> None:
    def create(number: int) -> Any:
        return Door(member).call("Mailbox/set", create={"k": {"name": "กล่องเดียว"}})

    outcomes = at_once(4, create)
    assert len([outcome for outcome in outcomes if outcome["created"]]) == 1
    refused = [outcome["notCreated"]["k"]["type"] for outcome in outcomes if outcome["notCreated"]]
    assert refused == ["alreadyExists"] * 3


def test_states_of_parallel_sets_form_one_chain(member: Member) -> None:
    """Who sees its own `oldState` as the newest it knew has missed nothing, so no state may stand for two histories."""
    before = Door(member).call("Mailbox/get", ids=[])["state"]
    outcomes = at_once(
        5, lambda number: Door(member).call("Mailbox/set", create={"k": {"name": f"n{number}"}})
    )
    steps = {outcome["oldState"]: outcome["newState"] for outcome in outcomes}
    state, length = before, 0
    while state in steps:
        state, length = steps[state], length + 1
    assert (length, state) == (5, Door(member).call("Mailbox/get", ids=[])["state"])


def test_two_moves_that_would_close_a_loop_do_not_both_happen(member: Member) -> None:
    door = Door(member)
    a, b = door.make_mailbox("a"), door.make_mailbox("b")

    def move(number: int) -> Any:
        child, parent = ((a, b), (b, a))[number]
        return Door(member).call("Mailbox/set", update={child: {"parentId": parent}})

    outcomes = at_once(2, move)
    assert len([outcome for outcome in outcomes if outcome["updated"]]) == 1
    boxes = door.mailboxes()
    assert [boxes["a"]["parentId"], boxes["b"]["parentId"]].count(None) == 1


def test_the_same_octets_uploaded_at_once_are_one_blob(member: Member) -> None:
    def upload(number: int) -> tuple[int, str]:
        door = Door(member)
        path = f"/jmap/upload/{door.account_id}/"
        response = door.client.post(path, b"same" * 1000, content_type="text/plain", headers=door.headers)
        return response.status_code, response.json()["blobId"]

    assert len(set(at_once(4, upload))) == 1


def test_requests_of_another_process_count(member: Member, stranger: Member) -> None:
    """rfc8620#2: what the session promises is one number, however many processes answer."""
    holder = (
        "import contextlib, pathlib, sys\n"
        "from pirab.jmap.concurrency import PerPerson\n"
        "with contextlib.ExitStack() as stack:\n"
        "    for limit, most in (('maxConcurrentRequests', 16), ('maxConcurrentUpload', 8)):\n"
        "        gate = PerPerson(limit, most, lambda: pathlib.Path(sys.argv[1]))\n"
        "        for _ in range(most):\n"
        "            stack.enter_context(gate.hold(int(sys.argv[2])))\n"
        "    print('held', flush=True)\n"
        "    sys.stdin.readline()\n"
    )
    command = [sys.executable, "-c", holder, str(settings.ENVIRONMENT.run_dir), str(member.person_id)]
    door, upload = Door(member), f"/jmap/upload/{Door(member).account_id}/"
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        refused = door.client.post("/jmap/", b"{}", content_type="application/json", headers=door.headers)
        too_many = door.client.post(upload, b"x", content_type="text/plain", headers=door.headers)
        assert Door(stranger).call("Core/echo", x=1)["x"] == 1
        process.kill()
    for response, limit in ((refused, "maxConcurrentRequests"), (too_many, "maxConcurrentUpload")):
        assert (response.status_code, response.json()["limit"]) == (400, limit)
        assert response.json()["type"] == "urn:ietf:params:jmap:error:limit"
    assert door.call("Core/echo", x=1)["x"] == 1
    assert door.client.post(upload, b"x", content_type="text/plain", headers=door.headers).status_code == 201


@pytest.fixture
def no_jobs_left(transactional_db: None) -> Iterator[None]:
    """Jobs refer to each other's table, which Django's flush does not know of."""
    yield
    with connection.cursor() as cursor:
        cursor.execute("truncate procrastinate_jobs, procrastinate_workers cascade")


@pytest.mark.usefixtures("no_jobs_left")
def test_of_many_who_tell_an_author_at_once_one_does(member: Member) -> None:
    raw = b"Disposition-Notification-To: a@example.test\r\n" + letter()
    store.deliver(store.ensure_message(raw), [Delivery(member.account_id, clock.now())])
    [email] = Door(member).call("Email/query")["ids"]
    using = (CORE, MAIL, SUBMISSION, "urn:ietf:params:jmap:mdn")
    [identity] = Door(member).outcome("Identity/get", using=using, ids=None)[1]["list"]
    done = {"actionMode": "manual-action", "sendingMode": "mdn-sent-manually", "type": "displayed"}
    arguments = {
        "accountId": encode_id(IdKind.ACCOUNT, member.account_id),
        "identityId": identity["id"],
        "send": {"k": {"forEmailId": email, "disposition": done}},
        "onSuccessUpdateEmail": {"#k": {"keywords/$mdnsent": True}},
    }

    def tell(number: int) -> bool:
        answers = Door(member).request([["MDN/send", arguments, "c"]], using)["methodResponses"]
        return bool(answers[0][1]["sent"])

    assert sorted(at_once(4, tell)) == [False, False, False, True]
