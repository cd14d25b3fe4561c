"""Looking into an account from outside, by JMAP only."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass
from typing import Any

import httpx

from tests.acceptance.people import TestPerson
from tests.acceptance.system import System

_USING = [f"urn:ietf:params:jmap:{name}" for name in ("core", "mail", "quota", "sieve")]
_USING.append("https://pirab.go.th/jmap/labels")
_PROPERTIES = ["id", "blobId", "mailboxIds", "messageId", "subject", "preview", "size", "hasAttachment"]
_PAGE = 400


@dataclass(frozen=True)
class SeenEmail:
    """An email as a client sees it; `message_id` without angle brackets, "" where there is none."""

    id: str
    blob_id: str
    mailbox_ids: frozenset[str]
    message_id: str
    subject: str
    preview: str


class Reader:
    """One signed-in person; a request that fails while something restarts is made again for a while."""

    def __init__(self, system: System, person: TestPerson, patience_seconds: float = 90) -> None:
        self._patience = patience_seconds
        self._http = httpx.Client(
            base_url=system.url,
            headers={"Authorization": f"Bearer {person.token}"},
            timeout=60,
            trust_env=False,
        )
        session = self._request("GET", "/.well-known/jmap").json()
        self.account_id = str(session["primaryAccounts"]["urn:ietf:params:jmap:mail"])

    def call(self, name: str, **arguments: Any) -> dict[str, Any]:
        """One method call on the account; fails the test at a method-level error."""
        body = {"using": _USING, "methodCalls": [[name, {"accountId": self.account_id, **arguments}, "c"]]}
        (answer, found, _), *_ = self._request("POST", "/jmap/", json=body).json()["methodResponses"]
        assert answer == name, found
        return dict(found)

    def emails(self) -> list[SeenEmail]:
        """Every email of the account, newest first."""
        seen: list[SeenEmail] = []
        while True:
            page = self.call("Email/query", position=len(seen), limit=_PAGE)["ids"]
            if page:
                listed = self.call("Email/get", ids=page, properties=_PROPERTIES)["list"]
                seen += [_seen(entry) for entry in listed]
            if len(page) < _PAGE:
                return seen

    def message_ids(self) -> Counter[str]:
        """How many emails carry each Message-ID."""
        return Counter(email.message_id for email in self.emails())

    def wait_for(self, message_id: str, seconds: float = 60) -> SeenEmail:
        """The email with this Message-ID (without brackets); fails the test when it does not come in time."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            for email in self.emails():
                if email.message_id == message_id:
                    return email
            time.sleep(0.2)
        raise AssertionError(f"{message_id} did not arrive within {seconds:.0f} s")

    def wait_for_count(self, count: int, seconds: float = 60) -> list[SeenEmail]:
        """All emails once there are `count` of them; fails the test when there never are."""
        deadline = time.monotonic() + seconds
        emails = self.emails()
        while len(emails) < count and time.monotonic() < deadline:
            time.sleep(0.2)
            emails = self.emails()
        assert len(emails) == count, [email.subject for email in emails][:20]
        return emails

    def mailbox_id(self, role: str) -> str:
        """The id of the mailbox with this role."""
        boxes = self.call("Mailbox/get", ids=None, properties=["id", "role"])["list"]
        return next(str(box["id"]) for box in boxes if box["role"] == role)

    def download(self, email: SeenEmail) -> bytes:
        """The bytes of the whole message."""
        path = f"/jmap/download/{self.account_id}/{email.blob_id}/letter.eml"
        return self._request("GET", path, params={"accept": "message/rfc822"}).content

    def _request(self, method: str, path: str, **options: Any) -> httpx.Response:
        deadline = time.monotonic() + self._patience
        while True:
            try:
                response = self._http.request(method, path, **options)
                if response.status_code < 500 or time.monotonic() > deadline:
                    assert response.status_code == 200, (response.status_code, response.text[:500])
                    return response
            except httpx.TransportError:
                if time.monotonic() > deadline:
                    raise
            time.sleep(0.3)


def _seen(entry: dict[str, Any]) -> SeenEmail:
    return SeenEmail(
        str(entry["id"]),
        str(entry["blobId"]),
        frozenset(entry["mailboxIds"]),
        ((entry["messageId"] or [""])[0]),
        str(entry["subject"]),
        str(entry["preview"]),
    )
