"""What a SieveScript looks like from outside (rfc9661#2.1)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from pirab.core.ids import IdKind, encode_blob_id, encode_id
from pirab.filtering.types import ScriptRow

_VALUES: Final[dict[str, Callable[[ScriptRow], Any]]] = {
    "id": lambda row: encode_id(IdKind.SIEVE, row.id),
    "name": lambda row: row.name,
    "blobId": lambda row: encode_blob_id(row.digest),
    "isActive": lambda row: row.is_active,
}
PROPERTIES: Final = tuple(_VALUES)


def render(row: ScriptRow, names: list[str]) -> dict[str, Any]:
    """The object with the properties in `names`."""
    return {name: _VALUES[name](row) for name in names}
