"""Whether a letter may be answered by a machine (rfc3834#2, rfc5230#4.6). Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Final

from pirab.wire.headers import as_addresses

_ROBOT: Final = re.compile(
    r"(?:owner-.*|.*-owner|.*-request|.*-bounces?(?:[+=].*)?|bounces?(?:[+=-].*)?|mailer-daemon|postmaster|"
    r"listserv|majordomo|mailman|no[-_.]?reply.*|do[-_.]?not[-_.]?reply.*|.*[-_.]no[-_.]?reply|prvs=.*|srs[01]=.*)",
    re.IGNORECASE,
)
"""Local parts that nobody reads."""
_RECIPIENT_FIELDS: Final = ("to", "cc", "bcc", "resent-to", "resent-cc", "resent-bcc")
_BULK: Final = re.compile(r"\b(?:bulk|list|junk|auto_reply)\b", re.IGNORECASE)
_SUPPRESSED: Final = re.compile(r"\b(?:all|oof|autoreply)\b", re.IGNORECASE)

Header = Mapping[str, Sequence[bytes]]
"""Values of each field by its lower-case name."""


def may_answer(header: Header, reverse_path: str, own_addresses: Collection[str]) -> bool:
    """Whether a person sent this to a person: `own_addresses` (lower case) are those of the account.

    `reverse_path` is without brackets, "" for the null path.
    """
    local, _, domain = reverse_path.rpartition("@")
    if not local or not domain or _ROBOT.fullmatch(local) or reverse_path.lower() in own_addresses:
        return False
    return not _is_automatic(header) and _is_addressed_to(header, own_addresses)


def _is_automatic(header: Header) -> bool:
    if any(name.startswith("list-") for name in header):
        return True
    submitted = _text(header, "auto-submitted").partition(";")[0].strip().lower()
    return (
        submitted not in ("", "no")
        or _BULK.search(_text(header, "precedence")) is not None
        or _SUPPRESSED.search(_text(header, "x-auto-response-suppress")) is not None
        or "x-autoreply" in header
        or "x-loop" in header
        or "feedback-id" in header
    )


def _is_addressed_to(header: Header, own_addresses: Collection[str]) -> bool:
    """Whether one of the addresses stands in a recipient field: else it came by a list or in secret."""
    return any(
        address.email.lower() in own_addresses
        for name in _RECIPIENT_FIELDS
        for value in header.get(name, ())
        for address in as_addresses(value[:100_000])
    )


def _text(header: Header, name: str) -> str:
    return " ".join(value.decode("ascii", "replace").strip() for value in header.get(name, ()))
