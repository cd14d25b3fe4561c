"""One LMTP connection on an event loop: octets in and out, and the wait for answers.

Everything the session says in reaction to one arrival leaves in one write. While a message is being stored
the transport is not read, so a client cannot make the process hold more than one message and one socket
buffer.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Final

from pirab.core.log import get_logger
from pirab.lmtp.protocol import Reply, Session, Transaction

COMMAND_SECONDS: Final = 300.0
"""How long a client may stay silent (rfc5321#4.5.3.2.7)."""

Receive = Callable[[Transaction], Awaitable[Sequence[Reply]]]
"""Stores one message; one reply a recipient, in order. What it raises ends the connection without a reply."""

_log = get_logger(__name__)


class Connection(asyncio.Protocol):
    """`open_connections` holds every live connection of the process, so that it can end them in order."""

    def __init__(self, session: Session, receive: Receive, open_connections: "set[Connection]") -> None:
        self._session = session
        self._receive = receive
        self._open_connections = open_connections
        self._transport: asyncio.Transport | None = None
        self._task: asyncio.Task[None] | None = None
        self._is_finishing = False
        self._is_congested = False
        self._last_arrival = 0.0
        self._timer: asyncio.TimerHandle | None = None

    # -- called by the loop ---------------------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._open_connections.add(self)
        self._flush()
        self._last_arrival = asyncio.get_running_loop().time()
        self._watch()

    def data_received(self, data: bytes) -> None:
        self._last_arrival = asyncio.get_running_loop().time()
        self._session.feed(data)
        self._advance()

    def pause_writing(self) -> None:
        self._is_congested = True
        self._regulate()

    def resume_writing(self) -> None:
        self._is_congested = False
        self._regulate()

    def connection_lost(self, error: Exception | None) -> None:
        # A message handed out is stored all the same: the client never saw the reply and will send it again.
        self._transport = None
        self._open_connections.discard(self)
        if self._timer is not None:
            self._timer.cancel()

    # -- called by the process ------------------------------------------------------------------------------

    def finish(self) -> None:
        """Say goodbye now, or right after the answer that is under way."""
        self._is_finishing = True
        if not self._session.is_waiting:
            self._end("4.3.2", "Service is restarting")

    # -- inner workings -------------------------------------------------------------------------------------

    def _advance(self) -> None:
        transaction = self._session.advance()
        self._flush()
        if transaction is not None:
            self._task = asyncio.get_running_loop().create_task(self._store(transaction))
        self._regulate()

    async def _store(self, transaction: Transaction) -> None:
        try:
            replies = await self._receive(transaction)
        except Exception:  # noqa: BLE001 - no reply at all: the client keeps the message and comes again
            _log.exception("lmtp.no_answer")
            if self._transport is not None:
                self._transport.abort()
            return
        self._session.answer(replies)
        self._last_arrival = asyncio.get_running_loop().time()
        if self._is_finishing:
            self._end("4.3.2", "Service is restarting")
        else:
            self._advance()

    def _end(self, enhanced_status: str, text: str) -> None:
        self._session.say_goodbye(enhanced_status, text)
        self._flush()

    def _flush(self) -> None:
        output = self._session.take_output()
        if self._transport is None:
            return
        if output:
            self._transport.write(output)
        if self._session.is_closing:
            self._transport.close()

    def _regulate(self) -> None:
        if self._transport is None or self._transport.is_closing():
            return
        if self._session.is_waiting or self._is_congested:
            self._transport.pause_reading()
        else:
            self._transport.resume_reading()

    def _watch(self) -> None:
        """One timer a connection, moved on only when it fires: arrivals themselves cost nothing."""
        loop = asyncio.get_running_loop()
        silent = loop.time() - self._last_arrival
        if silent >= COMMAND_SECONDS and not self._session.is_waiting:
            _log.info("lmtp.timeout", in_data=self._session.is_receiving_data)
            self._end("4.4.2", "Timeout")
            return
        self._timer = loop.call_later(max(1.0, COMMAND_SECONDS - silent), self._watch)
