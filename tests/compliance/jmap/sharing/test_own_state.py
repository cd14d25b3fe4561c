"""Read marks, stars and subscriptions in a shared account are each person's own (rfc8621#2, #4.1.1)."""

from __future__ import annotations

from typing import Any

from pirab.core import db
from pirab.directory.types import Role
from pirab.filtering import runs
from pirab.jmap.capabilities import FILTERS, RECOVERY
from tests.compliance.jmap.door import CORE, MAIL, Door
from tests.compliance.jmap.sharing.conftest import Office
from tests.conftest import letter


def test_marks_are_seen_by_nobody_else(office: Office) -> None:
    email = office.receive()
    office.mark(office.member, email, keywords__seen=True, keywords__flagged=True)
    assert office.keywords(office.member, email) == {"$seen", "$flagged"}
    assert office.keywords(office.owner, email) == office.keywords(office.reader, email) == set()
    assert [office.box(door)["unreadEmails"] for door in office.people.values()] == [1, 0, 1]
    assert [office.box(door)["unreadThreads"] for door in office.people.values()] == [1, 0, 1]
    assert {office.box(door)["totalEmails"] for door in office.people.values()} == {1}


def test_everything_else_is_common(office: Office) -> None:
    email = office.receive()
    office.mark(office.member, email, keywords__answered=True, **{"keywords/urgent": True})
    assert office.keywords(office.reader, email) == {"$answered", "urgent"}
    archive = office.box(office.owner, "archive")["id"]
    office.mark(office.owner, email, mailboxIds={archive: True})
    assert [office.box(door, "archive")["unreadEmails"] for door in office.people.values()] == [1, 1, 1]


def test_replacing_keywords_replaces_the_own_marks_only(office: Office) -> None:
    email = office.receive()
    office.mark(office.owner, email, keywords__seen=True)
    office.mark(office.member, email, keywords={"$flagged": True, "urgent": True})
    assert office.keywords(office.owner, email) == {"$seen", "urgent"}
    office.mark(office.member, email, keywords={})
    assert office.keywords(office.owner, email) == {"$seen"}
    assert office.keywords(office.member, email) == set()


def test_a_draft_is_unread_for_nobody(office: Office) -> None:
    drafts = office.box(office.member, "drafts")["id"]
    draft = {"mailboxIds": {drafts: True}, "keywords": {"$draft": True, "$seen": True}, "subject": "ร่าง"}
    email = office.call(office.member, "Email/set", create={"k": draft})["created"]["k"]["id"]
    assert office.keywords(office.owner, email) == {"$draft"}
    assert office.box(office.owner, "drafts")["unreadEmails"] == 0
    office.mark(office.member, email, keywords__draft=None)
    unread = [office.box(door, "drafts")["unreadEmails"] for door in office.people.values()]
    assert unread == [1, 0, 1]


def test_filters_and_sorts_look_at_ones_own_marks(office: Office) -> None:
    first = office.receive(subject="one", message_id="<first@x>")
    answer = office.receive(subject="Re: one", references="<first@x>")
    other = office.receive(subject="two")
    office.mark(office.member, first, keywords__seen=True)
    office.mark(office.owner, other, keywords__seen=True)

    def found(door_role: str, **condition: str) -> set[str]:
        door = {"owner": office.owner, "member": office.member}[door_role]
        return set(office.call(door, "Email/query", filter=condition)["ids"])

    assert found("member", hasKeyword="$seen") == {first}
    assert found("owner", hasKeyword="$seen") == {other}
    assert found("member", notKeyword="$seen") == {answer, other}
    assert found("member", someInThreadHaveKeyword="$seen") == {first, answer}
    assert found("member", allInThreadHaveKeyword="$seen") == set()
    assert found("owner", noneInThreadHaveKeyword="$seen") == {first, answer}
    sort = [{"property": "hasKeyword", "keyword": "$seen", "isAscending": False}]
    assert office.call(office.member, "Email/query", sort=sort)["ids"][0] == first
    assert office.call(office.owner, "Email/query", sort=sort)["ids"][0] == other


def test_a_cached_list_of_unread_mail_catches_up_for_each(office: Office) -> None:
    email = office.receive()
    unread = {"notKeyword": "$seen"}
    state = office.call(office.owner, "Email/query", filter=unread)["queryState"]
    office.mark(office.member, email, keywords__seen=True)
    for door, present in ((office.member, []), (office.owner, [{"id": email, "index": 0}])):
        delta = office.call(door, "Email/queryChanges", filter=unread, sinceQueryState=state)
        assert delta["removed"] == [email]
        assert delta["added"] == present


def test_the_other_sessions_of_a_person_learn_of_their_marks(office: Office) -> None:
    email = office.receive()
    emails = office.call(office.member, "Email/get", ids=[])["state"]
    boxes = office.call(office.member, "Mailbox/get", ids=[])["state"]
    office.mark(office.member, email, keywords__seen=True)
    assert office.call(office.member, "Email/changes", sinceState=emails)["updated"] == [email]
    changed = office.call(office.member, "Mailbox/changes", sinceState=boxes)
    assert changed["updated"] == [office.box(office.member)["id"]]
    assert "unreadEmails" in changed["updatedProperties"]


