"""A real name server on loopback that answers what it was told, rightly or with malice."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Callable
from typing import Final

import dns.flags
import dns.message
import dns.rcode
import dns.rdataclass
import dns.rdatatype
import dns.rrset

Misbehaviour = Callable[[dns.message.Message], bytes | None]
"""Takes the question and returns raw octets, or None for silence."""


class NameServer:
    """Answers on UDP and TCP at `address`, port 53."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.asked: list[str] = []
        self._records: dict[tuple[str, str], list[str]] = {}
        self._bad: dict[str, Misbehaviour] = {}
        self._stopping = threading.Event()
        self._datagrams = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._datagrams.bind((address, 53))
        self._streams = socket.create_server((address, 53))
        for sock in (self._datagrams, self._streams):
            sock.settimeout(0.1)
        self._threads = [
            threading.Thread(target=run, daemon=True) for run in (self._serve_udp, self._serve_tcp)
        ]
        for thread in self._threads:
            thread.start()

    def publish(self, name: str, kind: str, *values: str) -> None:
        """What there is at a name from now on; no values: nothing."""
        self._records[name.lower(), kind] = list(values)

    def misbehave(self, name: str, how: Misbehaviour) -> None:
        """Answer questions about a name in a way of one's own."""
        self._bad[name.lower()] = how

    def stop(self) -> None:
        self._stopping.set()
        for thread in self._threads:
            thread.join(timeout=2)
        self._datagrams.close()
        self._streams.close()

    def _serve_udp(self) -> None:
        while not self._stopping.is_set():
            try:
                wire, peer = self._datagrams.recvfrom(4096)
            except TimeoutError:
                continue
            answer = self._answer(wire, limit=1232)
            if answer is not None:
                self._datagrams.sendto(answer, peer)

    def _serve_tcp(self) -> None:
        while not self._stopping.is_set():
            try:
                stream, _ = self._streams.accept()
            except TimeoutError:
                continue
            with stream:
                stream.settimeout(2)
                size = struct.unpack(">H", stream.recv(2))[0]
                answer = self._answer(stream.recv(size), limit=65_535)
                if answer is not None:
                    stream.sendall(struct.pack(">H", len(answer)) + answer)

    def _answer(self, wire: bytes, limit: int) -> bytes | None:
        question = dns.message.from_wire(wire)
        name = question.question[0].name.to_text().rstrip(".").lower()
        self.asked.append(name)
        if name in self._bad:
            return self._bad[name](question)
        answer = dns.message.make_response(question)
        answer.flags |= dns.flags.RA
        kind = dns.rdatatype.to_text(question.question[0].rdtype)
        if not self._fill(answer, name, kind):
            answer.set_rcode(dns.rcode.NXDOMAIN)
        try:
            return answer.to_wire(max_size=limit)
        except dns.exception.TooBig:
            answer.answer.clear()
            answer.flags |= dns.flags.TC
            return answer.to_wire()

    def _fill(self, answer: dns.message.Message, name: str, kind: str) -> bool:
        known = [(owner, each) for owner, each in self._records if owner == name]
        alias = self._records.get((name, "CNAME"))
        if alias:
            answer.answer.append(dns.rrset.from_text(f"{name}.", 60, "IN", "CNAME", *alias))
            if kind != "CNAME":
                self._fill(answer, alias[0].rstrip("."), kind)
            return True
        values = self._records.get((name, kind), [])
        if values:
            answer.answer.append(dns.rrset.from_text(f"{name}.", 60, "IN", kind, *values))
        return bool(known)


def silence(question: dns.message.Message) -> bytes | None:
    """No answer at all."""
    return None


def failing(question: dns.message.Message) -> bytes:
    """SERVFAIL."""
    answer = dns.message.make_response(question)
    answer.set_rcode(dns.rcode.SERVFAIL)
    return answer.to_wire()


def garbage(question: dns.message.Message) -> bytes:
    """The right number, and then nonsense."""
    return struct.pack(">H", question.id) + b"\xff" * 40


def circle(question: dns.message.Message) -> bytes:
    """Aliases that lead to each other."""
    answer = dns.message.make_response(question)
    name = question.question[0].name
    other = f"circle.{name}"
    answer.answer.append(dns.rrset.from_text(name, 60, "IN", "CNAME", other))
    answer.answer.append(dns.rrset.from_text(other, 60, "IN", "CNAME", name.to_text()))
    return answer.to_wire()


def cut_off(question: dns.message.Message) -> bytes:
    """Truncated on UDP and on TCP alike."""
    answer = dns.message.make_response(question)
    answer.flags |= dns.flags.TC
    return answer.to_wire()


HUGE: Final = [f'"{"x" * 200} {number}"' for number in range(250)]
"""A TXT of many records, near the largest message there is."""
