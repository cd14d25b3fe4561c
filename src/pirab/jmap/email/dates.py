"""The Date and UTCDate types (rfc8620#1.4), from JSON to aware date-times."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any, Final

_DATE: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?(Z|[+-][0-9]{2}:[0-9]{2})", re.ASCII
)


def parse_date(value: Any) -> datetime:
    """An aware date-time from a Date; raises ValueError for anything else, calendar mistakes included."""
    if not isinstance(value, str) or _DATE.fullmatch(value) is None:
        raise ValueError("a date such as 2026-11-24T09:30:00+07:00 is needed")
    # Python keeps microseconds; finer digits are cut.
    text = re.sub(r"(\.[0-9]{6})[0-9]+", r"\1", value)
    moment = datetime.fromisoformat(text)
    # The first and the last day of the calendar cannot be moved to another zone.
    if not 1 < moment.year < 9999:
        raise ValueError("the year is out of range")
    return moment


def parse_utc_date(value: Any) -> datetime:
    """An aware date-time in UTC from a UTCDate, which ends in Z; raises ValueError for anything else."""
    moment = parse_date(value)
    if not str(value).endswith("Z"):
        raise ValueError("a date in UTC, ending in Z, is needed")
    return moment.astimezone(UTC)
