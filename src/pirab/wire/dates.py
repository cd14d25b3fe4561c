"""Dates in header fields (rfc5322#3.3, #4.3), read leniently."""

import email.utils
import re
from datetime import UTC, datetime, timedelta, timezone

_MONTHS = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), start=1
    )
}
_USUAL = re.compile(
    r"\s*(?:[A-Za-z]{3,9},?\s+)?(\d{1,2})\s+([A-Za-z]{3})[a-z]*\s+(\d{2,4})\s+"
    r"(\d{1,2}):(\d{2})(?::(\d{2}))?(?:\s+([+-]\d{4}))?",
    re.ASCII,
)
_MAX_LENGTH = 200
_BUDDHIST_ERA = 543
_FIRST_BUDDHIST_YEAR = 2400  # Thai software writes 2569 for 2026; nobody mails from the future


def parse_date(text: str) -> datetime | None:
    """The aware moment written in `text`, or None. A missing or impossible zone counts as UTC
    (rfc5322#4.3)."""
    if len(text) > _MAX_LENGTH:
        text = text[:_MAX_LENGTH]
    usual = _USUAL.match(text)
    if usual and (month := _MONTHS.get(usual[2].lower())) and (usual[7] or not text[usual.end() :].strip()):
        day, year = int(usual[1]), _full_year(int(usual[3]), len(usual[3]))
        return _moment(year, month, day, int(usual[4]), int(usual[5]), int(usual[6] or 0), _offset(usual[7]))
    return _unusual(text)


def format_date(moment: datetime) -> str:
    """`moment` as a date-time (rfc5322#3.3). The moment must be aware."""
    if moment.tzinfo is None:
        raise ValueError("a date without a zone has no place in a message")
    return email.utils.format_datetime(moment)


def _unusual(text: str) -> datetime | None:
    try:
        fields = email.utils.parsedate_tz(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    if fields is None:
        return None
    year = fields[0]
    return _moment(
        year - _BUDDHIST_ERA if year >= _FIRST_BUDDHIST_YEAR else year,
        fields[1], fields[2], fields[3], fields[4], fields[5], fields[9] or 0,
    )  # fmt: skip


def _full_year(year: int, digits: int) -> int:
    if digits == 2:  # rfc5322#4.3
        return year + (2000 if year < 50 else 1900)
    if digits == 3:
        return year + 1900
    return year - _BUDDHIST_ERA if year >= _FIRST_BUDDHIST_YEAR else year


def _offset(zone: str | None) -> int:
    if not zone:
        return 0
    seconds = int(zone[1:3]) * 3600 + int(zone[3:5]) * 60
    return -seconds if zone[0] == "-" else seconds


def _moment(
    year: int, month: int, day: int, hour: int, minute: int, second: int, offset: int
) -> datetime | None:
    zone = UTC if abs(offset) >= 86_400 or not offset else timezone(timedelta(seconds=offset))
    try:
        second = min(second, 59)  # rfc5322#3.3 allows 60, datetime does not
        moment = datetime(year, month, day, hour, minute, second, tzinfo=zone)
        moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return moment if 1900 <= year <= 9000 else None
