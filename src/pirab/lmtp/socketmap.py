"""Postfix's socketmap protocol (socketmap_table(5)): netstrings of `map key`, one answer each.

`Requests` turns octets into requests and refuses anything else: there is no way back into step after a
malformed netstring, so the connection ends. `SocketmapConnection` answers one request after the other, each
with one write.
"""

import asyncio
from collections.abc import Awaitable, Callable
from enum import Enum
from typing import Final

import msgspec

LONGEST_REQUEST: Final = 4096
"""Octets of one request; Postfix's own addresses and map names stay far below."""

LONGEST_ANSWER: Final = 100_000
"""Octets of one answer that Postfix accepts."""

_LENGTH_DIGITS: Final = len(str(LONGEST_REQUEST))


class Status(Enum):
    """The first word of an answer."""

    OK = "OK"
    NOTFOUND = "NOTFOUND"
    TEMP = "TEMP"
    PERM = "PERM"


class Answer(msgspec.Struct, frozen=True):
    """One answer: the status and, with OK, the value found; otherwise a reason for Postfix's log."""

    status: Status
    text: str = ""

    def encode(self) -> bytes:
        payload = f"{self.status.value} {self.text}".encode()
        if len(payload) > LONGEST_ANSWER:
            payload = b"TEMP answer too long"
        return b"%d:%s," % (len(payload), payload)


class MalformedRequest(Exception):
    """The octets are no netstring of a map name and a key."""


class Request(msgspec.Struct, frozen=True):
    map_name: str
    key: str


class Requests:
    """Splits a stream of octets into requests; holds at most one unfinished request."""

    def __init__(self) -> None:
        self._input = bytearray()

    def feed(self, octets: bytes) -> None:
        self._input += octets

    def next(self) -> Request | None:
        """The next complete request; raises `MalformedRequest`."""
        colon = self._input.find(b":", 0, _LENGTH_DIGITS + 1)
        if colon < 0:
            if len(self._input) > _LENGTH_DIGITS or not _is_digits(self._input):
                raise MalformedRequest
            return None
        head = bytes(self._input[:colon])
        if not head or not _is_digits(head) or (head[:1] == b"0" and len(head) > 1):
            raise MalformedRequest
        length = int(head)
        end = colon + 1 + length
        if length > LONGEST_REQUEST:
            raise MalformedRequest
        if len(self._input) <= end:
            return None
        if self._input[end] != ord(","):
            raise MalformedRequest
        payload = bytes(self._input[colon + 1 : end])
        del self._input[: end + 1]
        return _parse(payload)


def _is_digits(octets: bytes | bytearray) -> bool:
    return not octets or octets.isdigit()


def _parse(payload: bytes) -> Request:
    try:
        name, space, key = payload.decode("utf-8").partition(" ")
    except UnicodeDecodeError:
        raise MalformedRequest from None
    if not name or not space:
        raise MalformedRequest
    return Request(name, key)


Lookup = Callable[[Request], Awaitable[Answer]]
"""Answers one request; must not raise: what goes wrong is a TEMP answer."""


class SocketmapConnection(asyncio.Protocol):
    """One Postfix process asking; it waits for each answer before it asks again, but need not."""

    def __init__(self, lookup: Lookup) -> None:
        self._lookup = lookup
        self._requests = Requests()
        self._transport: asyncio.Transport | None = None
        self._task: asyncio.Task[None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._requests.feed(data)
        if self._task is None and self._transport is not None:
            self._transport.pause_reading()
            self._task = asyncio.get_running_loop().create_task(self._answer_all(self._transport))

    def connection_lost(self, error: Exception | None) -> None:
        self._transport = None

    async def _answer_all(self, transport: asyncio.Transport) -> None:
        try:
            while request := self._requests.next():
                transport.write((await self._lookup(request)).encode())
        except MalformedRequest:
            transport.close()
        finally:
            self._task = None
        if not transport.is_closing():
            transport.resume_reading()
