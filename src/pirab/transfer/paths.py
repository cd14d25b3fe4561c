"""Mailboxes as folders of a file system: names as people wrote them, without what a path cannot hold."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from pirab.store.types import MailboxRow

_UNSAFE: Final = str.maketrans({"/": "∕", "\\": "∖", ":": "∶", "\0": "_"})


def mailbox_paths(rows: Iterable[MailboxRow]) -> dict[int, str]:
    """The path of each mailbox: names from the top, joined by `/`."""
    by_id = {row.id: row for row in rows}
    return {row.id: "/".join(_names(row, by_id)) for row in by_id.values()}


def _names(row: MailboxRow, by_id: dict[int, MailboxRow]) -> list[str]:
    names: list[str] = []
    place: MailboxRow | None = row
    while place is not None and len(names) < 100:
        names.append(_safe(place.name))
        place = by_id.get(place.parent_id) if place.parent_id is not None else None
    return names[::-1]


def _safe(name: str) -> str:
    safe = name.translate(_UNSAFE)
    return safe.replace(".", "_") if safe.strip(". ") == "" else safe
