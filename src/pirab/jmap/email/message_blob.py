"""A blob taken as a message: whether it is one, and when it came in."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from pirab.wire.headers import as_date
from pirab.wire.mime import ParseLimits, header_fields, parse_message
from pirab.wire.types import Part

_SHALLOW: Final = ParseLimits(max_depth=1, max_parts=1, max_search_chars=0)


def is_message(raw: bytes) -> bool:
    """Whether the octets begin with a header field; everything else about a message may be wrong and is shown as it
    is."""
    return bool(header_fields(raw, _root(raw)))


def newest_received(raw: bytes) -> datetime | None:
    """The time of the topmost Received field, which the last server wrote (rfc5321#4.4), or None."""
    for field in header_fields(raw, _root(raw)):
        if field.name.lower() == "received":
            moment = as_date(field.value.rpartition(b";")[2])
            # A calendar's edge cannot be moved to another zone, and no mail is that old.
            return moment if moment is not None and 1970 <= moment.year < 9999 else None
    return None


def _root(raw: bytes) -> Part:
    return parse_message(raw, _SHALLOW).root
