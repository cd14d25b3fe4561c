"""A listening unix socket, shared by the processes of a service.

Who may connect is decided by the directory the socket lies in, which `./pirab up` gives to Postfix's group.
"""

import asyncio
import os
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Final

_WAITING_CONNECTIONS: Final = 512


def listen(path: Path) -> socket.socket:
    """A listening stream socket at `path`; takes the place of a socket left over there in one step."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.name}.new")
    fresh.unlink(missing_ok=True)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listener.bind(os.fspath(fresh))
    listener.listen(_WAITING_CONNECTIONS)
    listener.setblocking(False)
    fresh.rename(path)
    return listener


class Door:
    """Accepts connections one at a time, so that processes sharing a listener share its load."""

    def __init__(self, listener: socket.socket, factory: Callable[[], asyncio.BaseProtocol]) -> None:
        self._listener = listener
        self._factory = factory
        self._starting: set[asyncio.Task[None]] = set()

    def open(self) -> None:
        """Accept from now on; needs a running loop."""
        asyncio.get_running_loop().add_reader(self._listener, self._accept)

    def close(self) -> None:
        """Accept no more; what was accepted stays."""
        asyncio.get_running_loop().remove_reader(self._listener)

    def _accept(self) -> None:
        try:
            peer, _ = self._listener.accept()
        except (BlockingIOError, InterruptedError, ConnectionAbortedError):
            return  # another process was faster, or the client has gone again
        peer.setblocking(False)
        task = asyncio.get_running_loop().create_task(self._start(peer))
        self._starting.add(task)
        task.add_done_callback(self._starting.discard)

    async def _start(self, peer: socket.socket) -> None:
        await asyncio.get_running_loop().connect_accepted_socket(self._factory, peer)
