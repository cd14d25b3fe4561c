"""Date and UTCDate (rfc8620#1.4)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from pirab.jmap.email.dates import parse_date, parse_utc_date


def test_good_dates() -> None:
    assert parse_utc_date("2026-11-24T09:30:00Z") == datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
    assert parse_utc_date("2026-11-24T09:30:00.123456789Z").microsecond == 123456
    bangkok = timezone(timedelta(hours=7))
    assert parse_date("2026-11-24T09:30:00+07:00") == datetime(2026, 11, 24, 9, 30, tzinfo=bangkok)
    assert parse_date("2026-11-24T09:30:00-00:30").utcoffset() == timedelta(minutes=-30)


@pytest.mark.parametrize(
    "value",
    [None, 1, True, [], "", "2026-11-24", "2026-11-24T09:30Z", "2026-11-24 09:30:00Z", "2026-11-24t09:30:00z",
     "2026-02-30T00:00:00Z", "2026-11-24T24:00:01Z", "2026-11-24T09:30:00", "2026-11-24T09:30:00+0700",
     "٢٠٢٦-11-24T09:30:00Z", "0000-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00",
     "2026-11-24T09:30:00Z\n", "2569-11-24T09:30:60Z", "2026-11-24T09:30:00+99:00"],
)  # fmt: skip
def test_bad_dates(value: object) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse_date(value)


def test_a_utc_date_ends_in_z() -> None:
    with pytest.raises(ValueError, match="UTC"):
        parse_utc_date("2026-11-24T09:30:00+00:00")
