"""One connection of Dovecot's authentication protocol on an event loop."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

from pirab.core import log
from pirab.lmtp.sasl import Check, Conversation, ProtocolError

REJECTION_SECONDS: Final = 1.0
"""How long a wrong password waits for its answer: guessing costs time, a typing error hardly any."""

Authenticate = Callable[[str, str, str], Awaitable[str | None]]
"""login, password, client's address → the login as the directory spells it, or None; raises when it can not be told
now."""

_log = log.get_logger(__name__)


class SaslConnection(asyncio.Protocol):
    """One Postfix process asking about passwords."""

    def __init__(self, connection_id: int, authenticate: Authenticate) -> None:
        self._conversation = Conversation(connection_id)
        self._authenticate = authenticate
        self._transport: asyncio.Transport | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._flush()

    def data_received(self, data: bytes) -> None:
        self._conversation.feed(data)
        try:
            while check := self._conversation.advance():
                task = asyncio.get_running_loop().create_task(self._answer(check))
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)
        except ProtocolError:
            self._close()
            return
        self._flush()

    def connection_lost(self, error: Exception | None) -> None:
        self._transport = None

    async def _answer(self, check: Check) -> None:
        try:
            login = await self._authenticate(check.login, check.password, check.address)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is not a wrong password
            # No answer at all: Postfix then tells its client "temporary authentication failure".
            _log.warning("sasl.no_answer", error=type(error).__name__)
            self._close()
            return
        if login is None:
            _log.info("sasl.rejected", login=check.login)
            await asyncio.sleep(REJECTION_SECONDS)
            self._conversation.reject(check)
        else:
            self._conversation.accept(check, login)
        self._flush()

    def _flush(self) -> None:
        output = self._conversation.take_output()
        if self._transport is not None and output:
            self._transport.write(output)

    def _close(self) -> None:
        if self._transport is not None:
            self._transport.close()
