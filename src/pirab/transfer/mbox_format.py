"""The octets of a letter in an mbox file (rfc4155, with `>From ` quoted so that it can be undone)."""

from __future__ import annotations

import re
from typing import Final

from pirab.transfer.types import Item

_FROM: Final = re.compile(rb"^(>*From )", re.MULTILINE)
_OURS: Final = re.compile(
    rb"^(?:x-keywords|x-pirab-mailbox|x-pirab-received|status|x-status)[ \t]*:[^\n]*\n(?:[ \t][^\n]*\n)*",
    re.MULTILINE | re.IGNORECASE,
)


def record(item: Item, raw: bytes) -> bytes:
    """The letter with its state in header fields, line ends as LF; fields of these names of its own are left out."""
    text = raw.replace(b"\r\n", b"\n")
    header, blank, body = text.partition(b"\n\n")
    kept = _OURS.sub(b"", header + b"\n")
    content = _FROM.sub(rb">\1", kept + (b"\n" + body if blank else b""))
    end = b"" if content.endswith(b"\n") else b"\n"
    moment = item.received_at.strftime("%a %b %e %H:%M:%S %Y")
    return b"".join(
        [b"From MAILER-DAEMON ", moment.encode(), b"\n", _state_fields(item), content, end, b"\n"]
    )


def _state_fields(item: Item) -> bytes:
    words = set(item.keywords)
    letters = "".join(
        letter
        for keyword, letter in (("$answered", "A"), ("$flagged", "F"), ("$draft", "T"))
        if keyword in words
    )
    lines = [
        f"Status: {'RO' if '$seen' in words else 'O'}",
        *([f"X-Status: {letters}"] if letters else []),
        *([f"X-Keywords: {' '.join(item.keywords)}"] if item.keywords else []),
        *(f"X-Pirab-Mailbox: {path}" for path in item.mailboxes),
        f"X-Pirab-Received: {item.received_at.strftime('%Y-%m-%dT%H:%M:%SZ')}",
    ]
    return "".join(line + "\n" for line in lines).encode()
