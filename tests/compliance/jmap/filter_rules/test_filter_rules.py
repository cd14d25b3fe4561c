"""FilterRules/get and /set: rules made in a form."""

from __future__ import annotations

import json
from typing import Any

import pytest

from pirab.core import clock, db
from pirab.core.ids import IdKind, encode_id
from pirab.filtering import tasks
from pirab.jmap.capabilities import CORE, FILTERS, MAIL
from pirab.store import actions as store
from pirab.store.types import Delivery
from tests.compliance.jmap.door import Door

USING = [CORE, MAIL, FILTERS]
RULE = {
    "name": "ประชุม",
    "isEnabled": True,
    "match": "any",
    "conditions": [{"field": "subject", "operator": "contains", "value": "ประชุม", "header": None}],
    "actions": {
        "labels": [],
        "moveTo": None,
        "star": True,
        "markRead": False,
        "neverJunk": False,
        "delete": False,
        "forwardTo": [],
        "reply": None,
    },
    "stop": False,
}


def get(door: Door, **arguments: Any) -> dict[str, Any]:
    (found,) = door.call("FilterRules/get", using=USING, **{"ids": None} | arguments)["list"]
    result: dict[str, Any] = found
    return result


def update(door: Door, rules: Any, **arguments: Any) -> dict[str, Any]:
    return door.call("FilterRules/set", using=USING, update={"singleton": {"rules": rules}}, **arguments)


def test_rules_are_kept_in_their_order_and_shown_as_sieve(door: Door) -> None:
    assert get(door)["rules"] == []
    second = {**RULE, "name": "สอง", "stop": True}
    answer = update(door, [RULE, second])
    assert 'addflag "\\\\Flagged";' in answer["updated"]["singleton"]["sieve"]
    found = get(door)
    assert (found["rules"], found["problems"], found["trouble"]) == ([RULE, second], [], None)
    assert update(door, [second, RULE], ifInState=answer["newState"])["updated"]
    assert [rule["name"] for rule in get(door)["rules"]] == ["สอง", "ประชุม"]
    stale = door.refusal("FilterRules/set", using=USING, ifInState=answer["newState"])
    assert stale["type"] == "stateMismatch"
    assert update(door, [])["updated"]
    assert get(door, properties=["rules"]) == {"id": "singleton", "rules": []}


def test_a_rule_whose_mailbox_is_gone_says_so(door: Door) -> None:
    made = door.call("Mailbox/set", create={"k": {"name": "งาน"}})
    mailbox_id = made["created"]["k"]["id"]
    update(door, [{"actions": {"moveTo": mailbox_id}}])
    assert get(door)["problems"] == []
    door.call("Mailbox/set", update={mailbox_id: {"name": "ใหม่"}})
    assert get(door)["problems"] == []
    door.call("Mailbox/set", destroy=[mailbox_id])
    assert get(door)["problems"] == [{"rule": 0, "mailboxId": mailbox_id, "type": "mailboxNotFound"}]
    assert update(door, [{"actions": {"moveTo": mailbox_id}}, {"actions": {"star": True}}])["updated"]


@pytest.mark.parametrize(
    "rules",
    [
        7,
        "x",
        [7],
        [{}],
        [{"actions": {"explode": True}}],
        [{"actions": {"moveTo": "mzzzz"}}],
        [{"actions": {"moveTo": "e1"}}],
        [{"actions": {"delete": True, "labels": ["m1"]}}],
        [{"actions": {"forwardTo": ["nobody"]}}],
        [{"actions": {"forwardTo": ["OWN"]}}],
        [{"actions": {"reply": {"text": ""}}}],
        [{"actions": {}, "conditions": [{"field": "header", "value": "x"}]}],
        [{"actions": {}, "conditions": [{"field": "subject", "header": "x", "value": "x"}]}],
        [{"actions": {}, "conditions": [{"field": "header", "header": "a b", "value": "x"}]}],
        [{"actions": {}, "conditions": [{"field": "subject", "value": "x" * 501}]}],
        [{"actions": {}, "conditions": [{"field": "subject", "value": "x"}] * 1_000}],
        [{"actions": {}}] * 101,
        [{"actions": {}, "conditions": [{"field": "subject", "value": "ก" * 500}] * 50}] * 20,
    ],
)
def test_rules_that_cannot_be_are_refused(door: Door, rules: Any) -> None:
    if rules == [{"actions": {"forwardTo": ["OWN"]}}]:
        rules = [{"actions": {"forwardTo": [door.member.email]}}]
    answer = update(door, rules)
    error = answer["notUpdated"]["singleton"]
    assert (error["type"], error["properties"]) == ("invalidProperties", ["rules"])
    assert get(door)["rules"] == []


