"""The form of one stored object: a short header, a nonce, and the encrypted, perhaps compressed, content.

    "PB" 0x01 codec | 12 octets nonce | AES-256-GCM ciphertext with its 16 octets of tag

`codec` is 0 for plain and 1 for one zstd frame. The header and the digest of the content are authenticated
with it, so an object moved under another digest, cut, grown or changed in any bit does not open. Each
object has a data key of its own, used once.
"""

from __future__ import annotations

import os
import threading
from typing import Final

import zstandard
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from pirab.blob.errors import BlobCorrupt

LARGEST_BLOB: Final = 2**30
"""Octets of the largest content: everything is held in memory once plain and once encrypted."""

_MAGIC: Final = b"PB\x01"
_PLAIN: Final = 0
_ZSTD: Final = 1
_HEADER: Final = 4
_NONCE: Final = 12
_TAG: Final = 16
_LEVEL: Final = 3
_LEAST_GAIN: Final = 1 / 32
"""The share that compression must save to be worth undoing at every read."""

_per_thread = threading.local()


def seal(content: bytes, digest: bytes, data_key: bytes) -> tuple[bytes, bytes]:
    """The object for `content` as two chunks to be written one after the other."""
    codec, payload = _squeezed(content)
    header = _MAGIC + bytes((codec,))
    nonce = os.urandom(_NONCE)
    return header + nonce, AESGCM(data_key).encrypt(nonce, payload, header + digest)


def unseal(stored: bytes, digest: bytes, data_key: bytes, size: int) -> bytes:
    """The content of `size` octets; raises `BlobCorrupt` unless every bit is as it was written."""
    view = memoryview(stored)
    header, nonce = bytes(view[:_HEADER]), view[_HEADER : _HEADER + _NONCE]
    if len(stored) < _HEADER + _NONCE + _TAG or header[:3] != _MAGIC:
        raise BlobCorrupt(digest.hex())
    try:
        payload = AESGCM(data_key).decrypt(nonce, view[_HEADER + _NONCE :], header + digest)
    except InvalidTag as error:
        raise BlobCorrupt(digest.hex()) from error
    content = _expanded(payload, header[3], size, digest)
    if len(content) != size:
        raise BlobCorrupt(digest.hex())
    return content


def _squeezed(content: bytes) -> tuple[int, bytes]:
    compressor: zstandard.ZstdCompressor | None = getattr(_per_thread, "compressor", None)
    if compressor is None:
        compressor = _per_thread.compressor = zstandard.ZstdCompressor(level=_LEVEL)
    squeezed = compressor.compress(content)
    if len(squeezed) > len(content) * (1 - _LEAST_GAIN):
        return _PLAIN, content
    return _ZSTD, squeezed


def _expanded(payload: bytes, codec: int, size: int, digest: bytes) -> bytes:
    if codec == _PLAIN:
        return payload
    try:
        # The row knows the size: a frame that promises more is refused before any memory is taken for it.
        if codec != _ZSTD or zstandard.frame_content_size(payload) != size:
            raise BlobCorrupt(digest.hex())
        return zstandard.ZstdDecompressor().decompress(payload, max_output_size=size)
    except zstandard.ZstdError as error:
        raise BlobCorrupt(digest.hex()) from error
