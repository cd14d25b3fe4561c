"""The trace fields in front of a message, told apart from what the sender wrote. Pure functions."""

import hashlib
import re
from functools import lru_cache
from typing import Final

_TRACE_NAMES: Final = (
    rb"(?:return-path|received|authentication-results|x-spam[a-z-]*|x-virus[a-z-]*|arc-[a-z-]+)"
)
_OWN_BLOCK: Final = re.compile(
    rb"(?:(?!received)"
    + _TRACE_NAMES
    + rb"[ \t]*:.*\n(?:[ \t].*\n)*){0,20}received[ \t]*:.*\n(?:[ \t].*\n)*",
    re.IGNORECASE,
)
_MESSAGE_ID: Final = re.compile(rb"^message-id[ \t]*:[ \t\r\n]*<[^>\r\n]+>", re.IGNORECASE | re.MULTILINE)
_REPORT: Final = re.compile(
    rb"^content-type[ \t]*:[ \t\r\n]*multipart/report\b", re.IGNORECASE | re.MULTILINE
)
_HEADER_END: Final = b"\r\n\r\n"


def with_return_path(content: bytes, reverse_path: str) -> bytes:
    """The message as final delivery keeps it: Return-Path first (rfc5321#4.4), everything else untouched."""
    return b"Return-Path: <" + reverse_path.encode() + b">\r\n" + content


def kernel(content: bytes, reverse_path: str, hostname: str) -> bytes | None:
    """A digest (32 octets) of what the sender said: the bytes behind our trace fields, the reverse path.

    Two passages of one message through Postfix differ in its Received field and in the results that our
    Rspamd, known by `hostname`, puts below it; so they have the same kernel. None for a message without a
    Message-ID: two of those may be equal and still be two.
    """
    own = _OWN_BLOCK.match(content)
    said = content[own.end() :] if own else content
    results = _results_of(hostname).match(said)
    said = said[results.end() :] if results else said
    if not _MESSAGE_ID.search(_header(said)):
        return None
    return hashlib.sha256(reverse_path.encode() + b"\0" + said).digest()


@lru_cache(maxsize=4)
def _results_of(hostname: str) -> re.Pattern[bytes]:
    """Results of this host at the start of some bytes; forged ones never come here (rfc8601#5)."""
    name = rb"authentication-results[ \t]*:[ \t]*" + re.escape(hostname.encode()) + rb"[ \t]*;"
    return re.compile(rb"(?:" + name + rb".*\n(?:[ \t].*\n)*)+", re.IGNORECASE)


def is_delivery_report(content: bytes) -> bool:
    """Whether the message calls itself a report (rfc6522#3)."""
    return _REPORT.search(_header(content)) is not None


def _header(content: bytes) -> bytes:
    end = content.find(_HEADER_END)
    return content if end < 0 else content[: end + 2]
