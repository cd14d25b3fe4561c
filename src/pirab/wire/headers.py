"""The forms a header field value can be asked for in (rfc8621#4.1.2). Input: the octets after the colon."""

import re
import unicodedata
from datetime import datetime

from pirab.wire.address_list import parse_addresses, parse_groups
from pirab.wire.charset import clean, decode_unlabelled
from pirab.wire.dates import parse_date
from pirab.wire.encoded_words import decode_words
from pirab.wire.types import Address, AddressGroup

_COMMENT = re.compile(r"\([^()]*\)")
_BRACKETED = re.compile(r"<([^<>]*)>")
_ALL_SPACE = re.compile(r"\s+")


def unfold(value: bytes) -> bytes:
    """`value` without line breaks (rfc5322#2.2.3); the white space that follows them stays."""
    if b"\n" in value:
        value = value.replace(b"\r\n", b"").replace(b"\n", b"")
    return value.replace(b"\r", b" ") if b"\r" in value else value


def as_raw(value: bytes) -> str:
    """rfc8621#4.1.2.1: the octets as UTF-8, wrong ones as U+FFFD, NUL dropped."""
    return value.replace(b"\0", b"").decode("utf-8", "replace")


def as_text(value: bytes) -> str:
    """rfc8621#4.1.2.2: unfolded, encoded words decoded, normalised to NFC, no white space at the ends."""
    text = decode_words(unfold(value)).strip()
    if "\n" in text or "\r" in text:  # an encoded word may hide a line break
        text = _ALL_SPACE.sub(" ", text)
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def as_addresses(value: bytes) -> tuple[Address, ...]:
    """rfc8621#4.1.2.3: the mailboxes, groups flattened."""
    return parse_addresses(unfold(value))


def as_grouped_addresses(value: bytes) -> tuple[AddressGroup, ...]:
    """rfc8621#4.1.2.4: the mailboxes with their groups."""
    return parse_groups(unfold(value))


def as_message_ids(value: bytes) -> tuple[str, ...] | None:
    """rfc8621#4.1.2.5: message ids without brackets, or None when there are none.

    Ids without brackets are taken too, when they have an "@": some mailers write them.
    """
    text = decode_unlabelled(unfold(value))
    found = [_ALL_SPACE.sub("", item) for item in _BRACKETED.findall(text)]
    if not found and "@" in text:
        found = [item.strip("<>,;") for item in _COMMENT.sub(" ", text).split() if "@" in item]
    return tuple(item for item in found if item) or None


def as_date(value: bytes) -> datetime | None:
    """rfc8621#4.1.2.6: an aware date-time, or None."""
    return parse_date(clean(unfold(value).decode("latin-1")))


def as_urls(value: bytes) -> tuple[str, ...] | None:
    """rfc8621#4.1.2.7: the URLs of a List-* field (rfc2369#2), or None when there are none."""
    found = [_ALL_SPACE.sub("", item) for item in _BRACKETED.findall(decode_unlabelled(unfold(value)))]
    return tuple(item for item in found if item) or None
