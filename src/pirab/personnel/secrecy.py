"""Secrets of joining: links, codes, and digests of what people know of themselves.

A few digits with a name can be tried through in no time where a plain digest leaks, so it is keyed with the
installation's key.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import unicodedata
from typing import Final

from django.utils.crypto import salted_hmac

LAST_DIGITS: Final = 5
"""Of the citizen number, that people type to be found on a personnel list."""
CODE_DIGITS: Final = 8
_LONGEST_SECRET: Final = 64
_BUDDHIST_ERA: Final = 543
_FIRST_BUDDHIST_YEAR: Final = 2400


def new_secret() -> str:
    """The secret part of a link: 256 random bits."""
    return secrets.token_urlsafe(32)


def digest_of(secret: str) -> bytes:
    """What is kept of a link's secret; of one that is too long to be ours, something that matches nothing."""
    return hashlib.sha256(secret[:_LONGEST_SECRET].encode("utf-8", "surrogatepass")).digest()


def code_of(proof_id: int, nonce: bytes) -> str:
    """The code of a mail proof, eight digits; made anew each time, and kept nowhere."""
    made = _keyed("code", f"{proof_id} {nonce.hex()}")
    return str(int.from_bytes(made[:8], "big") % 10**CODE_DIGITS).zfill(CODE_DIGITS)


def is_same(one: str, other: str) -> bool:
    """Compare two secrets in a time that does not depend on them."""
    return hmac.compare_digest(one.encode("utf-8", "surrogatepass"), other.encode("utf-8", "surrogatepass"))


def roster_key(last_digits: str, name: str, birth_year: int) -> bytes:
    """The keyed digest people are found by on a list. `birth_year` may be of either era."""
    return _keyed("roster", f"{last_digits}\0{folded_name(name)}\0{christian_year(birth_year)}")


def christian_year(year: int) -> int:
    """A year of the Buddhist era as one of the Christian era; others as they are."""
    return year - _BUDDHIST_ERA if year >= _FIRST_BUDDHIST_YEAR else year


def folded_name(name: str) -> str:
    """One spelling for a name: NFC with ำ as one sign, no spaces, lower case."""
    composed = unicodedata.normalize("NFC", name).replace("\u0e4d\u0e32", "\u0e33")
    return "".join(composed.split()).casefold()


def _keyed(purpose: str, value: str) -> bytes:
    return salted_hmac(f"pirab.personnel.{purpose}", value, algorithm="sha256").digest()
