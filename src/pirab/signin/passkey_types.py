"""What passes between a browser and `passkeys`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec


class Asked(msgspec.Struct, frozen=True):
    """A question to an authenticator: `state` comes back with the answer, `options` are what
    `PublicKeyCredential.parse…OptionsFromJSON` reads."""

    state: str
    options: Mapping[str, Any]


class Given(msgspec.Struct, frozen=True):
    """An answer: `credential` is what `PublicKeyCredential.toJSON` makes."""

    state: str
    credential: Mapping[str, Any]


class PasskeyProof(msgspec.Struct, frozen=True):
    """A passkey that was proved. `is_verified`: it asked for a PIN or a finger."""

    passkey_id: int
    person_id: int
    is_verified: bool


class PasskeyView(msgspec.Struct, frozen=True):
    """A passkey as its owner sees it. `is_synced`: its maker keeps a copy for their other devices."""

    id: int
    name: str
    is_synced: bool
    created_at: datetime
    last_used_at: datetime | None