def test_what_one_puts_in_is_read_by_oneself_alone(office: Office) -> None:
    own = office.member
    path = f"/jmap/upload/{own.account_id}/"
    response = own.client.generic("POST", path, letter(), "message/rfc822", headers=own.headers)
    blob = response.json()["blobId"]
    imported = own.call(
        "Email/import",
        emails={"k": {"blobId": blob, "mailboxIds": {own.role("inbox"): True}, "keywords": {"$seen": True}}},
    )["created"]["k"]["id"]
    inbox = office.box(own)["id"]
    copied = office.call(
        own,
        "Email/copy",
        fromAccountId=own.account_id,
        create={"k": {"id": imported, "mailboxIds": {inbox: True}}},
    )["created"]["k"]["id"]
    assert office.keywords(own, copied) == {"$seen"}
    assert office.keywords(office.owner, copied) == set()
    office.mark(own, copied, keywords__flagged=True)
    back = own.outcome(
        "Email/copy",
        fromAccountId=office.id,
        create={"k": {"id": copied, "mailboxIds": {own.role("inbox"): True}}},
    )[1]
    assert back["notCreated"]["k"]["type"] == "alreadyExists"


def test_subscriptions_are_ones_own(office: Office) -> None:
    archive = office.box(office.reader, "archive")["id"]
    result = office.call(office.reader, "Mailbox/set", update={archive: {"isSubscribed": False}})
    assert result["updated"] == {archive: None}
    assert [office.box(door, "archive")["isSubscribed"] for door in office.people.values()] == [
        True,
        True,
        False,
    ]
    hidden = {"isSubscribed": False}
    assert office.call(office.reader, "Mailbox/query", filter=hidden)["ids"] == [archive]
    assert office.call(office.owner, "Mailbox/query", filter=hidden)["ids"] == []


def test_is_unread_means_unread_by_the_one_who_asks(office: Office) -> None:
    email = office.receive(subject="งบประมาณ")
    office.mark(office.member, email, keywords__seen=True, keywords__flagged=True)
    using = [CORE, MAIL, "https://pirab.go.th/jmap/search"]
    found = {
        (role, text): door.outcome(
            "Email/query", using=using, accountId=office.id, filter={"searchText": text}
        )[1]
        for role, door in office.people.items()
        for text in ("is:unread", "is:starred งบประมาณ")
    }
    unread = {(role, text) for (role, text), answer in found.items() if answer["ids"] == [email]}
    assert unread == {
        (Role.OWNER, "is:unread"),
        (Role.READER, "is:unread"),
        (Role.MEMBER, "is:starred งบประมาณ"),
    }


def test_marks_come_back_with_removed_mail(office: Office) -> None:
    email = office.receive()
    office.mark(office.member, email, keywords__seen=True, keywords__flagged=True)
    office.mark(office.reader, email, keywords__flagged=True)
    office.call(office.owner, "Email/set", destroy=[email])
    using = [CORE, MAIL, RECOVERY]
    [gone] = office.call(office.member, "RemovedEmail/get", using=using, ids=None)["list"]
    assert set(gone["keywords"]) == {"$seen", "$flagged"}
    answer = office.call(office.owner, "RemovedEmail/restore", using=using, ids=[gone["id"]])
    back = answer["restored"][gone["id"]]["id"]
    assert office.keywords(office.member, back) == {"$seen", "$flagged"}
    assert office.keywords(office.reader, back) == {"$flagged"}
    assert office.keywords(office.owner, back) == set()
    assert [office.box(door)["unreadEmails"] for door in office.people.values()] == [1, 0, 1]


def test_rules_applied_mark_for_who_applies_them_and_undo_is_exact(office: Office) -> None:
    emails = [office.receive() for _ in range(3)]
    read, starred, new = emails
    office.mark(office.member, read, keywords__seen=True)
    office.mark(office.owner, starred, keywords__flagged=True)
    before = [office.keywords(door, each) for door in office.people.values() for each in emails]
    using = [CORE, MAIL, FILTERS]
    label = office.call(office.owner, "Mailbox/set", create={"k": {"name": "งาน"}})["created"]["k"]["id"]
    rule = {"actions": {"markRead": True, "star": True, "labels": [label]}}
    office.call(office.owner, "FilterRules/set", using=using, update={"singleton": {"rules": [rule]}})
    office.call(office.member, "FilterRules/apply", using=using, mailboxId=office.box(office.member)["id"])
    _work(office)
    assert [office.keywords(office.member, each) for each in emails] == [{"$seen", "$flagged"}] * 3
    assert [office.keywords(office.owner, each) for each in emails] == [set(), {"$flagged"}, set()]
    assert _label(office, office.owner, label)["unreadEmails"] == 3
    assert _label(office, office.member, label)["unreadEmails"] == 0
    office.mark(office.reader, new, keywords__seen=True)
    office.call(office.owner, "FilterRules/undo", using=using)
    _work(office)
    before[-1] = {"$seen"}  # what the reader did meanwhile
    assert [office.keywords(door, each) for door in office.people.values() for each in emails] == before
    assert _label(office, office.owner, label)["totalEmails"] == 0


def _work(office: Office) -> None:
    run_id = db.scalar("select id from filtering_run where account_id = %s", (office.account,))
    runs.work_on(office.account, run_id)


def _label(office: Office, door: Door, label: str) -> dict[str, Any]:
    [box] = office.call(door, "Mailbox/get", ids=[label])["list"]
    return dict(box)
