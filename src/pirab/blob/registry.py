"""Who refers to blobs: collection asks every registered column, and no other column protects anything."""

from __future__ import annotations

import re
from typing import Final

from pirab.blob.errors import BlobError

_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,62}", re.ASCII)
_references: set[tuple[str, str]] = set()


class BadReference(BlobError):
    """Not the name of a table and a column."""


def register_reference(table: str, column: str) -> None:
    """Protect every blob whose digest stands in `table.column` (bytea, with an index on it).

    Called from the owning app's `ready()`, so that every process knows every reference.
    """
    if not (_NAME.fullmatch(table) and _NAME.fullmatch(column)):
        raise BadReference(f"{table}.{column}")
    _references.add((table, column))


def references() -> tuple[tuple[str, str], ...]:
    """All registered (table, column) pairs, in alphabetical order."""
    return tuple(sorted(_references))
