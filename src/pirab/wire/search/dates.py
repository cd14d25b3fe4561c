"""Dates as people write them in a search: Thai and English, Buddhist and common era, absolute and relative."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import datetime, timedelta
from typing import Final

Period = tuple[datetime, datetime]
"""First moment and the moment after the last."""

_DIGITS: Final = {0x0E50 + digit: ord("0") + digit for digit in range(10)}
_MONTHS: Final = (
    ("มกราคม", "มกรา", "ม.ค.", "มค", "january", "jan"),
    ("กุมภาพันธ์", "กุมภา", "ก.พ.", "กพ", "february", "feb"),
    ("มีนาคม", "มีนา", "มี.ค.", "มีค", "march", "mar"),
    ("เมษายน", "เมษา", "เม.ย.", "เมย", "april", "apr"),
    ("พฤษภาคม", "พฤษภา", "พ.ค.", "พค", "may"),
    ("มิถุนายน", "มิถุนา", "มิ.ย.", "มิย", "june", "jun"),
    ("กรกฎาคม", "กรกฎา", "ก.ค.", "กค", "july", "jul"),
    ("สิงหาคม", "สิงหา", "ส.ค.", "สค", "august", "aug"),
    ("กันยายน", "กันยา", "ก.ย.", "กย", "september", "sept", "sep"),
    ("ตุลาคม", "ตุลา", "ต.ค.", "ตค", "october", "oct"),
    ("พฤศจิกายน", "พฤศจิกา", "พ.ย.", "พย", "november", "nov"),
    ("ธันวาคม", "ธันวา", "ธ.ค.", "ธค", "december", "dec"),
)
_MONTH_NUMBER: Final = {
    name.replace(".", ""): number for number, names in enumerate(_MONTHS, 1) for name in names
}
_MONTH: Final = "|".join(
    re.escape(name).replace(r"\.", r"\.\s?") + ("?" if name.endswith(".") else "")
    for name in sorted((name for names in _MONTHS for name in names), key=len, reverse=True)
)
_ERA: Final = r"(?P<era>พ\.?\s?ศ\.?|ค\.?\s?ศ\.?|b\.?e\.?|a\.?d\.?|c\.?e\.?)?\s*"
_END: Final = r"(?![0-9a-z\u0e01-\u0e4e]|[/-][0-9])"
_DAY_FIRST: Final = re.compile(
    rf"(?P<day>[0-9]{{1,2}})\s?[/.-]\s?(?P<month>[0-9]{{1,2}})(?:\s?[/.-]\s?{_ERA}(?P<year>[0-9]{{4}}|[0-9]{{2}}))?{_END}"
)
_YEAR_FIRST: Final = re.compile(
    rf"(?P<year>[0-9]{{4}})[/.-](?P<month>[0-9]{{1,2}})(?:[/.-](?P<day>[0-9]{{1,2}}))?{_END}"
)
_NAMED: Final = re.compile(
    rf"(?:(?P<day>[0-9]{{1,2}})\s*)?(?P<name>{_MONTH})(?:[\s,]*{_ERA}(?P<year>[0-9]{{4}}|[0-9]{{2}}))?{_END}"
)
_YEAR: Final = re.compile(rf"(?:ปี\s*)?{_ERA}(?P<year>[0-9]{{4}}){_END}")
_AGO: Final = re.compile(
    r"(?P<count>[0-9]{1,5})\s*(?P<unit>days?|d|weeks?|w|months?|m|years?|y|hours?|h"
    r"|วัน|สัปดาห์|อาทิตย์|เดือน|ปี|ชั่วโมง|ชม\.?)(?:\s*(?:ago|ที่แล้ว|ที่ผ่านมา|ก่อน|มาแล้ว))?" + _END
)
_UNITS: Final = {
    "h": "hour",
    "d": "day",
    "w": "week",
    "m": "month",
    "y": "year",
    "ช": "hour",
    "ว": "day",
    "ส": "week",
    "อ": "week",
    "เ": "month",
    "ป": "year",
}
_NAMED_PERIODS: Final = {
    "วันนี้": ("day", 0),
    "today": ("day", 0),
    "เมื่อวานซืน": ("day", -2),
    "เมื่อวานนี้": ("day", -1),
    "เมื่อวาน": ("day", -1),
    "yesterday": ("day", -1),
    "พรุ่งนี้": ("day", 1),
    "tomorrow": ("day", 1),
    "สัปดาห์นี้": ("week", 0),
    "อาทิตย์นี้": ("week", 0),
    "thisweek": ("week", 0),
    "สัปดาห์ที่แล้ว": ("week", -1),
    "สัปดาห์ก่อน": ("week", -1),
    "อาทิตย์ที่แล้ว": ("week", -1),
    "อาทิตย์ก่อน": ("week", -1),
    "lastweek": ("week", -1),
    "เดือนนี้": ("month", 0),
    "thismonth": ("month", 0),
    "เดือนที่แล้ว": ("month", -1),
    "เดือนก่อน": ("month", -1),
    "lastmonth": ("month", -1),
    "ปีนี้": ("year", 0),
    "thisyear": ("year", 0),
    "ปีที่แล้ว": ("year", -1),
    "ปีก่อน": ("year", -1),
    "lastyear": ("year", -1),
}
_PERIOD_NAME: Final = re.compile(
    "(?P<name>" + "|".join(sorted(_NAMED_PERIODS, key=len, reverse=True)) + ")" + _END
)
_LONGEST_DATE: Final = 60
_BUDDHIST: Final = 543


def read_date(text: str, start: int, now: datetime) -> tuple[Period, int] | None:
    """The date that stands at `start`, and where it ends; None when none stands there. Never raises.

    A day, month or year is the period it lasts in the time zone of `now`; "7d" is the moment seven days ago.
    """
    here = _same_length(text[start : start + _LONGEST_DATE])
    for pattern, read in _READERS:
        match = pattern.match(here)
        if match is None:
            continue
        try:
            period = read(match, now)
        except (ValueError, OverflowError):  # the 31st of February, the year 0
            continue
        return period, start + match.end()
    return None


def _same_length(text: str) -> str:
    """Lower case and Arabic digits, character by character, so that places stay places."""
    return "".join(low if len(low := char.lower()) == 1 else char for char in text.translate(_DIGITS))


def _year(match: re.Match[str], now: datetime) -> int:
    text = match["year"]
    if text is None:
        return now.year
    number, era = int(text), (match.groupdict().get("era") or "")[:1]
    if len(text) == 4:
        if era:
            return number - _BUDDHIST if era in "พb" else number
        return number - _BUDDHIST if number >= 2400 else number
    buddhist, common = 2500 + number - _BUDDHIST, 2000 + number
    if era:
        return buddhist if era in "พb" else common
    # Two digits may be of either era: the nearer year is meant.
    return min(buddhist, common, key=lambda year: abs(year - now.year))


def _calendar(match: re.Match[str], now: datetime) -> Period:
    year, month = _year(match, now), int(match["month"])
    return _day(now, year, month, int(match["day"])) if match["day"] else _month(now, year, month)


def _with_month_name(match: re.Match[str], now: datetime) -> Period:
    month = _MONTH_NUMBER[re.sub(r"[.\s]", "", match["name"])]
    year = _year(match, now)
    return _day(now, year, month, int(match["day"])) if match["day"] else _month(now, year, month)


def _whole_year(match: re.Match[str], now: datetime) -> Period:
    year = _year(match, now)
    return _midnight(now, year, 1, 1), _midnight(now, year + 1, 1, 1)


def _ago(match: re.Match[str], now: datetime) -> Period:
    count, unit = int(match["count"]), _UNITS[match["unit"][0]]
    if unit in ("month", "year"):
        moment = _months_away(now, -count * (12 if unit == "year" else 1))
    else:
        hours = {"hour": 1, "day": 24, "week": 168}[unit]
        moment = now - timedelta(hours=hours * count)
    return moment, moment


def _named_period(match: re.Match[str], now: datetime) -> Period:
    unit, away = _NAMED_PERIODS[match["name"]]
    today = _midnight(now, now.year, now.month, now.day)
    if unit == "day":
        return today + timedelta(days=away), today + timedelta(days=away + 1)
    if unit == "week":
        monday = today + timedelta(days=7 * away - today.weekday())
        return monday, monday + timedelta(days=7)
    if unit == "year":
        return _midnight(now, now.year + away, 1, 1), _midnight(now, now.year + away + 1, 1, 1)
    first = _months_away(today.replace(day=1), away)
    return first, _months_away(first, 1)


def _months_away(moment: datetime, months: int) -> datetime:
    years, month = divmod(moment.month - 1 + months, 12)
    year = moment.year + years
    if not 1 <= year <= 9999:
        raise ValueError(year)
    return moment.replace(year=year, month=month + 1, day=min(moment.day, monthrange(year, month + 1)[1]))


def _day(now: datetime, year: int, month: int, day: int) -> Period:
    start = _midnight(now, year, month, day)
    return start, start + timedelta(days=1)


def _month(now: datetime, year: int, month: int) -> Period:
    start = _midnight(now, year, month, 1)
    return start, _months_away(start, 1)


def _midnight(now: datetime, year: int, month: int, day: int) -> datetime:
    if year < 1900:
        raise ValueError(year)
    return datetime(year, month, day, tzinfo=now.tzinfo)


_READERS: Final = (
    (_YEAR_FIRST, _calendar),
    (_DAY_FIRST, _calendar),
    (_AGO, _ago),
    (_NAMED, _with_month_name),
    (_YEAR, _whole_year),
    (_PERIOD_NAME, _named_period),
)
