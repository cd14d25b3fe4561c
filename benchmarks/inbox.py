"""Opening the inbox: Email/query and Email/get of 50 by back-reference, threads collapsed, 10,000 letters."""

import http.client
import json
import statistics
import threading
import time

from benchmarks import lmtp
from benchmarks.surroundings import account, cpu_of_services, emails_in, environment, heading, line
from pirab.core.ids import IdKind, encode_id
from pirab.store import queries as store
from pirab.store.types import MailboxRole

LETTERS = 10_000
ROUNDS = 300
BAR_MS = 6.0
BAR_PER_SECOND = 350.0
PROPERTIES = [
    "threadId",
    "mailboxIds",
    "keywords",
    "from",
    "subject",
    "receivedAt",
    "preview",
    "hasAttachment",
    "size",
]


def run() -> None:
    """Fill the account, open its inbox again and again, one client and then eight."""
    lmtp.fill(LETTERS)
    target = account()
    body = _request(target.account_id)
    client = _Client(target.token, body)
    for _ in range(30):
        client.open_inbox()
    with cpu_of_services() as cpu:
        times = [client.open_inbox() for _ in range(ROUNDS)]
    heading(f"JMAP inbox: Email/query + Email/get of 50, collapsed, {emails_in(target.account_id)} letters")
    wall = statistics.median(times)
    line(
        "one client: median ms",
        f"{wall:.1f} (p95 {sorted(times)[int(ROUNDS * 0.95)]:.1f})",
        f"≤ {BAR_MS:.0f}",
        wall / BAR_MS,
    )
    cost = cpu.total_milliseconds() / ROUNDS
    line("one client: CPU ms", cpu.milliseconds_each(ROUNDS), f"≤ {BAR_MS:.0f}", cost / BAR_MS)
    rate = _rate(target.token, body)
    line("eight clients: answers a second", f"{rate:.0f}", f"≥ {BAR_PER_SECOND:.0f}", rate / BAR_PER_SECOND)


def _request(account_id: int) -> bytes:
    name = encode_id(IdKind.ACCOUNT, account_id)
    inbox = encode_id(IdKind.MAILBOX, store.mailbox_with_role(account_id, MailboxRole.INBOX).id)
    query = {
        "accountId": name,
        "filter": {"inMailbox": inbox},
        "sort": [{"property": "receivedAt", "isAscending": False}],
        "collapseThreads": True,
        "limit": 50,
        "calculateTotal": True,
    }
    get = {
        "accountId": name,
        "#ids": {"resultOf": "q", "name": "Email/query", "path": "/ids"},
        "properties": PROPERTIES,
    }
    using = ["urn:ietf:params:jmap:core", "urn:ietf:params:jmap:mail"]
    return json.dumps(
        {"using": using, "methodCalls": [["Email/query", query, "q"], ["Email/get", get, "g"]]}
    ).encode()


class _Client:
    """One kept-alive connection."""

    def __init__(self, token: str, body: bytes) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", environment().ports.http)
        self._body = body
        self._headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}

    def open_inbox(self) -> float:
        """Milliseconds from asking to having the whole answer."""
        began = time.perf_counter()
        self._connection.request("POST", "/jmap/", self._body, self._headers)
        answer = self._connection.getresponse().read()
        took = 1000 * (time.perf_counter() - began)
        if answer.count(b'"preview"') != 50:
            raise SystemExit(f"not an inbox of 50: {answer[:300]!r}")
        return took


def _rate(token: str, body: bytes, clients: int = 8, seconds: float = 5.0) -> float:
    counts = [0] * clients
    end = time.perf_counter() + seconds

    def work(number: int) -> None:
        client = _Client(token, body)
        while time.perf_counter() < end:
            client.open_inbox()
            counts[number] += 1

    threads = [threading.Thread(target=work, args=(number,)) for number in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / seconds
