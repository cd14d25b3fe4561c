"""An IMAP client that costs little: it reads answers and literals, and takes nothing apart."""

import re
import socket

_LITERAL = re.compile(rb"\{(\d+)\}\r\n$")


class Imap:
    """One connection; every command raises `SystemExit` unless it is answered OK."""

    def __init__(self, port: int, user: str, password: str) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), 600)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._reader = self._socket.makefile("rb")
        self._number = 0
        self._reader.readline()
        self.command(f"LOGIN {user} {password}".encode())

    def command(self, text: bytes) -> list[bytes]:
        """The untagged answers, each with its literals."""
        self._number += 1
        tag = b"a%d" % self._number
        self._socket.sendall(tag + b" " + text + b"\r\n")
        answers: list[bytes] = []
        while True:
            answer = self._answer()
            if answer.startswith(tag + b" "):
                if not answer.startswith(tag + b" OK"):
                    raise SystemExit(f"IMAP answered {answer[:200]!r}")
                return answers
            answers.append(answer)

    def select(self, mailbox: bytes) -> int:
        """How many messages it holds."""
        for answer in self.command(b"SELECT " + mailbox):
            if exists := re.match(rb"\* (\d+) EXISTS", answer):
                return int(exists.group(1))
        return 0

    def search(self, word: str) -> int:
        """How many messages hold the word, in header or text."""
        octets = word.encode()
        found = self.command(b"SEARCH CHARSET UTF-8 TEXT {%d+}\r\n%b" % (len(octets), octets))
        return len(found[0].split()) - 2

    def close(self) -> None:
        self._socket.close()

    def _answer(self) -> bytes:
        whole = line = self._reader.readline()
        while literal := _LITERAL.search(line):
            line = self._reader.read(int(literal.group(1))) + self._reader.readline()
            whole += line
        if not line:
            raise SystemExit("the IMAP server hung up")
        return whole
