"""Rules at work: a letter from outside is labelled, sent on and answered, and what comes back of it ends."""

from __future__ import annotations

import os
from email import message_from_bytes, policy
from typing import Any

import httpx

from tests.acceptance.outside import OutsideMailServer
from tests.acceptance.people import TestPerson, open_account
from tests.acceptance.reader import Reader
from tests.acceptance.smtp_session import new_message_id, plain_letter, submit
from tests.acceptance.system import System

USING = [
    "urn:ietf:params:jmap:core",
    "urn:ietf:params:jmap:mail",
    "urn:ietf:params:jmap:sieve",
    "https://pirab.go.th/jmap/filters",
]


def _call(system: System, person: TestPerson, name: str, **arguments: Any) -> dict[str, Any]:
    answer = httpx.post(
        f"{system.url}/jmap/",
        json={"using": USING, "methodCalls": [[name, arguments, "c"]]},
        headers={"Authorization": f"Bearer {person.token}"},
        trust_env=False,
    ).json()
    ((answered, found, _),) = answer["methodResponses"]
    assert answered == name, found
    return dict(found)


def _use_rules(system: System, person: TestPerson, reader: Reader, rules: list[dict[str, Any]]) -> None:
    update = {"singleton": {"rules": rules}}
    answer = _call(system, person, "FilterRules/set", accountId=reader.account_id, update=update)
    assert answer["notUpdated"] is None, answer


def test_a_letter_is_labelled_sent_on_and_answered_once(system: System, outside: OutsideMailServer) -> None:
    person = open_account(system)
    reader = Reader(system, person)
    made = reader.call("Mailbox/set", create={"k": {"name": "งานประชุม"}})
    label = made["created"]["k"]["id"]
    tag = os.urandom(4).hex()
    sender, away = f"malee-{tag}@outside.test", f"away-{tag}@outside.test"
    rule = {
        "name": "ประชุม",
        "conditions": [{"field": "from", "value": sender}],
        "actions": {
            "labels": [label],
            "star": True,
            "forwardTo": [away],
            "reply": {"subject": "ได้รับแล้ว", "text": "จะตอบภายใน ๓ วัน"},
        },
    }
    _use_rules(system, person, reader, [rule])
    asked = [new_message_id() for _ in range(2)]
    for message_id in asked:
        letter = plain_letter(person.email, message_id=message_id)
        letter = letter.replace(b"From: ", b"From: <" + sender.encode() + b">\r\nX-Old-From: ", 1)
        assert submit(system, letter, person.email, reverse_path=sender).code == 250
    reader.wait_for_count(2)
    for email in reader.emails():
        assert label in email.mailbox_ids
        assert len(email.mailbox_ids) == 2
    forwarded = outside.wait_for(away)
    assert forwarded.reverse_path.strip("<>").lower() == person.email
    assert f"Resent-From: <{person.email}>".encode() in forwarded.content
    assert any(message_id.encode() in forwarded.content for message_id in asked)
    reply = message_from_bytes(outside.wait_for(sender).content, policy=policy.SMTP)
    assert (str(reply["Subject"]), reply["Auto-Submitted"]) == ("ได้รับแล้ว", "auto-replied")
    assert len([each for each in outside.received if sender in each.forward_paths]) == 1


def test_two_people_who_send_on_to_each_other_get_one_letter_each(system: System) -> None:
    people = [open_account(system) for _ in range(2)]
    readers = [Reader(system, person) for person in people]
    for person, reader, other in zip(people, readers, reversed(people), strict=True):
        _use_rules(system, person, reader, [{"actions": {"forwardTo": [other.email]}}])
    letter = plain_letter(people[0].email, message_id=new_message_id())
    assert submit(system, letter, people[0].email).code == 250
    readers[1].wait_for_count(1)
    last = plain_letter(people[1].email, message_id=new_message_id())
    assert submit(system, last, people[1].email).code == 250
    for reader in readers:  # the second letter has gone both ways: a circle would have brought more by now
        reader.wait_for_count(2)
        assert len(reader.emails()) == 2
