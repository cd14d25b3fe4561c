"""What a client presents and what it proves."""

from __future__ import annotations

from datetime import datetime
from enum import Enum, StrEnum

import msgspec

from pirab.directory.types import Principal


class CredentialKind(Enum):
    """How a caller proved who they are.

    Only a session cookie travels by itself, so only it can be abused by another site's page.
    """

    SESSION = "session"
    TOKEN = "token"  # noqa: S105 - the name of a kind, not a secret
    PASSWORD = "password"  # noqa: S105 - as above


class Method(StrEnum):
    """What somebody proved themselves with, as the history of sign-ins tells it."""

    PASSWORD = "password"  # noqa: S105 - the name of a method
    PASSKEY = "passkey"
    TOTP = "totp"
    RECOVERY_CODE = "recovery_code"
    PROVIDER = "provider"
    """Another identity provider said so (OpenID Connect)."""
    AGENCY_PASSWORD = "agency_password"  # noqa: S105 - as above
    """The password that the agency's own directory keeps (LDAP)."""
    APP_PASSWORD = "app_password"  # noqa: S105 - as above


class Strength(Enum):
    """What a sign-in proves: one thing (a password), or two (a passkey that asked for a PIN, a password and a code)."""

    PLAIN = "plain"
    STRONG = "strong"


class Door(StrEnum):
    """Where somebody signs in."""

    WEB = "web"
    API = "api"
    SUBMISSION = "submission"
    LDAP = "ldap"
    IMAP = "imap"


class Stage(StrEnum):
    """How far a browser session has come."""

    OPEN = "open"
    SECOND_FACTOR = "second_factor"
    """The password was right and opens nothing yet: a second factor has to follow."""


class TokenKind(StrEnum):
    """What a token is for: a program that asks for a password, or one that speaks to the API."""

    APP_PASSWORD = "app_password"  # noqa: S105 - the name of a kind
    API = "api"


class Result(StrEnum):
    """How a sign-in went."""

    OK = "ok"
    WRONG = "wrong"
    BRAKED = "braked"
    """Refused unseen: too many wrong ones came from there before."""
    SECOND_FACTOR = "second_factor"
    """The first proof was right; a second one was asked for."""
    NEEDS_APP_PASSWORD = "needs_app_password"  # noqa: S105 - the name of a result
    """The password was right, but this door takes app passwords alone from who has a second factor."""


class Origin(msgspec.Struct, frozen=True):
    """Where an attempt comes from: the client's IP address, the device cookie it holds and the name it gives itself."""

    address: str
    device: str | None = None
    agent: str = ""


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
    session_id: int | None = None
    confirmed_at: datetime | None = None
    """When this session last proved anything: a password, a code, a passkey."""
    strong_at: datetime | None = None
    """When this session last proved two things."""


class OpenSession(msgspec.Struct, frozen=True):
    """A browser session as a request finds it."""

    id: int
    person_id: int
    stage: Stage
    seen_at: datetime
    confirmed_at: datetime
    strong_at: datetime | None


class SessionView(msgspec.Struct, frozen=True):
    """A session as its owner sees it; `device` is a short name such as "Firefox, Windows"."""

    id: int
    device: str
    address: str
    method: Method
    created_at: datetime
    seen_at: datetime
    expires_at: datetime


class TokenView(msgspec.Struct, frozen=True):
    """A token as its owner sees it; its secret was shown once and is known to nobody here."""

    id: int
    kind: TokenKind
    label: str
    scopes: frozenset[str]
    networks: tuple[str, ...]
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None
    last_used_from: str


class SignInView(msgspec.Struct, frozen=True):
    """One line of the history: `times` is more than one where failures of one hour were counted together."""

    id: int
    at: datetime
    door: Door
    method: Method
    result: Result
    address: str
    device: str
    times: int
