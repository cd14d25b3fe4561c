"""A short memory of passwords that were right, so that Argon2 is not paid for at each request.

In this process's memory only, and only as a digest under a key that dies with the process. Two requests
with one password verify it once: the second waits for the first.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Final

REMEMBER_SECONDS: Final = 30.0
"""How long a right password is taken on trust, and so how long a changed one may still open the door."""
_MOST: Final = 10_000


class VerifiedPasswords:
    """Maps (login, password) to the key of the person they belong to, for a short time."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._key = secrets.token_bytes(32)
        self._known: OrderedDict[bytes, tuple[int, float]] = OrderedDict()
        self._guard = threading.Lock()
        self._in_progress: dict[bytes, tuple[threading.Lock, int]] = {}

    def person(self, login: str, password: str, verify: Callable[[], int]) -> int:
        """The person's key from memory, or else from `verify`, which raises when the password is wrong."""
        name = self._name(login, password)
        found = self._recall(name)
        if found is not None:
            return found
        turn = self._enter(name)
        try:
            with turn:
                found = self._recall(name)
                if found is None:
                    found = verify()
                    self._remember(name, found)
                return found
        finally:
            self._leave(name)

    def forget(self) -> None:
        """Take nothing on trust any more."""
        with self._guard:
            self._known.clear()

    def _name(self, login: str, password: str) -> bytes:
        text = f"{login}\0{password}".encode("utf-8", "surrogatepass")
        return hmac.digest(self._key, text, hashlib.sha256)

    def _recall(self, name: bytes) -> int | None:
        with self._guard:
            person_id, until = self._known.get(name, (0, 0.0))
            return person_id if until > self._monotonic() else None

    def _remember(self, name: bytes, person_id: int) -> None:
        with self._guard:
            self._known[name] = (person_id, self._monotonic() + REMEMBER_SECONDS)
            self._known.move_to_end(name)
            while len(self._known) > _MOST:
                self._known.popitem(last=False)

    def _enter(self, name: bytes) -> threading.Lock:
        with self._guard:
            lock, waiting = self._in_progress.get(name, (threading.Lock(), 0))
            self._in_progress[name] = (lock, waiting + 1)
            return lock

    def _leave(self, name: bytes) -> None:
        with self._guard:
            lock, waiting = self._in_progress[name]
            if waiting == 1:
                del self._in_progress[name]
            else:
                self._in_progress[name] = (lock, waiting - 1)
