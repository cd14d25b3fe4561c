"""Parts of a date and time as strings (rfc5260#4)."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone
from email.utils import format_datetime
from typing import Final

HOME: Final = timezone(timedelta(hours=7))
"""Indochina Time: where a script says nothing else."""
_ZONE: Final = re.compile(r"([+-])(\d{2})([0-5]\d)", re.ASCII)
_MODIFIED_JULIAN_DAY_ZERO: Final = date(1858, 11, 17).toordinal()

_PARTS: Final[dict[str, Callable[[datetime], str]]] = {
    "year": lambda at: f"{at.year:04}",
    "month": lambda at: f"{at.month:02}",
    "day": lambda at: f"{at.day:02}",
    "date": lambda at: at.date().isoformat(),
    "julian": lambda at: str(at.toordinal() - _MODIFIED_JULIAN_DAY_ZERO),
    "hour": lambda at: f"{at.hour:02}",
    "minute": lambda at: f"{at.minute:02}",
    "second": lambda at: f"{at.second:02}",
    "time": lambda at: f"{at:%H:%M:%S}",
    "iso8601": lambda at: at.replace(microsecond=0).isoformat(),
    "std11": format_datetime,
    "zone": lambda at: f"{at:%z}"[:5],
    "weekday": lambda at: str((at.weekday() + 1) % 7),
}


def zone_of(text: str) -> timezone:
    """The zone that an offset such as "+0700" names; `HOME` for anything else."""
    found = _ZONE.fullmatch(text)
    if found is None or int(found[2]) > 23:
        return HOME
    offset = timedelta(hours=int(found[2]), minutes=int(found[3]))
    return timezone(-offset if found[1] == "-" else offset)


def date_part(at: datetime, zone: timezone | None, part: str) -> str | None:
    """`part` of `at` in `zone` (None: its own); None for a part there is not, or a date beyond the calendar."""
    write = _PARTS.get(part.lower())
    if write is None:
        return None
    try:
        return write(at if zone is None else at.astimezone(zone))
    except (OverflowError, ValueError):
        return None
