"""What a client presents and what it proves."""

from __future__ import annotations

from enum import Enum

import msgspec

from pirab.directory.types import Principal


class CredentialKind(Enum):
    """How a caller proved who they are.

    Only a session cookie travels by itself, so only it can be abused by another site's page.
    """

    SESSION = "session"
    TOKEN = "token"  # noqa: S105 - the name of a kind, not a secret
    PASSWORD = "password"  # noqa: S105 - as above


class Origin(msgspec.Struct, frozen=True):
    """Where an attempt comes from: the client's IP address and the device cookie it holds, if any."""

    address: str
    device: str | None = None


class Presented(msgspec.Struct, frozen=True):
    """What one HTTP request shows: the Authorization header and the session cookie, as they came."""

    authorization: str | None
    session_key: str | None
    origin: Origin


class Caller(msgspec.Struct, frozen=True):
    """A signed-in person and how they proved it."""

    principal: Principal
    kind: CredentialKind
    digest: bytes = b""
    """SHA-256 of the session key or the token; empty for a password. See `credentials.mark_of`."""