def test_rules_are_applied_to_mail_that_is_there_and_taken_back(door: Door) -> None:
    letters = [_deliver(door, word) for word in ("ประชุม", "อื่น")]
    update(door, [{**RULE, "actions": {"star": True, "moveTo": door.role("archive")}}])
    apply = {"mailboxId": door.role("inbox")}
    answer = door.call("FilterRules/apply", using=USING, **apply)
    assert (answer["run"]["state"], answer["run"]["total"], answer["run"]["done"]) == ("running", 2, 0)
    assert door.refusal("FilterRules/apply", using=USING, **apply)["type"] == "forbidden"
    assert door.refusal("FilterRules/undo", using=USING)["type"] == "forbidden"
    _work()
    run = get(door)["run"]
    assert (run["state"], run["done"], run["changed"]) == ("done", 2, 1)
    assert _places(door, letters) == [({door.role("archive")}, {"$flagged"}), ({door.role("inbox")}, set())]
    assert door.call("FilterRules/undo", using=USING)["run"]["state"] == "undoing"
    _work()
    assert get(door)["run"]["state"] == "undone"
    assert _places(door, letters) == [({door.role("inbox")}, set())] * 2
    assert door.refusal("FilterRules/undo", using=USING)["type"] == "forbidden"


def test_what_was_moved_since_stays_when_a_run_is_taken_back(door: Door) -> None:
    letter = _deliver(door, "ประชุม")
    update(door, [{"actions": {"delete": True}}])
    door.call("FilterRules/apply", using=USING, mailboxId=door.role("inbox"))
    _work()
    assert _places(door, [letter]) == [({door.role("trash")}, {"$seen"})]
    door.call("Email/set", update={letter: {"mailboxIds": {door.role("archive"): True}}})
    door.call("FilterRules/undo", using=USING)
    _work()
    assert _places(door, [letter]) == [({door.role("archive")}, {"$seen"})]


def test_runs_name_mailboxes_of_the_account(door: Door, stranger_door: Door) -> None:
    for mailbox_id in ("mzzzz", "x", stranger_door.role("inbox")):
        error = door.refusal("FilterRules/apply", using=USING, mailboxId=mailbox_id)
        assert error["type"] == "invalidArguments"
    for name, arguments in (("apply", {"mailboxId": door.role("inbox")}), ("undo", {})):
        error = stranger_door.refusal(
            f"FilterRules/{name}", using=USING, accountId=door.account_id, **arguments
        )
        assert error["type"] == "accountNotFound"


def _deliver(door: Door, subject: str) -> str:
    message = store.ensure_message(f"Subject: {subject}\r\n\r\nx\r\n".encode())
    (outcome,) = store.deliver(message, [Delivery(door.member.account_id, clock.now())])
    return encode_id(IdKind.EMAIL, outcome.email_id or 0)


def _work() -> None:
    for (text,) in db.rows(
        "delete from procrastinate_jobs where task_name = 'filtering.run' returning args::text"
    ):
        tasks.run(**json.loads(text))


def _places(door: Door, letters: list[str]) -> list[tuple[set[str], set[str]]]:
    found = door.call("Email/get", ids=letters, properties=["mailboxIds", "keywords"])["list"]
    by_id = {each["id"]: (set(each["mailboxIds"]), set(each["keywords"])) for each in found}
    return [by_id[letter] for letter in letters]


def test_there_is_one_object(door: Door) -> None:
    answer = door.call(
        "FilterRules/set",
        using=USING,
        create={"k": {}},
        update={"other": {}, "singleton": {"sieve": "keep;"}},
        destroy=["singleton", "x"],
    )
    assert answer["notCreated"]["k"]["type"] == "singleton"
    assert answer["notUpdated"]["other"]["type"] == "notFound"
    assert answer["notUpdated"]["singleton"]["type"] == "invalidProperties"
    assert answer["notDestroyed"]["singleton"]["type"] == "singleton"


def test_other_peoples_rules_are_not_there(door: Door, stranger_door: Door) -> None:
    update(door, [RULE])
    for name in ("get", "set"):
        error = stranger_door.refusal(f"FilterRules/{name}", using=USING, accountId=door.account_id)
        assert error["type"] == "accountNotFound"
    assert get(stranger_door)["rules"] == []
