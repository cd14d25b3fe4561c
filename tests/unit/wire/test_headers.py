"""The forms of header fields (rfc8621#4.1.2)."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from pirab.wire.headers import as_date, as_grouped_addresses, as_message_ids, as_raw, as_text, as_urls
from pirab.wire.types import Address, AddressGroup


def test_raw_keeps_everything_but_nul_and_wrong_octets() -> None:
    assert as_raw(b"  a\r\n\tb\0\xff") == "  a\r\n\tb\ufffd"


def test_text_is_unfolded_trimmed_and_composed() -> None:
    assert as_text(b" one\r\n two\r\n\tthree ") == "one two\tthree"
    assert as_text("e\u0301".encode()) == "é"


@pytest.mark.parametrize(
    ("value", "ids"),
    [
        (b" <a@b>", ("a@b",)),
        (b"<a@b> <c@d>\r\n <e@f>", ("a@b", "c@d", "e@f")),
        (b"<a@b><c@d>", ("a@b", "c@d")),
        (b"<a\r\n b@c>", ("ab@c",)),
        (b"a@b", ("a@b",)),
        (b"(comment) a@b c@d", ("a@b", "c@d")),
        (b'"Name" <a@b> of Monday', ("a@b",)),
        (b"<>", None),
        (b"", None),
        (b"no id here", None),
        (b"<a@b", ("a@b",)),
        (b"<\0@b>", ("\ufffd@b",)),
    ],
)
def test_message_ids(value: bytes, ids: tuple[str, ...] | None) -> None:
    assert as_message_ids(value) == ids


@pytest.mark.parametrize(
    ("value", "moment"),
    [
        (b" Tue, 24 Nov 2026 12:30:45 +0700", datetime(2026, 11, 24, 5, 30, 45, tzinfo=UTC)),
        (b"24 Nov 2026 12:30 +0000", datetime(2026, 11, 24, 12, 30, tzinfo=UTC)),
        (b"Tue, 24 Nov 2026 12:30:45 GMT", datetime(2026, 11, 24, 12, 30, 45, tzinfo=UTC)),
        (b"Tue, 24 Nov 2026 12:30:45 EST", datetime(2026, 11, 24, 17, 30, 45, tzinfo=UTC)),
        (b"Tue, 24 Nov 2026 12:30:45 -0000 (comment)", datetime(2026, 11, 24, 12, 30, 45, tzinfo=UTC)),
        (b"Tue, 24 Nov 2569 12:30:45 +0700", datetime(2026, 11, 24, 5, 30, 45, tzinfo=UTC)),
        (b"24 November 2026 12:30:45 +0700", datetime(2026, 11, 24, 5, 30, 45, tzinfo=UTC)),
        (b"Fri, 21 Nov 97 09:55:06 -0600", datetime(1997, 11, 21, 15, 55, 6, tzinfo=UTC)),
        (b"Tue, 24 Nov 2026 23:59:60 +0000", datetime(2026, 11, 24, 23, 59, 59, tzinfo=UTC)),
        (b"Tue, 24 Nov 2026\r\n 12:30:45 +0700", datetime(2026, 11, 24, 5, 30, 45, tzinfo=UTC)),
        (b"Tue, 24 Nov 2026 12:30:45", datetime(2026, 11, 24, 12, 30, 45, tzinfo=UTC)),
        (b"Tue, 24 Nov 2026 12:30:45 +9999", datetime(2026, 11, 24, 12, 30, 45, tzinfo=UTC)),
    ],
)
def test_dates(value: bytes, moment: datetime) -> None:
    assert as_date(value) == moment


@pytest.mark.parametrize(
    "value",
    [
        b"",
        b"yesterday",
        b"99 Nov 2026 12:30:45 +0700",
        b"24 Xyz 2026 12:30:45 +0700",
        b"24 Nov 2026 99:99:99 +0700",
        b"24 Nov 0001 00:00:00 +0700",
        b"1 Jan 99999 00:00:00 +0000",
        b"\xff\xfe\0",
        b"0" * 100_000,
        b", , , ,",
    ],
)
def test_what_is_no_date(value: bytes) -> None:
    assert as_date(value) is None


def test_a_date_keeps_its_zone() -> None:
    moment = as_date(b"Tue, 24 Nov 2026 12:30:45 +0700")
    assert moment is not None
    assert moment.tzinfo == timezone(timedelta(hours=7))


def test_urls() -> None:
    assert as_urls(b" <https://x.test/a>, (c) <mailto:a@x.test?subject=b>\r\n , <https://x.test/\r\n b>") == (
        "https://x.test/a",
        "mailto:a@x.test?subject=b",
        "https://x.test/b",
    )
    assert as_urls(b"none") is None


def test_groups_and_what_stands_between() -> None:
    """The example of rfc8621#4.1.2.4."""
    value = (
        b' "  James Smythe" <james@example.com>, Friends:\r\n'
        b" jane@example.com, =?UTF-8?Q?John_Sm=C3=AEth?= <john@example.com>;"
    )
    assert as_grouped_addresses(value) == (
        AddressGroup(None, (Address("James Smythe", "james@example.com"),)),
        AddressGroup(
            "Friends", (Address(None, "jane@example.com"), Address("John Smîth", "john@example.com"))
        ),
    )
