"""What push works with."""

from __future__ import annotations

from datetime import datetime
from enum import Enum

import msgspec

from pirab.signin.types import CredentialKind


class Credential(msgspec.Struct, frozen=True):
    """Whose subscriptions: a person, and the one credential they were made with."""

    person_id: int
    kind: CredentialKind
    mark: bytes


class Keys(msgspec.Struct, frozen=True):
    """The receiver's public P-256 point (65 octets, uncompressed) and authentication secret (16 octets; rfc8291#2)."""

    p256dh: bytes
    auth: bytes


class Draft(msgspec.Struct, frozen=True):
    """A subscription to be made. `types` None means all; `expires_at` None means as long as allowed."""

    device_client_id: str
    url: str
    keys: Keys | None = None
    types: tuple[str, ...] | None = None
    expires_at: datetime | None = None


class Patch(msgspec.Struct, frozen=True):
    """What to change; UNSET leaves a thing as it is."""

    verification_code: str | msgspec.UnsetType | None = msgspec.UNSET
    expires_at: datetime | msgspec.UnsetType | None = msgspec.UNSET
    types: tuple[str, ...] | msgspec.UnsetType | None = msgspec.UNSET


class Subscription(msgspec.Struct, frozen=True):
    """A subscription as its owner sees it: the address and the keys are never told again (rfc8620#7.2.1)."""

    id: int
    device_client_id: str
    verification_code: str | None
    expires_at: datetime
    types: tuple[str, ...] | None


class Target(msgspec.Struct, frozen=True):
    """A subscription as the sender sees it. `seen` maps account id to the newest modseq the receiver knows of."""

    id: int
    credential: Credential
    url: str
    keys: Keys | None
    types: tuple[str, ...] | None
    code: str
    is_verified: bool
    failures: int
    seen: dict[int, int]


class Outcome(Enum):
    """What became of one message."""

    TAKEN = "taken"
    GONE = "gone"
    """The receiver says that nobody will fetch it any more (rfc8030#7.3)."""
    FAILED = "failed"
    """Try again later."""
    REFUSED_HERE = "refused"
    """Our own rules forbid the address (any more)."""
