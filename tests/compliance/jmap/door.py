"""A JMAP client as strict as the tests need: real HTTP requests against the whole application."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from django.http import HttpResponse
from django.test import Client

from pirab.core.ids import IdKind, encode_id
from tests.conftest import Member

CORE = "urn:ietf:params:jmap:core"
MAIL = "urn:ietf:params:jmap:mail"


class Door:
    """One signed-in person (or nobody, without a token) and their account."""

    def __init__(self, member: Member, token: str | None = None) -> None:
        self.member = member
        self.account_id = encode_id(IdKind.ACCOUNT, member.account_id)
        self.headers = {"Authorization": f"Bearer {token or member.token}"}
        self.client = Client()

    def post(self, body: bytes, content_type: str = "application/json", **headers: str) -> HttpResponse:
        """POST raw octets to the API."""
        return self.client.post("/jmap/", body, content_type=content_type, headers=self.headers | headers)  # type: ignore[return-value]

    def request(
        self, calls: Sequence[Any], using: Sequence[str] = (CORE, MAIL), **members: Any
    ) -> dict[str, Any]:
        """Send method calls, expect 200, return the Response object."""
        body = msgspec.json.encode({"using": using, "methodCalls": calls} | members)
        response = self.post(body)
        assert response.status_code == 200, response.content
        decoded: dict[str, Any] = msgspec.json.decode(response.content)
        return decoded

    def call(self, name: str, /, **arguments: Any) -> dict[str, Any]:
        """One method call on the own account; returns the arguments of its answer, which must not be an error."""
        answer, result = self.outcome(name, **arguments)
        assert answer == name, result
        return result

    def refusal(self, name: str, /, **arguments: Any) -> dict[str, Any]:
        """One method call that must fail; returns the error object."""
        answer, result = self.outcome(name, **arguments)
        assert answer == "error", result
        return result

    def outcome(
        self, name: str, /, *, using: Sequence[str] | None = None, **arguments: Any
    ) -> tuple[str, dict[str, Any]]:
        """Name and arguments of the answer to one call. `accountId` is filled in unless given."""
        given = {"accountId": self.account_id} | arguments
        calls = [[name, given, "c"]]
        response = self.request(calls) if using is None else self.request(calls, using)
        [[answer, result, call_id]] = response["methodResponses"]
        assert call_id == "c"
        return answer, result

    def problem(self, body: Any, status: int = 400) -> dict[str, Any]:
        """Send something that is no good request; returns the problem details."""
        octets = body if isinstance(body, bytes) else msgspec.json.encode(body)
        response = self.post(octets)
        assert response.status_code == status, response.content
        assert response["Content-Type"] == "application/problem+json"
        details: dict[str, Any] = msgspec.json.decode(response.content)
        assert details["status"] == status
        return details

    def mailboxes(self) -> dict[str, dict[str, Any]]:
        """All mailboxes by name."""
        return {mailbox["name"]: mailbox for mailbox in self.call("Mailbox/get", ids=None)["list"]}

    def role(self, role: str) -> str:
        """The id of the mailbox with a role."""
        found = [box["id"] for box in self.mailboxes().values() if box["role"] == role]
        return str(found[0])

    def make_mailbox(self, name: str, **properties: Any) -> str:
        """Create one mailbox; returns its id."""
        result = self.call("Mailbox/set", create={"new": {"name": name} | properties})
        assert result["notCreated"] is None, result
        return str(result["created"]["new"]["id"])
