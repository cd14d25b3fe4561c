"""What one LMTP worker process does: connections on an event loop, deliveries in a few threads."""

import asyncio
import signal
import socket
from collections.abc import Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from typing import Any, Final

from pirab.core import log
from pirab.delivery import actions as delivery
from pirab.delivery.types import InboundEnvelope, RecipientReply
from pirab.lmtp import database_work
from pirab.lmtp.connection import Connection, Receive
from pirab.lmtp.door import Door
from pirab.lmtp.protocol import Reply, Session, Transaction

DELIVERY_THREADS: Final = 4
"""Deliveries at a time in one process: they mostly wait for the disk and for PostgreSQL."""

TRACE_MARGIN: Final = 1_048_576
"""Octets a message may be over the size limit here: it has got trace fields since it was counted."""

_log = log.get_logger(__name__)


def work(listener: socket.socket, parent_alive: int, environment: Any) -> None:
    """Serve until SIGTERM or until the pipe `parent_alive` ends; finishes what is under way."""
    asyncio.run(_serve(listener, parent_alive, environment))


async def _serve(listener: socket.socket, parent_alive: int, environment: Any) -> None:
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    loop.add_reader(parent_alive, stop.set)
    executor = ThreadPoolExecutor(DELIVERY_THREADS, "delivery")
    receive = receiving(executor)
    connections: set[Connection] = set()
    size_limit = environment.message_size_limit + TRACE_MARGIN
    door = Door(listener, lambda: Connection(Session(environment.hostname, size_limit), receive, connections))
    door.open()
    _log.info("lmtp.ready")
    await stop.wait()
    loop.remove_reader(parent_alive)
    door.close()
    await _finish(connections)
    executor.shutdown()


async def _finish(connections: set[Connection]) -> None:
    for connection in tuple(connections):
        connection.finish()
    while connections:
        await asyncio.sleep(0.02)


def receiving(executor: Executor) -> Receive:
    """Delivers a transaction in the executor; never raises."""

    async def receive(transaction: Transaction) -> Sequence[Reply]:
        envelope = envelope_of(transaction)
        replies = await asyncio.get_running_loop().run_in_executor(
            executor, _deliver, transaction.content, envelope
        )
        return [Reply(reply.reply_code, reply.enhanced_status, reply.text) for reply in replies]

    return receive


def envelope_of(transaction: Transaction) -> InboundEnvelope:
    """The delivery's envelope: what LMTP said, and what Postfix forwarded about the client."""
    forwarded = transaction.forwarded
    return InboundEnvelope(
        transaction.reverse_path,
        transaction.forward_paths,
        queue_id=forwarded.get("IDENT"),
        client_address=forwarded.get("ADDR"),
        client_name=forwarded.get("NAME"),
        helo=forwarded.get("HELO"),
    )


def _deliver(content: bytes, envelope: InboundEnvelope) -> list[RecipientReply]:
    try:
        return database_work.run(lambda: delivery.receive(content, envelope))
    except database_work.DatabaseAway as error:
        _log.warning("lmtp.database_away", queue_id=envelope.queue_id, error=type(error).__name__)
        return delivery.unavailable(envelope)
