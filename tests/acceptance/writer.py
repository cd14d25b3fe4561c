"""Somebody who writes: uploads, drafts and submissions by JMAP, as a client does it."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import httpx

from tests.acceptance.people import TestPerson
from tests.acceptance.system import System

_USING = [
    "urn:ietf:params:jmap:core",
    "urn:ietf:params:jmap:mail",
    "urn:ietf:params:jmap:submission",
]


class Writer:
    """One signed-in person at an API client that knows nothing but the RFCs."""

    def __init__(self, system: System, person: TestPerson) -> None:
        self.email = person.email
        self._http = httpx.Client(
            base_url=system.url,
            headers={"Authorization": f"Bearer {person.token}"},
            timeout=60,
            trust_env=False,
        )
        session = self._http.get("/.well-known/jmap").raise_for_status().json()
        self.account_id = str(session["primaryAccounts"]["urn:ietf:params:jmap:mail"])
        boxes = self.one("Mailbox/get", ids=None)["list"]
        self.mailboxes = {str(box["role"]): str(box["id"]) for box in boxes}
        self.identity_id = str(self.one("Identity/get", ids=None)["list"][0]["id"])

    def call(self, *calls: tuple[str, dict[str, Any]]) -> list[Any]:
        """The answers to several calls of one request."""
        made = [
            [name, {"accountId": self.account_id} | arguments, str(number)]
            for number, (name, arguments) in enumerate(calls)
        ]
        answer = self._http.post("/jmap/", json={"using": _USING, "methodCalls": made}).raise_for_status()
        responses: list[Any] = answer.json()["methodResponses"]
        assert all(name != "error" for name, _, _ in responses), responses
        return responses

    def one(self, name: str, **arguments: Any) -> dict[str, Any]:
        """The answer to one call."""
        return dict(self.call((name, arguments))[0][1])

    def upload(self, content: bytes, media_type: str) -> str:
        """Bring octets in; returns their blob id."""
        headers = {"Content-Type": media_type}
        answer = self._http.post(f"/jmap/upload/{self.account_id}/", content=content, headers=headers)
        return str(answer.raise_for_status().json()["blobId"])

    def draft(self, to: list[str], subject: str, body: str = "เรียนท่าน", **properties: Any) -> dict[str, Any]:
        """What `Email/set` creates a draft from."""
        return {
            "mailboxIds": {self.mailboxes["drafts"]: True},
            "keywords": {"$draft": True, "$seen": True},
            "from": [{"name": "ผู้เขียน ทดสอบ", "email": self.email}],
            "to": [{"name": None, "email": address} for address in to],
            "subject": subject,
            "bodyValues": {"1": {"value": body}},
            "textBody": [{"partId": "1", "type": "text/plain"}],
        } | properties

    def send(self, draft: dict[str, Any], hold_seconds: int = 0) -> str:
        """Create the draft, hand it in and move it to Sent, all in one request; returns the submission's id."""
        moved = {
            f"mailboxIds/{self.mailboxes['drafts']}": None,
            f"mailboxIds/{self.mailboxes['sent']}": True,
            "keywords/$draft": None,
        }
        submission: dict[str, Any] = {"identityId": self.identity_id, "emailId": "#draft"}
        if hold_seconds:
            submission["envelope"] = {
                "mailFrom": {"email": self.email, "parameters": {"HOLDFOR": str(hold_seconds)}},
                "rcptTo": [{"email": address["email"]} for address in draft["to"]],
            }
        answers = self.call(
            ("Email/set", {"create": {"draft": draft}}),
            ("EmailSubmission/set", {"create": {"s": submission}, "onSuccessUpdateEmail": {"#s": moved}}),
        )
        assert answers[1][1]["created"], answers
        assert answers[2][1]["notUpdated"] is None, answers
        return str(answers[1][1]["created"]["s"]["id"])

    def cancel(self, submission_id: str) -> dict[str, Any]:
        """Try to call a submission back; the answer of `EmailSubmission/set`."""
        return self.one("EmailSubmission/set", update={submission_id: {"undoStatus": "canceled"}})

    def submission(self, submission_id: str) -> dict[str, Any]:
        """One submission as it stands."""
        return dict(self.one("EmailSubmission/get", ids=[submission_id])["list"][0])

    def wait_until(
        self, submission_id: str, is_so: Callable[[dict[str, Any]], bool], seconds: float = 90
    ) -> dict[str, Any]:
        """The submission once `is_so`; fails the test when that does not come in time."""
        deadline = time.monotonic() + seconds
        while not is_so(found := self.submission(submission_id)):
            assert time.monotonic() < deadline, found
            time.sleep(0.1)
        return found

    def wait_delivered(self, submission_id: str, address: str, *words: str) -> str:
        """`smtpReply` of a recipient once `delivered` is one of `words`."""
        found = self.wait_until(
            submission_id, lambda row: row["deliveryStatus"][address]["delivered"] in words
        )
        return str(found["deliveryStatus"][address]["smtpReply"])

    def wait_marked_failed(self, submission_id: str, seconds: float = 60) -> None:
        """Return once the mail carries the mark of a failure; its report is in the inbox then."""
        deadline = time.monotonic() + seconds
        while not self.sent_email(submission_id, "keywords")["keywords"].get("$pirab_failed"):
            assert time.monotonic() < deadline, "the mail was not marked"
            time.sleep(0.1)

    def sent_email(self, submission_id: str, *properties: str) -> dict[str, Any]:
        """The mail a submission is about."""
        email_id = self.submission(submission_id)["emailId"]
        return dict(self.one("Email/get", ids=[email_id], properties=list(properties))["list"][0])
