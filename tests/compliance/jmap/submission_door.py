"""A JMAP client that also speaks of submissions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pirab.core import clock
from pirab.core.ids import IdKind, encode_id
from pirab.store import actions as store
from pirab.store import queries as stored
from pirab.store.types import MailboxRole
from tests.compliance.jmap.door import CORE, MAIL, Door
from tests.conftest import letter

SUBMISSION = "urn:ietf:params:jmap:submission"


class SubmissionDoor(Door):
    """A signed-in person with mails to send."""

    def request(
        self, calls: Sequence[Any], using: Sequence[str] = (CORE, MAIL, SUBMISSION), **members: Any
    ) -> dict[str, Any]:
        return super().request(calls, using, **members)

    @property
    def identity_id(self) -> str:
        """The default identity."""
        return str(self.call("Identity/get")["list"][0]["id"])

    def write(self, to: str = "a@example.test", raw: bytes | None = None) -> str:
        """A draft of the account; returns the Email's id."""
        account = self.member.account_id
        message = store.ensure_message(raw or letter(sender=self.member.email, to=to))
        drafts = stored.mailbox_with_role(account, MailboxRole.DRAFTS).id
        row = store.create_email(account, message, [drafts], {"$draft"}, clock.now())
        return encode_id(IdKind.EMAIL, row.id)

    def submit(self, email_id: str, **properties: Any) -> dict[str, Any]:
        """Create one submission, which must succeed; returns what the server added to it."""
        record = {"identityId": self.identity_id, "emailId": email_id} | properties
        result = self.call("EmailSubmission/set", create={"k": record})
        assert result["notCreated"] is None, result
        created: dict[str, Any] = result["created"]["k"]
        return created

    def refused(self, email_id: str, **properties: Any) -> dict[str, Any]:
        """Create one submission, which must be refused; returns the SetError."""
        record = {"identityId": self.identity_id, "emailId": email_id} | properties
        result = self.call("EmailSubmission/set", create={"k": record})
        assert result["created"] is None, result
        error: dict[str, Any] = result["notCreated"]["k"]
        return error

    def submission(self, submission_id: str) -> dict[str, Any]:
        """One submission, whole."""
        (found,) = self.call("EmailSubmission/get", ids=[submission_id])["list"]
        return dict(found)


def envelope(sender: str, *recipients: str, **parameters: str | None) -> dict[str, Any]:
    """An envelope as a client writes it."""
    return {
        "mailFrom": {"email": sender, "parameters": dict(parameters) or None},
        "rcptTo": [{"email": each} for each in recipients],
    }
