"""Message encryption for Web Push (rfc8291): only the device that gave its keys can read what is sent to it."""

from __future__ import annotations

import http_ece
from cryptography.hazmat.primitives.asymmetric import ec

from pirab.push.errors import BadKeys
from pirab.push.types import Keys

_POINT_OCTETS = 65
_SECRET_OCTETS = 16


def check_keys(keys: Keys) -> None:
    """Raise `BadKeys` unless these are a point on the curve and a secret of the right length."""
    if len(keys.p256dh) != _POINT_OCTETS or len(keys.auth) != _SECRET_OCTETS:
        raise BadKeys()
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), keys.p256dh)
    except ValueError as error:
        raise BadKeys() from error


def encrypt(content: bytes, keys: Keys) -> bytes:
    """`content` in the coding aes128gcm (rfc8188) under a key agreed with the receiver, new for each message."""
    own = ec.generate_private_key(ec.SECP256R1())
    sealed: bytes = http_ece.encrypt(
        content, private_key=own, dh=keys.p256dh, auth_secret=keys.auth, version="aes128gcm"
    )
    return sealed
