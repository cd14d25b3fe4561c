"""An SMTP server for one test: it says what it is told and remembers what it heard."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

_EXTENSIONS: Final = ("PIPELINING", "SIZE 52428800", "8BITMIME", "SMTPUTF8", "DSN")


@dataclass
class FakePostfix:
    """Replies by command: `replies["RCPT bad@x.test"]` goes before `replies["RCPT"]`; `None` closes the connection."""

    replies: dict[str, str | None] = field(default_factory=dict)
    extensions: tuple[str, ...] = _EXTENSIONS
    commands: list[str] = field(default_factory=list)
    messages: list[bytes] = field(default_factory=list)
    port: int = 0

    def reply(self, verb: str, address: str = "") -> str | None:
        usual = {"DATA": "354 go on", ".": "250 2.0.0 Ok: queued as TEST1", "QUIT": "221 bye"}.get(
            verb, "250 2.1.0 Ok"
        )
        return self.replies.get(f"{verb} {address}", self.replies.get(verb, usual))

    def recipients(self) -> list[str]:
        """The forward-paths heard, in order."""
        return [line.split("<")[1].split(">")[0] for line in self.commands if line.startswith("RCPT")]


class _Session(socketserver.StreamRequestHandler):
    server: _Server

    def handle(self) -> None:
        script = self.server.script
        self._say("220 test ESMTP")
        while line := self.rfile.readline():
            text = line.decode("utf-8").rstrip("\r\n")
            verb = text.split(" ")[0].upper()
            script.commands.append(text)
            if verb == "EHLO":
                self._say(
                    "\r\n".join(["250-test", *(f"250-{each}" for each in script.extensions), "250 HELP"])
                )
                continue
            address = text.split("<")[1].split(">")[0] if "<" in text else ""
            if not self._say(script.reply(verb, address)):
                return
            if verb == "DATA" and (script.reply("DATA") or "").startswith("354") and not self._take_data():
                return

    def _take_data(self) -> bool:
        lines: list[bytes] = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        reply = self.server.script.reply(".")
        if reply is None or reply.startswith("2"):
            self.server.script.messages.append(b"".join(lines))
        return self._say(reply)

    def _say(self, reply: str | None) -> bool:
        if reply is None:
            return False
        self.wfile.write(reply.encode() + b"\r\n")
        return True


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    script: FakePostfix


@contextmanager
def running(script: FakePostfix) -> Iterator[FakePostfix]:
    """Serve `script` on a free port of loopback until the block ends."""
    with _Server(("127.0.0.1", 0), _Session) as server:
        server.script = script
        script.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield script
        finally:
            server.shutdown()
            thread.join()
