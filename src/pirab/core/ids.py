"""Identifiers as clients see them.

A record id is one letter for the kind and the positive database key in Crockford base 32, lower case (`m2f`
is the mailbox 79). A blob id is `b` and the SHA-256 of the bytes in RFC 4648 base 32, lower case, unpadded;
a section of a blob (a MIME part) adds `-start-length-encoding`, the first two in base 36.

Every value has exactly one spelling: a decoder refuses upper case, leading zeros and stray bits, so two
different strings never name one thing. All of them are valid JMAP ids (rfc8620#1.2) and safe in a URL path.
"""

from __future__ import annotations

import base64
import binascii
import re
from enum import Enum, IntEnum
from typing import Final

import msgspec

from pirab.core.errors import PirabError

MAX_KEY: Final = 2**63 - 1
"""Largest database key (PostgreSQL bigint)."""

DIGEST_BYTES: Final = 32
"""Length of a SHA-256 digest in octets."""

_CROCKFORD: Final = "0123456789abcdefghjkmnpqrstvwxyz"
_CROCKFORD_PAIRS: Final = [first + second for first in _CROCKFORD for second in _CROCKFORD]
"""Two letters at once: a page of mail has some hundred identifiers."""
_CROCKFORD_VALUE: Final = {letter: value for value, letter in enumerate(_CROCKFORD)}
_BASE36: Final = "0123456789abcdefghijklmnopqrstuvwxyz"
_DIGEST_CHARS: Final = 52
_BLOB_ID: Final = re.compile(
    r"b([a-z2-7]{52})(?:-(0|[1-9a-z][0-9a-z]{0,12})-(0|[1-9a-z][0-9a-z]{0,12})-([0-3]))?", re.ASCII
)


class IdError(PirabError):
    """Not an identifier of this kind."""


class IdKind(Enum):
    """What an identifier names; the value is its first letter."""

    ACCOUNT = "a"
    MAILBOX = "m"
    EMAIL = "e"
    THREAD = "t"
    IDENTITY = "i"
    SUBMISSION = "s"
    SIEVE = "v"
    PUSH_SUBSCRIPTION = "p"
    QUOTA = "q"
    REMOVED_EMAIL = "r"
    TRANSFER = "x"
    AGENCY = "g"
    PERSON = "n"
    POST = "o"
    HOLDING = "h"
    GROUP = "l"
    DUTY = "d"
    DOMAIN = "w"
    APPROVAL = "y"
    ENROLMENT = "j"
    ADDRESS_BOOK = "k"
    CONTACT_CARD = "c"
    CREDENTIAL = "u"
    """A person's session, token, passkey, or line of their history."""


class SectionEncoding(IntEnum):
    """Content-Transfer-Encoding to undo after cutting a section out of a blob."""

    IDENTITY = 0
    BASE64 = 1
    QUOTED_PRINTABLE = 2
    UUENCODE = 3


class Section(msgspec.Struct, frozen=True):
    """A run of octets inside a blob: `start` and `length` count stored octets, before decoding."""

    start: int
    length: int
    encoding: SectionEncoding = SectionEncoding.IDENTITY


class BlobId(msgspec.Struct, frozen=True):
    """A decoded blob id: the SHA-256 `digest` (32 octets) and, for a part of the blob, its `section`."""

    digest: bytes
    section: Section | None = None


def encode_id(kind: IdKind, n: int) -> str:
    """The client's name of record `n` (1 ≤ n ≤ `MAX_KEY`); raises `IdError` outside that range."""
    if not 1 <= n <= MAX_KEY:
        raise IdError(f"{kind.name.lower()} {n}")
    tail = ""
    while n >= 1024:
        tail = _CROCKFORD_PAIRS[n & 1023] + tail
        n >>= 10
    head = _CROCKFORD[n] if n < 32 else _CROCKFORD_PAIRS[n]
    return kind.value + head + tail


def decode_id(kind: IdKind, s: str) -> int:
    """The database key named by `s`; raises `IdError` for another kind, a second spelling or no such key."""
    body = s[1:]
    if s[:1] != kind.value or not 1 <= len(body) <= 13 or body[0] == "0":
        raise IdError(kind.name.lower())
    value = 0
    for letter in body:
        digit = _CROCKFORD_VALUE.get(letter)
        if digit is None:
            raise IdError(kind.name.lower())
        value = value * 32 + digit
    if value > MAX_KEY:
        raise IdError(kind.name.lower())
    return value


def encode_blob_id(digest: bytes, section: Section | None = None) -> str:
    """The client's name of a blob (SHA-256 `digest`, 32 octets) or of a `section` of it."""
    if len(digest) != DIGEST_BYTES:
        raise IdError("blob")
    name = "b" + base64.b32encode(digest).decode("ascii")[:_DIGEST_CHARS].lower()
    if section is None:
        return name
    return f"{name}-{_to_base36(section.start)}-{_to_base36(section.length)}-{int(section.encoding)}"


def decode_blob_id(s: str) -> BlobId:
    """What a blob id names; raises `IdError` for anything that `encode_blob_id` would not have written."""
    match = _BLOB_ID.fullmatch(s)
    if match is None:
        raise IdError("blob")
    name, start, length, encoding = match.groups()
    digest = _decode_digest(name)
    if start is None:
        return BlobId(digest)
    section = Section(int(start, 36), int(length, 36), SectionEncoding(int(encoding)))
    if section.start + section.length > MAX_KEY:
        raise IdError("blob")
    return BlobId(digest, section)


def _decode_digest(name: str) -> bytes:
    try:
        digest = base64.b32decode(name.upper() + "====")
    except (binascii.Error, ValueError) as error:
        raise IdError("blob") from error
    # 52 letters carry 260 bits: the four spare ones must be zero, or one digest would have sixteen names.
    if base64.b32encode(digest).decode("ascii")[:_DIGEST_CHARS].lower() != name:
        raise IdError("blob")
    return digest


def _to_base36(n: int) -> str:
    if not 0 <= n <= MAX_KEY:
        raise IdError("blob")
    digits = ""
    while n >= 36:
        n, low = divmod(n, 36)
        digits = _BASE36[low] + digits
    return _BASE36[n] + digits
