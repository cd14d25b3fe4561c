"""What a ZIP of letters cannot say in file names: a line of JSON a letter."""

from __future__ import annotations

import msgspec

from pirab.transfer.types import Item

PATH = "manifest.jsonl"


def line(item: Item) -> bytes:
    """The state of one letter."""
    return (
        msgspec.json.encode(
            {
                "file": item.path,
                "mailboxes": item.mailboxes,
                "keywords": item.keywords,
                "receivedAt": item.received_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
            }
        )
        + b"\n"
    )
