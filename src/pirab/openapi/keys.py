"""From the ids in a path to database keys, and from rows to a page with its cursor."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, TypeVar

from pirab.core.errors import PirabError
from pirab.core.ids import IdError, IdKind, decode_id, encode_id


class _Row(Protocol):
    @property
    def id(self) -> int: ...


Row = TypeVar("Row", bound=_Row)


def key_of(kind: IdKind, text: str, missing: type[PirabError]) -> int:
    """The key that `text` names; raises `missing` for what is no id of this kind."""
    try:
        return decode_id(kind, text)
    except IdError as error:
        raise missing() from error


def page_of(found: Sequence[Row], limit: int, kind: IdKind) -> tuple[Sequence[Row], str | None]:
    """The first `limit` rows of what was found when one more was asked for, and the cursor of the next page: the id of
    the last row shown, None where nothing follows."""
    more = encode_id(kind, found[limit - 1].id) if len(found) > limit else None
    return found[:limit], more
