"""Secrets that have to be read again (a client's secret, a binding password): kept wrapped by the key ring."""

from __future__ import annotations

from typing import Final

from pirab.blob import store as keys
from pirab.signin.errors import SecretInvalid

_BLOCK: Final = 8  # octets that key wrapping takes at a time (rfc3394#2)
_SHORTEST: Final = 16
LONGEST: Final = 1000


def seal(secret: str) -> tuple[str, bytes]:
    """(key id, the secret wrapped). Raises `SecretInvalid` for one with a null character or too long."""
    octets = secret.encode()
    if not octets or b"\0" in octets or len(octets) > LONGEST:
        raise SecretInvalid()
    size = max(_SHORTEST, -(-len(octets) // _BLOCK) * _BLOCK)
    return keys.keyring().wrap(octets.ljust(size, b"\0"))


def unseal(key_id: str, wrapped: bytes) -> str:
    """The secret; raises as `KeyRing.unwrap` does."""
    return keys.keyring().unwrap(key_id, wrapped).rstrip(b"\0").decode()
