"""Mailbox/get (rfc8621#2, #2.1)."""

from __future__ import annotations

import pytest

from pirab.core.ids import IdKind, encode_id
from pirab.directory import actions as directory
from pirab.directory.types import Role
from pirab.jmap.limits import CORE_LIMITS
from pirab.store import actions as store
from pirab.store.types import Delivery, MailboxRole
from tests.compliance.jmap.door import Door
from tests.conftest import letter


def test_a_new_account_has_the_mailboxes_with_roles(door: Door) -> None:
    boxes = door.call("Mailbox/get", ids=None)
    assert boxes["accountId"] == door.account_id
    assert boxes["notFound"] == []
    assert [box["role"] for box in boxes["list"]] == ["inbox", "drafts", "sent", "archive", "junk", "trash"]


def test_a_mailbox_has_every_property(door: Door) -> None:
    inbox = door.mailboxes()["Inbox"]
    assert inbox | {"id": "", "sortOrder": 0} == {
        "id": "",
        "name": "Inbox",
        "parentId": None,
        "role": "inbox",
        "sortOrder": 0,
        "totalEmails": 0,
        "unreadEmails": 0,
        "totalThreads": 0,
        "unreadThreads": 0,
        "isSubscribed": True,
        "myRights": {
            "mayReadItems": True,
            "mayAddItems": True,
            "mayRemoveItems": True,
            "maySetSeen": True,
            "maySetKeywords": True,
            "mayCreateChild": True,
            "mayRename": True,
            "mayDelete": False,
            "maySubmit": True,
        },
    }


def test_only_the_properties_asked_for_come_and_the_id(door: Door) -> None:
    boxes = door.call("Mailbox/get", ids=None, properties=["role"])["list"]
    assert all(box.keys() == {"id", "role"} for box in boxes)
    assert door.call("Mailbox/get", ids=None, properties=[])["list"][0].keys() == {"id"}


def test_ids_select_and_what_is_missing_is_said(door: Door, stranger_door: Door) -> None:
    inbox, theirs = door.role("inbox"), stranger_door.role("inbox")
    unknown = [theirs, encode_id(IdKind.MAILBOX, 2**63 - 1), "e1", "m0", "nonexistent", "#unknown", "M1"]
    answer = door.call("Mailbox/get", ids=[inbox, *unknown, inbox])
    assert [box["id"] for box in answer["list"]] == [inbox]
    assert answer["notFound"] == unknown


def test_no_ids_give_an_empty_list(door: Door) -> None:
    answer = door.call("Mailbox/get", ids=[])
    assert (answer["list"], answer["notFound"]) == ([], [])
    assert answer["state"]


def test_more_ids_than_allowed_are_too_large_a_request(door: Door) -> None:
    ids = [f"m{n}" for n in range(1, CORE_LIMITS.max_objects_in_get + 2)]
    assert door.refusal("Mailbox/get", ids=ids)["type"] == "requestTooLarge"
    assert door.outcome("Mailbox/get", ids=ids[1:])[0] == "Mailbox/get"


def test_counters_follow_the_mail(door: Door) -> None:
    message = store.ensure_message(letter())
    [outcome] = store.deliver(message, [_delivery(door.member.account_id)])
    inbox = door.mailboxes()["Inbox"]
    assert outcome.email_id
    assert [inbox[name] for name in ("totalEmails", "unreadEmails", "totalThreads", "unreadThreads")] == [
        1,
        1,
        1,
        1,
    ]


def _delivery(account_id: int) -> Delivery:
    from pirab.core import clock

    return Delivery(account_id, clock.now(), MailboxRole.INBOX)


@pytest.mark.parametrize(("role", "may"), [(Role.MEMBER, True), (Role.READER, False)])
def test_rights_follow_the_role_in_a_shared_account(
    door: Door, stranger_door: Door, role: Role, may: bool
) -> None:
    directory.grant(door.member.person_id, stranger_door.member.account_id, role)
    shared = stranger_door.account_id
    [box] = door.call("Mailbox/get", accountId=shared, ids=[stranger_door.role("archive")])["list"]
    rights = box["myRights"]
    assert rights.pop("mayReadItems") is True
    assert set(rights.values()) == {may}


def test_a_reader_may_not_change_anything(door: Door, stranger_door: Door) -> None:
    directory.grant(door.member.person_id, stranger_door.member.account_id, Role.READER)
    create = {"k": {"name": "mine"}}
    error = door.refusal("Mailbox/set", accountId=stranger_door.account_id, create=create)
    assert error["type"] == "accountReadOnly"
    assert "mine" not in stranger_door.mailboxes()
