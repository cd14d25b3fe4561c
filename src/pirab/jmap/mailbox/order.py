"""In which order the records of one Mailbox/set are worked on, so that each finds what it refers to."""

from __future__ import annotations

from typing import Any

from pirab.store.types import MailboxRow


def create_order(wanted: dict[str, dict[str, Any]]) -> list[str]:
    """Creation ids, a parent before its children (rfc8620#5.3); those in a loop of parents come last."""
    ordered: dict[str, None] = {}
    for creation_id in wanted:
        chain: dict[str, None] = {}
        current: str | None = creation_id
        while current is not None and current not in ordered and current not in chain:
            chain[current] = None
            current = _parent_in(wanted, current)
        ordered.update(dict.fromkeys(reversed(chain)))
    return list(ordered)


def destroy_order(keys: dict[str, int | None], rows: list[MailboxRow]) -> list[str]:
    """The ids to destroy, what lies below before what lies above; `keys` maps each id to its key."""
    above = {row.id: row.parent_id for row in rows}

    def depth(text: str) -> int:
        levels, key = 0, keys[text]
        while key is not None and key in above:
            levels, key = levels + 1, above[key]
        return levels

    return sorted(keys, key=depth, reverse=True)


def _parent_in(wanted: dict[str, dict[str, Any]], creation_id: str) -> str | None:
    parent = wanted[creation_id].get("parentId")
    if isinstance(parent, str) and parent.startswith("#") and parent[1:] in wanted:
        return parent[1:]
    return None
