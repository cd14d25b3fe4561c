"""Writing Sieve."""

from __future__ import annotations


def quote(text: str) -> str:
    """`text` as a quoted string (rfc5228#2.4.2)."""
    return '"' + text.replace("\0", "").replace("\\", "\\\\").replace('"', '\\"') + '"'
