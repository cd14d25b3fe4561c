"""An SMTP client that says exactly what a test tells it to, rules or no rules, and senders that try again."""

from __future__ import annotations

import itertools
import os
import socket
import threading
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from tests.acceptance.system import System

SENDER = "sender@outside.test"
_numbers = itertools.count(1)


@dataclass(frozen=True)
class SmtpReply:
    """The last line's code and all lines' text."""

    code: int
    text: str

    @property
    def enhanced_status(self) -> str:
        return self.text.split(" ", 1)[0]


class SmtpSession:
    """One connection; replies are read one by one, in the order the test asks for them."""

    def __init__(self, system: System, *, timeout: float = 120, greet: str | None = "outside.test") -> None:
        self._socket = socket.create_connection(("127.0.0.1", system.ports.smtp), timeout)
        self._lines = self._socket.makefile("rb")
        assert self.reply().code == 220
        if greet is not None:
            assert self.say(f"EHLO {greet}").code == 250

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._socket.close()

    def send(self, octets: bytes) -> None:
        self._socket.sendall(octets)

    def reply(self) -> SmtpReply:
        """The next reply; raises `ConnectionError` when the server is gone."""
        texts = []
        while True:
            line = self._lines.readline()
            if not line.endswith(b"\n"):
                raise ConnectionError("connection ended")
            texts.append(line[4:].decode("utf-8", "replace").rstrip())
            if line[3:4] != b"-":
                return SmtpReply(int(line[:3]), "\n".join(texts))

    def say(self, line: str) -> SmtpReply:
        """Send one command and read its reply."""
        self.send(line.encode() + b"\r\n")
        return self.reply()

    def begin(self, *forward_paths: str, reverse_path: str = SENDER, parameters: str = "") -> list[SmtpReply]:
        """MAIL and RCPT; the replies to RCPT."""
        mail = self.say(f"MAIL FROM:<{reverse_path}>{parameters}")
        assert mail.code == 250, mail
        return [self.say(f"RCPT TO:<{path}>") for path in forward_paths]

    def data(self, content: bytes) -> SmtpReply:
        """DATA with dot-stuffing; `content` has CRLF line ends. The reply to the end of data."""
        assert self.say("DATA").code == 354
        stuffed = (b"\r\n" + content).replace(b"\r\n.", b"\r\n..")[2:]
        end = b".\r\n" if content.endswith(b"\r\n") or not content else b"\r\n.\r\n"
        self.send(stuffed + end)
        return self.reply()


def submit(system: System, content: bytes, *forward_paths: str, reverse_path: str = SENDER) -> SmtpReply:
    """One message in one session; the reply to the end of data, or the first refusal at RCPT."""
    utf8 = "" if (reverse_path + "".join(forward_paths)).isascii() else " SMTPUTF8"
    with SmtpSession(system) as session:
        for reply in session.begin(*forward_paths, reverse_path=reverse_path, parameters=utf8):
            if reply.code != 250:
                return reply
        return session.data(content)


def new_message_id() -> str:
    """One nobody has used (without brackets)."""
    return f"{next(_numbers)}.{os.getpid()}.{os.urandom(4).hex()}@outside.test"


def plain_letter(
    to: str, *, message_id: str | None = None, subject: str = "หนังสือทดสอบ", body: bytes = b"hello\r\n"
) -> bytes:
    """A small honest message with CRLF line ends."""
    header = (
        f"From: Outside <{SENDER}>\r\nTo: <{to}>\r\nSubject: {subject}\r\n"
        f"Date: {time.strftime('%a, %d %b %Y %H:%M:%S +0000', time.gmtime())}\r\n"
        f"Message-ID: <{message_id or new_message_id()}>\r\n"
        "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
    )
    return header.encode() + body


@dataclass
class PatientSender:
    """Sends each message again and again until it hears 250, as a real mail server does."""

    system: System
    forward_path: str
    pause_seconds: float = 0.3
    give_up_seconds: float = 240
    accepted: list[str] = field(default_factory=list)
    attempts: int = 0
    refusals: set[int] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def send_all(self, letters: Sequence[tuple[str, bytes]], senders: int = 4) -> None:
        """Send all (message id, content), several at a time; returns when every one was answered 250."""
        threads = [
            threading.Thread(target=self._send_some, args=(letters[start::senders],))
            for start in range(senders)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        missing = {message_id for message_id, _ in letters} - set(self.accepted)
        assert not missing, f"{len(missing)} messages were never accepted; refused with {self.refusals}"

    def _send_some(self, letters: Iterable[tuple[str, bytes]]) -> None:
        for message_id, content in letters:
            deadline = time.monotonic() + self.give_up_seconds
            while not self._try(message_id, content) and time.monotonic() < deadline:
                time.sleep(self.pause_seconds)

    def _try(self, message_id: str, content: bytes) -> bool:
        try:
            reply = submit(self.system, content, self.forward_path)
        except (OSError, AssertionError):
            reply = SmtpReply(0, "connection lost")
        with self._lock:
            self.attempts += 1
            if reply.code == 250:
                self.accepted.append(message_id)
                return True
            self.refusals.add(reply.code)
            # Only "later" may be heard while something is broken: a 5xx would lose the message at its sender.
            assert not 500 <= reply.code < 600, reply
        return False
