"""One HTTPS request to a push service (rfc8030#5), with nothing left to the other side: no redirects, no waiting."""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
from contextlib import suppress
from functools import cache
from typing import Final

import msgspec
from django.conf import settings

from pirab.core.log import get_logger
from pirab.push import destination, encryption
from pirab.push.errors import PushError
from pirab.push.types import Keys, Outcome

TIMEOUT_SECONDS: Final = 10.0
"""For each step: connecting, sending, the first line of the answer."""
LONGEST_SECONDS: Final = 20.0
"""For the whole exchange once the connection stands."""
LONGEST_RETRY_AFTER: Final = 3600
KEPT_SECONDS: Final = 24 * 3600
"""How long a push service may keep the message for a device that is away (rfc8030#5.2)."""
_ANSWER_OCTETS: Final = 4096
_log = get_logger(__name__)


class Answer(msgspec.Struct, frozen=True):
    """What became of a message; `wait_seconds` is what the receiver asked for, 0 when nothing."""

    outcome: Outcome
    wait_seconds: int = 0


def post(url: str, message: object, keys: Keys | None) -> Answer:
    """Send `message` as JSON, encrypted when there are keys. Never raises for what the network or receiver does."""
    try:
        parts = destination.check_url(url)
        host, port = parts.hostname or "", parts.port or 443
        address = destination.resolve(host, port)
        return _exchange(_Pinned(host, port, address), parts.path or "/", parts.query, message, keys)
    except PushError as error:
        _log.warning("push.refused_here", error=type(error).__name__)
        return Answer(Outcome.REFUSED_HERE)
    except (OSError, http.client.HTTPException) as error:
        _log.info("push.failed", error=type(error).__name__)
        return Answer(Outcome.FAILED)


def _exchange(connection: _Pinned, path: str, query: str, message: object, keys: Keys | None) -> Answer:
    body = msgspec.json.encode(message)
    headers = {"Content-Type": "application/json", "TTL": str(KEPT_SECONDS)}
    if keys is not None:
        body = encryption.encrypt(body, keys)
        headers["Content-Encoding"] = "aes128gcm"
    # A receiver that answers one octet at a time keeps every step short: the whole has an end too.
    cut = threading.Timer(LONGEST_SECONDS, connection.cut)
    cut.start()
    try:
        connection.request("POST", f"{path}?{query}" if query else path, body, headers)
        response = connection.getresponse()
        response.read(_ANSWER_OCTETS)
        return _judge(response.status, response.getheader("Retry-After"))
    finally:
        cut.cancel()
        connection.close()


def _judge(status: int, retry_after: str | None) -> Answer:
    if 200 <= status < 300:
        return Answer(Outcome.TAKEN)
    if status in (404, 410):
        return Answer(Outcome.GONE)
    asked = retry_after or ""
    wait = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 7 else 0
    return Answer(Outcome.FAILED, min(wait, LONGEST_RETRY_AFTER))


class _Pinned(http.client.HTTPSConnection):
    """Connects to an address that was checked, while certificate and Host are those of the name."""

    def __init__(self, host: str, port: int, address: str) -> None:
        super().__init__(host, port, timeout=TIMEOUT_SECONDS)
        self._pinned = address

    def connect(self) -> None:
        """Open the connection; the name is not resolved again."""
        plain = socket.create_connection((self._pinned, self.port), self.timeout)
        try:
            self.sock = _trust().wrap_socket(plain, server_hostname=self.host)
        except BaseException:
            plain.close()
            raise

    def cut(self) -> None:
        """End the exchange from another thread: whoever waits for the receiver wakes with an error."""
        if self.sock is not None:
            with suppress(OSError):
                self.sock.shutdown(socket.SHUT_RDWR)


@cache
def _trust() -> ssl.SSLContext:
    context = ssl.create_default_context()
    if settings.ENVIRONMENT.push_ca is not None:
        context.load_verify_locations(settings.ENVIRONMENT.push_ca)
    return context
