"""Email/copy between accounts a person may use (rfc8621#4.7, rfc8620#5.4)."""

from __future__ import annotations

from typing import Any

import pytest

from pirab.core.ids import IdKind, encode_id
from pirab.directory import actions as directory
from pirab.directory.types import Role
from pirab.personnel.provisioning import open_shared_account
from pirab.store import queries
from pirab.store.types import MailboxRole
from tests.compliance.jmap.email.session import JmapSession
from tests.conftest import letter


class Shared:
    """A shared account the person may write to."""

    def __init__(self, jmap: JmapSession) -> None:
        account = open_shared_account("saraban@moi.go.test", "สารบรรณ", quota_bytes=10**9)
        directory.grant(jmap.member.person_id, account, Role.MEMBER)
        self.id = encode_id(IdKind.ACCOUNT, account)
        self.inbox = encode_id(IdKind.MAILBOX, queries.mailbox_with_role(account, MailboxRole.INBOX).id)


@pytest.fixture
def shared(jmap: JmapSession) -> Shared:
    return Shared(jmap)


def _copy(jmap: JmapSession, shared: Shared, record: dict[str, Any], **arguments: Any) -> dict[str, Any]:
    return jmap.call(
        "Email/copy", fromAccountId=jmap.account, accountId=shared.id, create={"k": record}, **arguments
    )


def test_a_copy_has_the_content_and_a_state_of_its_own(jmap: JmapSession, shared: Shared) -> None:
    original = jmap.import_(letter(), keywords={"$seen": True}, receivedAt="2026-01-01T00:00:00Z")
    result = _copy(jmap, shared, {"id": original["id"], "mailboxIds": {shared.inbox: True}})
    copy = result["created"]["k"]
    assert copy["id"] != original["id"]
    assert copy["blobId"] == original["blobId"]
    assert copy["size"] == original["size"]
    email = jmap.get(copy["id"], "keywords", "receivedAt", "mailboxIds", accountId=shared.id)
    assert email["keywords"] == {"$seen": True}
    assert email["receivedAt"] == "2026-01-01T00:00:00Z"
    assert email["mailboxIds"] == {shared.inbox: True}
    assert result["oldState"] != result["newState"]
    jmap.call("Email/set", accountId=shared.id, update={copy["id"]: {"keywords": {}}})
    assert jmap.get(original["id"], "keywords")["keywords"] == {"$seen": True}


def test_keywords_and_time_may_be_set_on_the_copy(jmap: JmapSession, shared: Shared) -> None:
    original = jmap.import_(letter(), keywords={"$seen": True})
    record = {
        "id": original["id"],
        "mailboxIds": {shared.inbox: True},
        "keywords": {"$flagged": True},
        "receivedAt": "2025-05-05T05:05:05Z",
    }
    copy = _copy(jmap, shared, record)["created"]["k"]
    email = jmap.get(copy["id"], "keywords", "receivedAt", accountId=shared.id)
    assert email["keywords"] == {"$flagged": True}
    assert email["receivedAt"] == "2025-05-05T05:05:05Z"


def test_the_original_may_be_destroyed_after_success(jmap: JmapSession, shared: Shared) -> None:
    original = jmap.import_(letter())
    arguments = {
        "fromAccountId": jmap.account,
        "accountId": shared.id,
        "create": {
            "good": {"id": original["id"], "mailboxIds": {shared.inbox: True}},
            "bad": {"id": "e1", "mailboxIds": {shared.inbox: True}},
        },
        "onSuccessDestroyOriginal": True,
    }
    [copied, destroyed] = jmap.request(("Email/copy", arguments, "c"))
    assert copied[0] == "Email/copy"
    assert set(copied[1]["created"]) == {"good"}
    assert copied[1]["notCreated"]["bad"]["type"] == "notFound"
    assert (destroyed[0], destroyed[2]) == ("Email/set", "c")
    assert destroyed[1]["accountId"] == jmap.account
    assert destroyed[1]["destroyed"] == [original["id"]]


def test_a_wrong_state_keeps_the_original(jmap: JmapSession, shared: Shared) -> None:
    original = jmap.import_(letter())
    arguments = {
        "fromAccountId": jmap.account,
        "accountId": shared.id,
        "create": {"k": {"id": original["id"], "mailboxIds": {shared.inbox: True}}},
        "onSuccessDestroyOriginal": True,
        "destroyFromIfInState": "0",
    }
    [copied, refused] = jmap.request(("Email/copy", arguments, "c"))
    assert copied[1]["created"]
    assert refused[1]["type"] == "stateMismatch"
    assert jmap.get(original["id"], "id")


def test_a_message_that_is_there_already_is_named(jmap: JmapSession, shared: Shared) -> None:
    original = jmap.import_(letter())
    record = {"id": original["id"], "mailboxIds": {shared.inbox: True}}
    first = _copy(jmap, shared, record)["created"]["k"]
    refused = _copy(jmap, shared, record)["notCreated"]["k"]
    assert refused["type"] == "alreadyExists"
    assert refused["existingId"] == first["id"]


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ({"id": None}, "notFound"),
        ({"id": 1}, "notFound"),
        ({"mailboxIds": {}}, "invalidProperties"),
        ({"mailboxIds": {"m1": True}}, "invalidProperties"),
        ({"subject": "x"}, "invalidProperties"),
        ({"keywords": {"a b": True}}, "invalidProperties"),
        ({"receivedAt": 5}, "invalidProperties"),
    ],
)
def test_bad_records_are_refused(
    jmap: JmapSession, shared: Shared, change: dict[str, Any], kind: str
) -> None:
    original = jmap.import_(letter())
    record = {"id": original["id"], "mailboxIds": {shared.inbox: True}} | change
    assert _copy(jmap, shared, record)["notCreated"]["k"]["type"] == kind


def test_accounts_out_of_reach(jmap: JmapSession, shared: Shared, stranger_jmap: JmapSession) -> None:
    theirs = stranger_jmap.account
    create: dict[str, Any] = {"k": {"id": "e1", "mailboxIds": {shared.inbox: True}}}
    error = jmap.error("Email/copy", fromAccountId=theirs, accountId=shared.id, create=create)
    assert error["type"] == "fromAccountNotFound"
    error = jmap.error("Email/copy", fromAccountId=shared.id, accountId=theirs, create=create)
    assert error["type"] == "accountNotFound"
    error = jmap.error("Email/copy", fromAccountId=jmap.account, accountId=jmap.account, create=create)
    assert error["type"] == "invalidArguments"


def test_states_are_checked_on_both_sides(jmap: JmapSession, shared: Shared) -> None:
    original = jmap.import_(letter())
    create = {"k": {"id": original["id"], "mailboxIds": {shared.inbox: True}}}
    for name in ("ifInState", "ifFromInState"):
        error = jmap.error(
            "Email/copy", fromAccountId=jmap.account, accountId=shared.id, create=create, **{name: "7777"}
        )
        assert error["type"] == "stateMismatch"
