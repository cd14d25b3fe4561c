"""Stored objects: they open to the same bytes or not at all."""

from __future__ import annotations

import os

import pytest
import zstandard
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given
from hypothesis import strategies as st

from pirab.blob import envelope
from pirab.blob.errors import BlobCorrupt

KEY = bytes(range(32))
DIGEST = b"d" * 32
TEXT = "หนังสือราชการ ".encode() * 500


def sealed(content: bytes) -> bytes:
    return b"".join(envelope.seal(content, DIGEST, KEY))


def forged(payload: bytes, codec: int) -> bytes:
    header = b"PB\x01" + bytes((codec,))
    return header + b"n" * 12 + AESGCM(KEY).encrypt(b"n" * 12, payload, header + DIGEST)


@given(st.binary(max_size=5000))
def test_the_same_bytes_come_back(content: bytes) -> None:
    assert envelope.unseal(sealed(content), DIGEST, KEY, len(content)) == content


def test_text_shrinks_and_noise_does_not_grow() -> None:
    assert len(sealed(TEXT)) < len(TEXT) / 10
    noise = os.urandom(100_000)
    assert len(sealed(noise)) == len(noise) + 4 + 12 + 16
    assert TEXT not in sealed(TEXT)
    assert noise[:64] not in sealed(noise)


@pytest.mark.parametrize("content", [b"", b"x", TEXT])
def test_no_bit_may_change(content: bytes) -> None:
    stored = sealed(content)
    for place in {0, 1, 2, 3, 4, 15, 16, len(stored) // 2, len(stored) - 1}:
        changed = bytearray(stored)
        changed[place] ^= 1
        with pytest.raises(BlobCorrupt):
            envelope.unseal(bytes(changed), DIGEST, KEY, len(content))


@pytest.mark.parametrize("kept", [0, 3, 4, 15, 16, 31, 32, -1])
def test_a_cut_object_does_not_open(kept: int) -> None:
    with pytest.raises(BlobCorrupt):
        envelope.unseal(sealed(TEXT)[:kept], DIGEST, KEY, len(TEXT))


def test_an_object_belongs_to_one_digest_key_and_size() -> None:
    stored = sealed(TEXT)
    for digest, key, size in (
        (b"e" * 32, KEY, len(TEXT)),
        (DIGEST, b"k" * 32, len(TEXT)),
        (DIGEST, KEY, len(TEXT) - 1),
        (DIGEST, KEY, len(TEXT) + 1),
    ):
        with pytest.raises(BlobCorrupt):
            envelope.unseal(stored, digest, key, size)


def test_a_zip_bomb_is_refused_before_it_grows() -> None:
    bomb = zstandard.ZstdCompressor().compress(b"\0" * 50_000_000)
    with pytest.raises(BlobCorrupt):
        envelope.unseal(forged(bomb, 1), DIGEST, KEY, 100)


@pytest.mark.parametrize(("payload", "codec"), [(b"not zstd at all", 1), (b"", 1), (b"x" * 9, 7)])
def test_an_unknown_inside_is_refused(payload: bytes, codec: int) -> None:
    with pytest.raises(BlobCorrupt):
        envelope.unseal(forged(payload, codec), DIGEST, KEY, 9)
