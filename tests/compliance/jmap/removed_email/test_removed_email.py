"""RemovedEmail: destroyed mail comes back, whole and where it was (ADR 0013)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from pirab.core import clock, db
from pirab.core.ids import IdKind, decode_id, encode_id
from pirab.directory import actions as directory
from pirab.directory.types import Role
from pirab.jmap.capabilities import CORE, MAIL, RECOVERY
from pirab.store import actions as store
from pirab.store import queries
from pirab.store.actions.restore import RECOVERED
from tests.compliance.jmap.door import Door
from tests.conftest import Member, letter

USING = [CORE, MAIL, RECOVERY]


def put(door: Door, *boxes: str, subject: str = "หนังสือเวียน", keywords: tuple[str, ...] = ()) -> str:
    message = store.ensure_message(letter(subject))
    keys = {decode_id(IdKind.MAILBOX, box) for box in boxes or (door.role("inbox"),)}
    row = store.create_email(door.member.account_id, message, keys, keywords, clock.now())
    return encode_id(IdKind.EMAIL, row.id)


def destroy(door: Door, *ids: str) -> None:
    assert door.call("Email/set", destroy=list(ids))["destroyed"] == list(ids)


def removed(door: Door, **arguments: Any) -> list[str]:
    ids: list[str] = door.call("RemovedEmail/query", using=USING, **arguments)["ids"]
    return ids


def restore(door: Door, *ids: str) -> dict[str, Any]:
    return door.call("RemovedEmail/restore", using=USING, ids=list(ids))


def consistent(door: Door) -> None:
    account = door.member.account_id
    assert queries.wrong_counters(account) == []
    held = db.row(
        "select coalesce(sum(size), 0), count(*) from store_email where account_id = %s", (account,)
    )
    usage = queries.usage(account)
    assert held == (usage.used_bytes, usage.email_count)


def test_a_destroyed_letter_comes_back_where_it_was(door: Door) -> None:
    label = door.make_mailbox("ป้าย")
    old = put(door, door.role("inbox"), label, keywords=("$seen", "$flagged", "งาน".encode().hex()))
    [before] = door.call("Email/get", ids=[old], bodyProperties=["partId"])["list"]
    used = queries.usage(door.member.account_id).used_bytes
    destroy(door, old)
    assert queries.usage(door.member.account_id).used_bytes == 0
    [removed_id] = removed(door)
    [seen] = door.call("RemovedEmail/get", using=USING, ids=None)["list"]
    assert (seen["id"], seen["emailId"], seen["subject"]) == (removed_id, old, before["subject"])
    assert (seen["keywords"], seen["mailboxIds"]) == (before["keywords"], before["mailboxIds"])
    answer = restore(door, removed_id)
    new = answer["restored"][removed_id]["id"]
    assert new != old
    [after] = door.call("Email/get", ids=[new], bodyProperties=["partId"])["list"]
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"id", "threadId"}
    assert removed(door) == []
    assert queries.usage(door.member.account_id).used_bytes == used
    changes = door.call("Email/changes", sinceState=answer["oldEmailState"])
    assert (changes["created"], changes["newState"]) == ([new], answer["newEmailState"])
    assert restore(door, removed_id)["notRestored"][removed_id]["type"] == "notFound"
    consistent(door)


def test_an_answer_comes_back_into_its_thread(door: Door) -> None:
    account, inbox = door.member.account_id, {decode_id(IdKind.MAILBOX, door.role("inbox"))}
    first = store.create_email(
        account, store.ensure_message(letter("a", message_id="<1@x.test>")), inbox, (), clock.now()
    )
    second = store.create_email(
        account, store.ensure_message(letter("Re: a", references="<1@x.test>")), inbox, (), clock.now()
    )
    destroy(door, encode_id(IdKind.EMAIL, second.id))
    [removed_id] = removed(door)
    back = restore(door, removed_id)["restored"][removed_id]
    assert back["threadId"] == encode_id(IdKind.THREAD, first.thread_id)
    consistent(door)


def test_out_of_the_trash_it_goes_to_the_inbox(door: Door) -> None:
    destroy(door, put(door, door.role("trash")))
    [removed_id] = removed(door)
    assert restore(door, removed_id)["restored"][removed_id]["mailboxIds"] == {door.role("inbox"): True}


def test_from_a_mailbox_that_is_gone_it_goes_to_one_of_its_own(door: Door) -> None:
    box = door.make_mailbox("โครงการ")
    put(door, box)
    put(door, box)
    kept = put(door, box, door.role("archive"))
    result = door.call("Mailbox/set", destroy=[box], onDestroyRemoveEmails=True)
    assert result["destroyed"] == [box]
    ids = removed(door)
    assert len(ids) == 2
    assert encode_id(IdKind.REMOVED_EMAIL, decode_id(IdKind.EMAIL, kept)) not in ids
    restored = restore(door, *ids)["restored"]
    recovered = door.mailboxes()[RECOVERED]
    assert [each["mailboxIds"] for each in restored.values()] == [{recovered["id"]: True}] * 2
    assert recovered["totalEmails"] == 2
    consistent(door)


def test_what_does_not_fit_or_is_there_already_stays_removed(door: Door) -> None:
    first = put(door, subject="หนึ่ง")
    message_id = queries.email_rows(door.member.account_id, [decode_id(IdKind.EMAIL, first)])[0].message_id
    destroy(door, first)
    [removed_id] = removed(door)
    store.set_quota(door.member.account_id, 10)
    assert restore(door, removed_id)["notRestored"][removed_id]["type"] == "overQuota"
    store.set_quota(door.member.account_id, 10**9)
    message = queries.message_with_id(message_id)
    assert message is not None
    inbox = {decode_id(IdKind.MAILBOX, door.role("inbox"))}
    again = store.create_email(door.member.account_id, message, inbox, (), clock.now())
    refusal = restore(door, removed_id)["notRestored"][removed_id]
    assert refusal == refusal | {"type": "alreadyExists", "existingId": encode_id(IdKind.EMAIL, again.id)}
    assert removed(door) == [removed_id]
    destroy(door, encode_id(IdKind.EMAIL, again.id))
    assert len(removed(door)) == 1


def test_saving_a_draft_again_leaves_no_old_versions(door: Door) -> None:
    drafts = door.role("drafts")
    record = {"mailboxIds": {drafts: True}, "keywords": {"$draft": True}, "subject": "ร่าง"}
    last = door.call("Email/set", create={"d": record})["created"]["d"]["id"]
    for _ in range(3):
        answer = door.call("Email/set", create={"d": record}, destroy=[last])
        assert answer["destroyed"] == [last]
        last = answer["created"]["d"]["id"]
    assert removed(door) == []
    destroy(door, last)
    assert len(removed(door)) == 1


def test_erased_is_gone_and_the_collector_hears_of_it(door: Door) -> None:
    old = put(door)
    message_id = queries.email_rows(door.member.account_id, [decode_id(IdKind.EMAIL, old)])[0].message_id
    destroy(door, old)
    store.collect_messages(timedelta(seconds=-5))
    assert queries.message_with_id(message_id) is not None
    [removed_id] = removed(door)
    result = door.call("RemovedEmail/set", using=USING, destroy=[removed_id, "r9", "x"])
    assert (result["destroyed"], set(result["notDestroyed"])) == ([removed_id], {"r9", "x"})
    assert result["oldState"] != result["newState"]
    store.collect_messages(timedelta(seconds=-5))
    assert queries.message_with_id(message_id) is None


def test_after_thirty_days_nothing_is_left(door: Door) -> None:
    young, old = put(door), put(door)
    destroy(door, young, old)
    key = decode_id(IdKind.EMAIL, old)
    db.execute(
        "update store_removed_email set removed_at = removed_at - interval '30 days' where id = %s", (key,)
    )
    assert [decode_id(IdKind.REMOVED_EMAIL, each) for each in removed(door)] == [
        decode_id(IdKind.EMAIL, young)
    ]
    expired = encode_id(IdKind.REMOVED_EMAIL, key)
    assert restore(door, expired)["notRestored"][expired]["type"] == "notFound"
    assert store.purge_removed() == 1
    assert db.scalar("select count(*) from store_removed_email where id = %s", (key,)) == 0


def test_removed_mail_is_no_second_mailbox(make_member: Callable[..., Member]) -> None:
    door = Door(make_member(quota_bytes=10**6))
    destroy(door, *[put(door) for _ in range(3)])
    newest = removed(door)[0]
    size = door.call("RemovedEmail/get", using=USING, ids=[newest])["list"][0]["size"]
    store.set_quota(door.member.account_id, size + 10)
    assert store.purge_removed() == 2
    assert removed(door) == [newest]


def test_query(door: Door) -> None:
    label = door.make_mailbox("ป้าย")
    first, second = put(door, subject="งบประมาณ"), put(door, label, subject="ลาพัก")
    destroy(door, first)
    destroy(door, second)
    one, two = (encode_id(IdKind.REMOVED_EMAIL, decode_id(IdKind.EMAIL, each)) for each in (first, second))
    assert removed(door) == [two, one]
    assert removed(door, sort=[{"property": "removedAt"}]) == [one, two]
    assert removed(door, filter={"inMailbox": label}) == [two]
    assert removed(door, filter={"text": "งบ"}) == [one]
    assert removed(door, filter={"text": "%' or 1=1 --"}) == []
    assert removed(door, filter={"before": "2020-01-01T00:00:00Z"}) == []
    assert removed(door, limit=1, position=1) == [one]
    assert removed(door, anchor=one, anchorOffset=-1) == [two, one]
    assert removed(door, position=99) == []


@pytest.mark.parametrize(
    ("arguments", "kind"),
    [
        ({"filter": {"colour": 1}}, "unsupportedFilter"),
        ({"filter": {"operator": "AND", "conditions": []}}, "unsupportedFilter"),
        ({"filter": {"text": 1}}, "invalidArguments"),
        ({"filter": {"text": "x" * 1001}}, "invalidArguments"),
        ({"filter": {"text": "\0"}}, "invalidArguments"),
        ({"filter": {"after": "yesterday"}}, "invalidArguments"),
        ({"sort": [{"property": "subject"}]}, "unsupportedSort"),
        ({"anchor": "r1"}, "anchorNotFound"),
    ],
)
def test_bad_queries(door: Door, arguments: dict[str, Any], kind: str) -> None:
    assert door.refusal("RemovedEmail/query", using=USING, **arguments)["type"] == kind


def test_nothing_is_made_or_changed_here(door: Door) -> None:
    result = door.call("RemovedEmail/set", using=USING, create={"k": {}}, update={"r1": {}})
    assert result["notCreated"]["k"]["type"] == result["notUpdated"]["r1"]["type"] == "forbidden"
    assert door.refusal("RemovedEmail/set", using=USING, ifInState="x")["type"] == "stateMismatch"


NEEDED: dict[str, dict[str, Any]] = {"RemovedEmail/restore": {"ids": ["r1"]}}
METHODS = ("RemovedEmail/get", "RemovedEmail/query", "RemovedEmail/set", "RemovedEmail/restore")


@pytest.mark.parametrize("name", METHODS)
def test_somebody_elses_is_not_found(door: Door, stranger_door: Door, name: str) -> None:
    arguments = {"accountId": door.account_id} | NEEDED.get(name, {})
    assert stranger_door.refusal(name, using=USING, **arguments)["type"] == "accountNotFound"
    assert door.refusal(name, **NEEDED.get(name, {}))["type"] == "unknownMethod"


def test_ids_of_another_account_name_nothing(door: Door, stranger_door: Door) -> None:
    destroy(door, put(door))
    [removed_id] = removed(door)
    assert restore(stranger_door, removed_id)["notRestored"][removed_id]["type"] == "notFound"
    found = stranger_door.call("RemovedEmail/get", using=USING, ids=[removed_id])
    assert found["notFound"] == [removed_id]
    result = stranger_door.call("RemovedEmail/set", using=USING, destroy=[removed_id])
    assert result["notDestroyed"][removed_id]["type"] == "notFound"
    assert removed(door) == [removed_id]


def test_a_reader_looks_and_touches_nothing(door: Door, stranger_door: Door) -> None:
    destroy(door, put(door))
    [removed_id] = removed(door)
    directory.grant(stranger_door.member.person_id, door.member.account_id, Role.READER)
    assert removed(stranger_door, accountId=door.account_id) == [removed_id]
    for name, arguments in (("restore", {"ids": [removed_id]}), ("set", {"destroy": [removed_id]})):
        refusal = stranger_door.refusal(
            f"RemovedEmail/{name}", using=USING, accountId=door.account_id, **arguments
        )
        assert refusal["type"] in ("accountReadOnly", "forbidden")
