"""Who may do what with a shared account: owner, member, reader, strangers, nobody (rfc8620#3.6.2, rfc8621#2)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from pirab.directory.types import Role
from tests.compliance.jmap.door import MAIL, Door
from tests.compliance.jmap.sharing.conftest import Office
from tests.conftest import Member

SUBMISSION = "urn:ietf:params:jmap:submission"


def session(door: Door) -> dict[str, Any]:
    found: dict[str, Any] = door.client.get("/.well-known/jmap", headers=door.headers).json()
    return found


def test_the_session_lists_the_office_with_what_each_may_do(office: Office) -> None:
    for role, door in office.people.items():
        found = session(door)
        account = found["accounts"][office.id]
        assert (account["isPersonal"], account["isReadOnly"]) == (False, False)
        may_write = role is not Role.READER
        assert (SUBMISSION in account["accountCapabilities"]) is may_write
        assert account["accountCapabilities"][MAIL]["mayCreateTopLevelMailbox"] is may_write
        assert found["accounts"][door.account_id]["isPersonal"] is True
        assert set(found["primaryAccounts"].values()) == {door.account_id}


def test_rights_on_a_mailbox_follow_the_role(office: Office) -> None:
    for role, door in office.people.items():
        rights = office.box(door, "archive")["myRights"]
        own = {rights.pop("mayReadItems"), rights.pop("maySetSeen")}
        assert own == {True}
        assert set(rights.values()) == {role is not Role.READER}


def test_a_reader_marks_for_themselves_and_changes_nothing_else(office: Office) -> None:
    email = office.receive()
    archive = office.box(office.owner, "archive")["id"]
    office.mark(office.reader, email, keywords__seen=True)
    office.mark(office.reader, email, keywords={"$flagged": True, "$seen": True})
    assert office.keywords(office.reader, email) == {"$flagged", "$seen"}
    for patch in (
        {"keywords/urgent": True},
        {"keywords/$answered": True},
        {"keywords": {"$seen": True, "$draft": True}},
        {f"mailboxIds/{archive}": True},
        {"mailboxIds": {archive: True}},
        {"keywords/$seen": None, "keywords/urgent": True},
    ):
        refused = office.call(office.reader, "Email/set", update={email: patch})
        assert refused["updated"] is None
        assert refused["notUpdated"][email]["type"] == "forbidden"
    assert office.keywords(office.reader, email) == {"$flagged", "$seen"}
    assert office.keywords(office.owner, email) == set()


def test_a_reader_neither_makes_nor_destroys(office: Office) -> None:
    email, inbox = office.receive(), office.box(office.owner)["id"]
    draft = {"mailboxIds": {inbox: True}, "subject": "x"}
    result = office.call(office.reader, "Email/set", create={"k": draft}, destroy=[email])
    assert result["notCreated"]["k"]["type"] == result["notDestroyed"][email]["type"] == "forbidden"
    assert (result["created"], result["destroyed"]) == (None, None)
    boxes = office.call(
        office.reader,
        "Mailbox/set",
        create={"k": {"name": "x"}},
        update={inbox: {"name": "y"}},
        destroy=[inbox],
    )
    assert boxes["notCreated"]["k"]["type"] == "forbidden"
    assert boxes["notUpdated"][inbox]["type"] == boxes["notDestroyed"][inbox]["type"] == "forbidden"
    assert office.box(office.owner)["totalEmails"] == 1


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("Email/import", {"emails": {}}),
        ("Email/copy", {"create": {}}),
        ("Blob/copy", {"blobIds": []}),
        ("EmailSubmission/set", {}),
        ("Identity/set", {}),
    ],
)
def test_whole_methods_are_for_members(office: Office, name: str, arguments: dict[str, Any]) -> None:
    using = ["urn:ietf:params:jmap:core", MAIL, SUBMISSION]

    def outcome(door: Door) -> tuple[str, dict[str, Any]]:
        source = {"fromAccountId": door.account_id} if name.endswith("copy") else {}
        return door.outcome(name, using=using, accountId=office.id, **source, **arguments)

    assert outcome(office.owner)[0] == outcome(office.member)[0] == name
    answer, error = outcome(office.reader)
    assert (answer, error["type"]) == ("error", "forbidden")


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("EmailSubmission/get", {"ids": []}),
        ("EmailSubmission/query", {}),
        ("EmailSubmission/queryChanges", {"sinceQueryState": "0"}),
        ("EmailSubmission/changes", {"sinceState": "0"}),
        ("Identity/get", {"ids": []}),
        ("Identity/changes", {"sinceState": "0"}),
    ],
)
def test_a_reader_is_told_that_the_account_does_not_send(
    office: Office, name: str, arguments: dict[str, Any]
) -> None:
    """rfc8620#3.6.2: the session does not list the capability for this account."""
    using = ["urn:ietf:params:jmap:core", MAIL, SUBMISSION]
    for door in (office.owner, office.member):
        assert door.outcome(name, using=using, accountId=office.id, **arguments)[0] == name
    answer, error = office.reader.outcome(name, using=using, accountId=office.id, **arguments)
    assert (answer, error["type"]) == ("error", "accountNotSupportedByMethod")


def test_strangers_see_no_account_at_all(office: Office, make_member: Callable[..., Member]) -> None:
    email = office.receive()
    for domain in ("moi.go.test", "mof.go.test"):
        door = Door(make_member(domain=domain))
        assert office.id not in session(door)["accounts"]
        for name, arguments in (
            ("Email/get", {"ids": [email]}),
            ("Email/query", {}),
            ("Mailbox/get", {"ids": None}),
            ("Email/set", {"update": {email: {"keywords/$seen": True}}}),
            ("Mailbox/set", {}),
        ):
            error = door.refusal(name, accountId=office.id, **arguments)
            assert error["type"] == "accountNotFound"
        mine = door.call("Email/get", ids=[email])
        assert mine["notFound"] == [email]


def test_nobody_is_asked_to_sign_in(office: Office) -> None:
    response = Client().post("/jmap/", b"{}", content_type="application/json")
    assert response.status_code == 401


def test_whoever_leaves_sees_nothing_from_then_on(office: Office) -> None:
    from pirab.directory import actions as directory

    email = office.receive()
    office.mark(office.member, email, keywords__seen=True)
    directory.revoke(office.member.member.person_id, office.account)
    assert office.member.refusal("Email/get", accountId=office.id, ids=None)["type"] == "accountNotFound"
    directory.grant(office.member.member.person_id, office.account, Role.MEMBER)
    assert office.box(office.member)["unreadEmails"] == 0
