"""Somebody is away: whoever writes from outside is told so once, by signed mail with a null reverse-path."""

from __future__ import annotations

import os
from email import message_from_bytes, policy

import httpx

from tests.acceptance.outside import OutsideMailServer
from tests.acceptance.people import open_account
from tests.acceptance.reader import Reader
from tests.acceptance.smtp_session import new_message_id, plain_letter, submit
from tests.acceptance.system import System

USING = ["urn:ietf:params:jmap:core", "urn:ietf:params:jmap:vacationresponse"]


def test_one_reply_reaches_who_wrote(system: System, outside: OutsideMailServer) -> None:
    person = open_account(system)
    reader = Reader(system, person)
    wanted = {"singleton": {"isEnabled": True, "subject": "ไม่อยู่", "textBody": "กลับวันจันทร์"}}
    call = ["VacationResponse/set", {"accountId": reader.account_id, "update": wanted}, "c"]
    answer = httpx.post(
        f"{system.url}/jmap/",
        json={"using": USING, "methodCalls": [call]},
        headers={"Authorization": f"Bearer {person.token}"},
        trust_env=False,
    ).json()
    assert answer["methodResponses"][0][1]["updated"] == {"singleton": None}
    sender = f"malee-{os.urandom(4).hex()}@outside.test"
    asked = [new_message_id() for _ in range(3)]
    for message_id in asked:
        letter = plain_letter(person.email, message_id=message_id)
        assert submit(system, letter, person.email, reverse_path=sender).code == 250
    reader.wait_for_count(3)
    received = outside.wait_for(sender)
    assert received.reverse_path == "<>"
    reply = message_from_bytes(received.content, policy=policy.SMTP)
    assert (str(reply["Subject"]), reply["Auto-Submitted"]) == ("ไม่อยู่", "auto-replied")
    assert str(reply["In-Reply-To"]).strip("<>") in asked
    assert [each for each in outside.received if sender in each.forward_paths] == [received]
