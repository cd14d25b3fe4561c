"""Dates as people write them."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from pirab.wire.search.dates import read_date

BANGKOK = timezone(timedelta(hours=7))
NOW = datetime(2026, 11, 24, 10, 30, tzinfo=BANGKOK)


def day(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, tzinfo=BANGKOK)


@pytest.mark.parametrize(
    ("text", "first", "after"),
    [
        ("1/7/2569", day(2026, 7, 1), day(2026, 7, 2)),
        ("๑/๗/๒๕๖๙", day(2026, 7, 1), day(2026, 7, 2)),
        ("1-7-2026", day(2026, 7, 1), day(2026, 7, 2)),
        ("1/7/69", day(2026, 7, 1), day(2026, 7, 2)),
        ("1/7/26", day(2026, 7, 1), day(2026, 7, 2)),
        ("1/7", day(2026, 7, 1), day(2026, 7, 2)),
        ("2026-07-01", day(2026, 7, 1), day(2026, 7, 2)),
        ("2026/07/01", day(2026, 7, 1), day(2026, 7, 2)),
        ("2569-07", day(2026, 7, 1), day(2026, 8, 1)),
        ("๑ ก.ค. ๖๙", day(2026, 7, 1), day(2026, 7, 2)),
        ("1ก.ค.69", day(2026, 7, 1), day(2026, 7, 2)),
        ("1 กค 2569", day(2026, 7, 1), day(2026, 7, 2)),
        ("1 กรกฎาคม พ.ศ. ๒๕๖๙", day(2026, 7, 1), day(2026, 7, 2)),
        ("1 กรกฎาคม ค.ศ. 2026", day(2026, 7, 1), day(2026, 7, 2)),
        ("ก.ค. 2569", day(2026, 7, 1), day(2026, 8, 1)),
        ("1 Jul 2026", day(2026, 7, 1), day(2026, 7, 2)),
        ("พ.ศ. 2569", day(2026, 1, 1), day(2027, 1, 1)),
        ("ปี 2569", day(2026, 1, 1), day(2027, 1, 1)),
        ("2026", day(2026, 1, 1), day(2027, 1, 1)),
        ("วันนี้", day(2026, 11, 24), day(2026, 11, 25)),
        ("เมื่อวาน", day(2026, 11, 23), day(2026, 11, 24)),
        ("สัปดาห์ที่แล้ว", day(2026, 11, 16), day(2026, 11, 23)),
        ("เดือนที่แล้ว", day(2026, 10, 1), day(2026, 11, 1)),
        ("7d", NOW - timedelta(days=7), NOW - timedelta(days=7)),
        ("๗ วัน", NOW - timedelta(days=7), NOW - timedelta(days=7)),
        ("2 สัปดาห์ที่แล้ว", NOW - timedelta(days=14), NOW - timedelta(days=14)),
        ("1y", NOW.replace(year=2025), NOW.replace(year=2025)),
        ("9m", NOW.replace(month=2), NOW.replace(month=2)),
    ],
)
def test_reads(text: str, first: datetime, after: datetime) -> None:
    assert read_date(text, 0, NOW) == ((first, after), len(text))


@pytest.mark.parametrize(
    "text",
    ["31/2/2569", "32/1/2569", "0/0/0000", "1/13/2569", "99999y", "0001", "พรุ่ง", "", "²/7/2569", "1/7/2569x"],
)
def test_reads_no_date(text: str) -> None:
    assert read_date(text, 0, NOW) is None


def test_a_date_ends_where_the_next_word_begins() -> None:
    text = "before:๑ ก.ค. ๖๙ รายงาน"
    found = read_date(text, 7, NOW)
    assert found is not None
    assert text[found[1] :] == " รายงาน"
