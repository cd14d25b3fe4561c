"""A JMAP client that costs little: one kept-alive connection, one write a request."""

import http.client
from typing import Any, Final

import msgspec

from benchmarks.surroundings import BenchAccount, environment
from pirab.core.ids import IdKind, encode_id
from pirab.store import queries as store
from pirab.store.types import MailboxRole

USING: Final = ["urn:ietf:params:jmap:core", "urn:ietf:params:jmap:mail"]
LIST_PROPERTIES: Final = [
    "threadId", "mailboxIds", "keywords", "from", "subject", "receivedAt", "preview", "hasAttachment", "size",
]  # fmt: skip
LETTER_PROPERTIES: Final = [
    "keywords", "from", "to", "cc", "subject", "receivedAt", "htmlBody", "textBody", "attachments", "bodyValues",
]  # fmt: skip
NEWEST_FIRST: Final = [{"property": "receivedAt", "isAscending": False}]
Call = tuple[str, dict[str, Any], str]


class JmapClient:
    """One signed-in person on one connection."""

    def __init__(self, target: BenchAccount) -> None:
        self.account_id = encode_id(IdKind.ACCOUNT, target.account_id)
        self.inbox_id = encode_id(
            IdKind.MAILBOX, store.mailbox_with_role(target.account_id, MailboxRole.INBOX).id
        )
        self._connection = http.client.HTTPConnection("127.0.0.1", environment().ports.http)
        self._bearer = {"Authorization": f"Bearer {target.token}"}
        self._headers = {"Content-Type": "application/json", **self._bearer}

    def request(self, *calls: Call) -> bytes:
        """A Request object, encoded; the account is added to every call."""
        full = [(name, {"accountId": self.account_id, **arguments}, tag) for name, arguments, tag in calls]
        return msgspec.json.encode({"using": USING, "methodCalls": full})

    def post(self, body: bytes) -> bytes:
        """Send an encoded Request; the Response as it came."""
        self._connection.request("POST", "/jmap/", body, self._headers)
        return self._answer()

    def call(self, *calls: Call) -> list[Any]:
        """The arguments of each answer; an error answer ends the run."""
        answers = msgspec.json.decode(self.post(self.request(*calls)))["methodResponses"]
        for name, arguments, _ in answers:
            if name == "error":
                raise SystemExit(f"JMAP answered {arguments}")
        return [arguments for _, arguments, _ in answers]

    def download(self, blob_id: str, kind: str) -> bytes:
        """The octets of a blob."""
        path = f"/jmap/download/{self.account_id}/{blob_id}/file?accept={kind}"
        self._connection.request("GET", path, headers=self._bearer)
        return self._answer()

    def newest(self, limit: int, **wanted: Any) -> list[str]:
        """Ids of the newest emails of the inbox for which the filter properties `wanted` hold."""
        query = {"filter": {"inMailbox": self.inbox_id, **wanted}, "sort": NEWEST_FIRST, "limit": limit}
        ids: list[str] = self.call(("Email/query", query, "q"))[0]["ids"]
        return ids

    def _answer(self) -> bytes:
        answer = self._connection.getresponse()
        content = answer.read()
        if answer.status != 200:
            raise SystemExit(f"HTTP {answer.status}: {content[:300]!r}")
        return content


def inbox_calls(client: JmapClient) -> tuple[Call, Call]:
    """What a client asks to open the inbox: 50 newest, threads collapsed, as a list shows them."""
    query = {
        "filter": {"inMailbox": client.inbox_id},
        "sort": NEWEST_FIRST,
        "collapseThreads": True,
        "limit": 50,
        "calculateTotal": True,
    }
    return ("Email/query", query, "q"), ("Email/get", of_ids("q") | {"properties": LIST_PROPERTIES}, "g")


def of_ids(tag: str) -> dict[str, Any]:
    """`ids` by reference to what the query `tag` finds (rfc8620#3.7)."""
    return {"#ids": {"resultOf": tag, "name": "Email/query", "path": "/ids"}}
