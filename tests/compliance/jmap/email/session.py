"""A person's JMAP client, speaking to the real view: the tests of Email read like the conversation they check."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.test import Client

from pirab.core.ids import IdKind, encode_id
from pirab.store import queries
from tests.conftest import Member

USING = ["urn:ietf:params:jmap:core", "urn:ietf:params:jmap:mail"]
MAIL_SAFETY = "https://pirab.go.th/jmap/mail-safety"

Json = dict[str, Any]


class JmapSession:
    """One signed-in person. `account` is the id of their own account, `mailboxes` its Mailboxes by role."""

    def __init__(self, member: Member) -> None:
        self._client = Client(headers={"authorization": f"Bearer {member.token}"})
        self.member = member
        self.account = encode_id(IdKind.ACCOUNT, member.account_id)
        self.using = list(USING)

    @property
    def mailboxes(self) -> dict[str, str]:
        """Mailbox ids by role."""
        return {
            box.role.value: encode_id(IdKind.MAILBOX, box.id)
            for box in queries.mailboxes(self.member.account_id)
            if box.role
        }

    def request(self, *calls: tuple[str, Mapping[str, Any], str]) -> list[tuple[str, Json, str]]:
        """Send method calls as they are; the responses as they come."""
        body = json.dumps({"using": self.using, "methodCalls": calls}, ensure_ascii=False)
        response = self._client.post("/jmap/", body.encode(), content_type="application/json")
        assert response.status_code == 200, response.content
        return [tuple(each) for each in json.loads(response.content)["methodResponses"]]

    def respond(self, name: str, /, **arguments: Any) -> tuple[str, Json]:
        """Make one call on the person's own account; the name and the arguments of its response."""
        [(answered, result, _)] = self.request((name, {"accountId": self.account, **arguments}, "c0"))
        return answered, result

    def call(self, name: str, /, **arguments: Any) -> Json:
        """Make one call that must succeed; the arguments of its response."""
        answered, result = self.respond(name, **arguments)
        assert answered == name, result
        return result

    def error(self, name: str, /, **arguments: Any) -> Json:
        """Make one call that must be refused; the error object."""
        answered, result = self.respond(name, **arguments)
        assert answered == "error", result
        return result

    def upload(self, octets: bytes, kind: str = "message/rfc822") -> str:
        """Upload a blob; its id."""
        response = self._client.post(f"/jmap/upload/{self.account}/", octets, content_type=kind)
        assert response.status_code == 201, response.content
        blob_id: str = json.loads(response.content)["blobId"]
        return blob_id

    def download(self, blob_id: str) -> bytes:
        """The octets of a blob."""
        response = self._client.get(
            f"/jmap/download/{self.account}/{blob_id}/file?accept=application/octet-stream"
        )
        assert response.status_code == 200, response.content
        return b"".join(response) if response.streaming else response.content

    def import_(self, octets: bytes, role: str = "inbox", **properties: Any) -> Json:
        """Import one message; what `created` says of it."""
        entry = {"blobId": self.upload(octets), "mailboxIds": {self.mailboxes[role]: True}, **properties}
        result = self.call("Email/import", emails={"k": entry})
        assert result["created"], result
        created: Json = result["created"]["k"]
        return created

    def create(self, **properties: Any) -> Json:
        """Create one Email, in Drafts where nothing else is said; what `created` says of it."""
        result = self.call("Email/set", create={"k": self.draft(**properties)})
        assert result["created"], result
        created: Json = result["created"]["k"]
        return created

    def refusal(self, **properties: Any) -> Json:
        """Try to create one Email that must be refused; the SetError."""
        result = self.call("Email/set", create={"k": self.draft(**properties)})
        assert result["created"] is None, result
        refused: Json = result["notCreated"]["k"]
        return refused

    def draft(self, **properties: Any) -> Json:
        """An Email object for creation; `mailboxIds` is Drafts unless given."""
        where = {} if "mailboxIds" in properties else {"mailboxIds": {self.mailboxes["drafts"]: True}}
        return where | properties

    def get(self, email_id: str, *properties: str, **arguments: Any) -> Json:
        """One Email with these properties."""
        wanted = list(properties) or None
        [email] = self.call("Email/get", ids=[email_id], properties=wanted, **arguments)["list"]
        found: Json = email
        return found
