"""Small clients as the outside has them: raw SMTP and JMAP over HTTP."""

from __future__ import annotations

import smtplib
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import httpx

from engines.demo_accounts import DemoAccount
from tests.acceptance.system import System

_USING = ["urn:ietf:params:jmap:core", "urn:ietf:params:jmap:mail", "urn:ietf:params:jmap:submission"]


@dataclass(frozen=True)
class Reply:
    """What an SMTP server said last."""

    code: int
    text: str


class SmtpSession:
    """One SMTP session, command by command; octets go out exactly as given."""

    def __init__(self, system: System, client_address: str | None = None) -> None:
        self._client = smtplib.SMTP("127.0.0.1", system.ports.smtp, "client.outside.test", timeout=60)
        if client_address:
            self._client.ehlo()
            assert self._client.docmd("XCLIENT", f"ADDR={client_address} NAME=client.outside.test")[0] == 220
        self._client.ehlo()

    def say(self, command: str) -> Reply:
        return _reply(self._client.docmd(command))

    def raw(self, octets: bytes) -> Reply:
        assert self._client.sock is not None
        self._client.sock.sendall(octets)
        return _reply(self._client.getreply())

    def close(self) -> None:
        self._client.close()


def _reply(answer: tuple[int, bytes]) -> Reply:
    return Reply(answer[0], answer[1].decode("utf-8", "replace"))


def send(
    system: System,
    to: str,
    content: bytes,
    sender: str = "someone@outside.test",
    client_address: str | None = None,
) -> Reply:
    """Hand in one message from outside; the reply to the first command that was refused, or to the message."""
    session = SmtpSession(system, client_address)
    try:
        for command in (f"MAIL FROM:<{sender}>", f"RCPT TO:<{to}>", "DATA"):
            reply = session.say(command)
            if reply.code >= 400:
                return reply
        body = content if content.endswith(b"\r\n") else content + b"\r\n"
        stuffed = (b"\r\n" + body).replace(b"\r\n.", b"\r\n..")[2:]
        return session.raw(stuffed + b".\r\n")
    finally:
        session.close()


def letter(subject: str, body: str = "สวัสดี", extra: str = "") -> bytes:
    """A small well-formed message from outside."""
    mark = f"{time.time_ns()}@outside.test"
    head = (
        f"From: Someone <someone@outside.test>\r\nTo: <you@moi.go.test>\r\nSubject: {subject}\r\n"
        f"Date: Tue, 24 Nov 2026 09:00:00 +0700\r\nMessage-ID: <{mark}>\r\nMIME-Version: 1.0\r\n"
        f"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n{extra}\r\n"
    )
    return (head + body + "\r\n").encode()


class JmapClient:
    """An API client with a bearer token (rfc8620)."""

    def __init__(self, system: System, account: DemoAccount) -> None:
        self._http = httpx.Client(
            base_url=system.url, headers={"Authorization": f"Bearer {account.token}"}, timeout=30
        )
        self.session: dict[str, Any] = self._answer("GET", "/.well-known/jmap").json()
        self.account_id: str = self.session["primaryAccounts"]["urn:ietf:params:jmap:mail"]

    def call(self, *calls: list[Any]) -> list[Any]:
        answer = self._answer("POST", "/jmap/", json={"using": _USING, "methodCalls": list(calls)})
        responses: list[Any] = answer.json()["methodResponses"]
        return responses

    def _answer(self, method: str, path: str, **arguments: Any) -> httpx.Response:
        """The answer, asked for again while the server says "later" (rfc9110#15.6) or its front was just killed."""
        deadline = time.monotonic() + 30
        while True:
            try:
                answer = self._http.request(method, path, **arguments)
                if answer.status_code not in (502, 503) or time.monotonic() > deadline:
                    return answer.raise_for_status()
            except httpx.TransportError:
                if time.monotonic() > deadline:
                    raise
            time.sleep(0.1)

    def emails(self, subject: str) -> list[dict[str, Any]]:
        """Every email whose subject is exactly this, newest first."""
        query = {"accountId": self.account_id, "sort": [{"property": "receivedAt", "isAscending": False}]}
        reference = {"resultOf": "q", "name": "Email/query", "path": "/ids"}
        properties = ["id", "blobId", "subject", "mailboxIds", "keywords", "size"]
        responses = self.call(
            ["Email/query", {**query, "limit": 500}, "q"],
            ["Email/get", {"accountId": self.account_id, "#ids": reference, "properties": properties}, "g"],
        )
        return [entry for entry in responses[-1][1]["list"] if entry["subject"] == subject]

    def download(self, blob_id: str) -> bytes:
        path = self.session["downloadUrl"].partition("://")[2].partition("/")[2]
        filled = (
            path.replace("{accountId}", self.account_id)
            .replace("{blobId}", blob_id)
            .replace("{name}", "message.eml")
            .replace("{type}", "message%2Frfc822")
        )
        return self._answer("GET", f"/{filled}").content


def eventually(question: Callable[[], Any], seconds: float = 60) -> Any:
    """Ask until the answer is true; the last answer. Fails the test when time is over."""
    deadline = time.monotonic() + seconds
    while True:
        answer = question()
        if answer:
            return answer
        assert time.monotonic() < deadline, f"not so within {seconds:.0f} s: {question}"
        time.sleep(0.1)
