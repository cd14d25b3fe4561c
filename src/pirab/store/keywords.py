"""Keywords (rfc8621#4.1.1): the common ones are bits of one small integer, the others an array of text."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from pirab.store.errors import InvalidKeywords, TooManyKeywords

SEEN: Final = "$seen"
DRAFT: Final = "$draft"
FLAGGED: Final = "$flagged"

FLAG_BITS: Final[dict[str, int]] = {
    SEEN: 1,
    DRAFT: 2,
    FLAGGED: 4,
    "$answered": 8,
    "$forwarded": 16,
    "$junk": 32,
    "$notjunk": 64,
    "$phishing": 128,
}
"""Bit of each system keyword in `store_email.flags`; a bit, once given, is never reused."""

READ_BITS: Final = FLAG_BITS[SEEN] | FLAG_BITS[DRAFT]
"""An email is unread when none of these is set (rfc8621#2 unreadEmails)."""

PERSONAL: Final = frozenset({SEEN, FLAGGED})
"""What each person sets for themselves in a shared account; everything else is the team's."""

PERSONAL_BITS: Final = FLAG_BITS[SEEN] | FLAG_BITS[FLAGGED]

MOST_KEYWORDS: Final = 100
"""How many keywords one email may carry beside the system ones."""

# rfc8621#4.1.1: printable ASCII without the characters IMAP reserves, at most 255 of them.
_KEYWORD: Final = re.compile(r"[!#$&'+,\-./0-9:;<=>?@A-Z\[^_`a-z|}~]{1,255}", re.ASCII)


def check_keywords(keywords: Iterable[str]) -> frozenset[str]:
    """The keywords in lower case; raises `InvalidKeywords` and `TooManyKeywords`."""
    found = frozenset(keyword.lower() for keyword in keywords)
    for keyword in found:
        if not _KEYWORD.fullmatch(keyword):
            raise InvalidKeywords(properties=(f"keywords/{keyword[:64]}",))
    if len(found) > MOST_KEYWORDS + len(FLAG_BITS):
        raise TooManyKeywords(f"at most {MOST_KEYWORDS}", properties=("keywords",))
    return found


def pack_keywords(keywords: frozenset[str]) -> tuple[int, list[str] | None]:
    """The two columns that hold a set of keywords."""
    flags = 0
    others: list[str] = []
    for keyword in keywords:
        bit = FLAG_BITS.get(keyword)
        if bit is None:
            others.append(keyword)
        else:
            flags |= bit
    return flags, sorted(others) or None


def _unpacked(flags: int) -> frozenset[str]:
    return frozenset(keyword for keyword, bit in FLAG_BITS.items() if flags & bit)


_SETS: Final = [_unpacked(flags) for flags in range(256)]


def unpack_keywords(flags: int, others: list[str] | None) -> frozenset[str]:
    """The set of keywords that the two columns hold."""
    known = _SETS[flags & 255]
    return known.union(others) if others else known


def personal_bits(keywords: frozenset[str]) -> int:
    """The bits of the keywords that are a person's own."""
    return sum(FLAG_BITS[keyword] for keyword in keywords & PERSONAL)


def with_personal_bits(keywords: frozenset[str], bits: int) -> frozenset[str]:
    """The keywords with the personal ones replaced by those in `bits`."""
    return (keywords - PERSONAL) | frozenset(keyword for keyword in PERSONAL if FLAG_BITS[keyword] & bits)
