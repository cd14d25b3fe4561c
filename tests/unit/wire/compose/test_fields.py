"""Header fields from values: folded, encoded, and never two fields from one."""

import unicodedata
from datetime import UTC, datetime

import pytest

from pirab.wire.compose import (
    ComposeError,
    FieldLine,
    address_field,
    date_field,
    group_field,
    message_ids_field,
    raw_field,
    text_field,
    urls_field,
)
from pirab.wire.headers import as_addresses, as_grouped_addresses, as_message_ids, as_text, as_urls
from pirab.wire.types import Address, AddressGroup

_LONG_THAI = "ขอเชิญประชุมคณะกรรมการพิจารณาแผนงานประจำปี " * 20


def _value(field: FieldLine) -> bytes:
    octets = field.octets()
    assert octets.endswith(b"\r\n")
    lines = octets[:-2].split(b"\r\n")
    assert all(len(line) <= 998 for line in lines)
    assert all(line[:1] in (b" ", b"\t") and line.strip() for line in lines[1:])
    assert b"\n" not in b"".join(lines)
    assert b"\r" not in b"".join(lines)
    return octets[len(field.name) + 1 : -2]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "plain",
        "a " * 200 + "b",
        "x" * 2000,
        _LONG_THAI.strip(),
        "looks =?utf-8?q?encoded?=",
        "two  spaces",
        "control \x07 character",
        "😀" * 100,
        "tab\there",
        "e\u0301",
    ],
)
def test_text_comes_back(text: str) -> None:
    value = _value(text_field("Subject", text))
    assert value.isascii()
    assert all(len(line) <= 78 for line in value.split(b"\r\n")) or "x" * 100 in text
    assert as_text(value) == unicodedata.normalize("NFC", text).strip()


@pytest.mark.parametrize("breaking", ["\r\n", "\n", "\r"])
def test_no_value_begins_a_field(breaking: str) -> None:
    evil = f"a{breaking}Bcc: x@y.test"
    with pytest.raises(ComposeError):
        text_field("Subject", evil)
    with pytest.raises(ComposeError):
        raw_field("X-A", evil)
    with pytest.raises(ComposeError):
        text_field(evil, "x")
    with pytest.raises(ComposeError):
        address_field("To", (Address(evil, "a@b.test"),))
    with pytest.raises(ComposeError):
        address_field("To", (Address(None, f"a{breaking}@b.test"),))
    with pytest.raises(ComposeError):
        message_ids_field("References", (f"a@b{breaking}",))
    with pytest.raises(ComposeError):
        urls_field("List-Post", (f"mailto:a{breaking}",))
    with pytest.raises(ComposeError):
        group_field("To", (AddressGroup(evil, ()),))


@pytest.mark.parametrize("name", ["", "A B", "A:", "ก", "\0", "A" * 100, "A\t", " A"])
def test_names_that_are_no_field_names(name: str) -> None:
    with pytest.raises(ComposeError):
        text_field(name, "x")


@pytest.mark.parametrize(
    ("address", "written"),
    [
        (Address(None, "a@b.test"), b" a@b.test"),
        (Address("Plain Name", "a@b.test"), b" Plain Name <a@b.test>"),
        (Address("Last, First", "a@b.test"), b' "Last, First" <a@b.test>'),
        (Address('say "hi" \\', "a@b.test"), rb' "say \"hi\" \\" <a@b.test>'),
        (Address("", "a@b.test"), b" a@b.test"),
        (Address(None, "a@ทดสอบ.ไทย"), b" a@xn--l3cfk7dp.xn--o3cw4h"),
        (Address(None, "สมชาย@ทดสอบ.ไทย"), " สมชาย@ทดสอบ.ไทย".encode()),
        (Address(None, '"a b"@c.test'), b' "a b"@c.test'),
        (Address("=?utf-8?q?x?=", "a@b.test"), b" =?utf-8?B?PT91dGYtOD9xP3g/PQ==?= <a@b.test>"),
        (Address("Half", "somchai"), b" Half <somchai>"),
        (Address("Nobody", ""), b" Nobody <>"),
    ],
)
def test_addresses(address: Address, written: bytes) -> None:
    assert _value(address_field("To", (address,))) == written


def test_thai_names_come_back() -> None:
    people = tuple(Address(f"นายสมชาย ใจดี ตำแหน่ง ผู้อำนวยการ {n}", f"p{n}@x.test") for n in range(50))
    value = _value(address_field("To", people))
    assert value.isascii()
    assert as_addresses(value) == people


@pytest.mark.parametrize(
    "email", ["a@b.test, c@d.test", "a@b>", "<a@b>", "a b@c.test", "a@b.test;", "\0", "a\u2028@b", "x" * 400]
)
def test_what_is_no_address(email: str) -> None:
    with pytest.raises(ComposeError):
        address_field("To", (Address("Name", email),))


def test_groups_come_back() -> None:
    groups = (
        AddressGroup(None, (Address("A", "a@x.test"),)),
        AddressGroup("คณะกรรมการ", (Address(None, "b@x.test"), Address("C", "c@x.test"))),
        AddressGroup("undisclosed-recipients", ()),
        AddressGroup(None, (Address(None, "d@x.test"),)),
    )
    assert as_grouped_addresses(_value(group_field("To", groups))) == groups


def test_ids_urls_dates() -> None:
    ids = tuple(f"{n}.abc@x.test" for n in range(40))
    assert as_message_ids(_value(message_ids_field("References", ids))) == ids
    urls = ("https://x.test/a?b=c", "mailto:a@x.test")
    assert as_urls(_value(urls_field("List-Unsubscribe", urls))) == urls
    assert (
        _value(date_field("Date", datetime(2026, 11, 24, tzinfo=UTC))) == b" Tue, 24 Nov 2026 00:00:00 +0000"
    )
    with pytest.raises(ComposeError):
        date_field("Date", datetime(2026, 11, 24))  # noqa: DTZ001
    for item in ("", "a b@c", "a>@b", "ก@ข", "x" * 1000):
        with pytest.raises(ComposeError):
            message_ids_field("References", (item,))
    with pytest.raises(ComposeError):
        urls_field("List-Post", ("https://x.test/a b",))


def test_raw_values() -> None:
    assert _value(raw_field("X-A", "b")) == b" b"
    assert _value(raw_field("X-A", " b\r\n\tc")) == b" b\r\n\tc"
    for value in ("a\r\n \r\n b", "a\r\nb", "a\r\n", "\0", "ก", "x" * 1000):
        with pytest.raises(ComposeError):
            raw_field("X-A", value)
