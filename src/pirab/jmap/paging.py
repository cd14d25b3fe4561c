"""Cutting one page out of a complete list of results (rfc8620#5.5)."""

from __future__ import annotations

import msgspec

from pirab.jmap.arguments import QueryArguments
from pirab.jmap.errors import MethodError


class Page(msgspec.Struct, frozen=True):
    """Where a page begins and ends in the complete list: `items[start:end]`."""

    start: int
    end: int


def cut(arguments: QueryArguments, total: int, anchor_index: int | None) -> Page:
    """The page asked for; `anchor_index` is where the anchor stands, None when it is not in the list.

    Raises `anchorNotFound`. Positions outside the list give an empty page or start at its edge.
    """
    if arguments.anchor is not None:
        if anchor_index is None:
            raise MethodError("anchorNotFound")
        start = max(0, anchor_index + arguments.anchor_offset)
    elif arguments.position < 0:
        start = max(0, total + arguments.position)
    else:
        start = arguments.position
    end = total if arguments.limit is None else min(total, start + arguments.limit)
    return Page(start, max(start, end))
