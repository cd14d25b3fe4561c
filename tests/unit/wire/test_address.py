"""Addresses one at a time: the one spelling, and what is refused."""

import pytest

from pirab.wire.address import (
    AddressError,
    needs_smtputf8,
    normalize_address,
    normalize_domain,
    parse_mailbox,
    readable_address,
)
from pirab.wire.types import Address


@pytest.mark.parametrize(
    ("text", "local", "domain_ascii", "domain_unicode"),
    [
        ("Somchai@MOI.GO.TH", "Somchai", "moi.go.th", "moi.go.th"),
        (" a@b.test ", "a", "b.test", "b.test"),
        ("สมชาย@ทดสอบ.ไทย", "สมชาย", "xn--l3cfk7dp.xn--o3cw4h", "ทดสอบ.ไทย"),
        ("a@xn--l3cfk7dp.xn--o3cw4h", "a", "xn--l3cfk7dp.xn--o3cw4h", "ทดสอบ.ไทย"),
        ("a@ＥＸＡＭＰＬＥ.test", "a", "example.test", "example.test"),
        ("a+tag@b.test", "a+tag", "b.test", "b.test"),
        ('"a b"@c.test', "a b", "c.test", "c.test"),
        ('"ab"@c.test', "ab", "c.test", "c.test"),
        ("a@[192.0.2.1]", "a", "[192.0.2.1]", "[192.0.2.1]"),
        ("a@[IPv6:2001:DB8::1]", "a", "[IPv6:2001:db8::1]", "[IPv6:2001:db8::1]"),
        ("a@b.test.", "a", "b.test", "b.test"),
        ("e\u0301@b.test", "é", "b.test", "b.test"),
    ],
)
def test_one_spelling(text: str, local: str, domain_ascii: str, domain_unicode: str) -> None:
    address = normalize_address(text)
    assert (address.local, address.domain_ascii, address.domain_unicode) == (
        local,
        domain_ascii,
        domain_unicode,
    )
    assert normalize_address(address.readable) == address
    assert normalize_address(address.transmissible) == address


@pytest.mark.parametrize(
    "text",
    [
        "",
        "@",
        "a",
        "a@",
        "@b.test",
        "a@@b.test",
        "a@b@c.test",
        "a b@c.test",
        ".a@b.test",
        "a..b@c.test",
        "a@b..test",
        "a@-b.test",
        "a@b_c.test",
        "a@b.test\r\nBcc: x@y.test",
        "a\0@b.test",
        "a\u202e@b.test",
        "a\u200b@b.test",
        "a\ud800@b.test",
        "<a@b.test>",
        "a@[999.0.0.1]",
        "a@[192.0.2.1",
        "x" * 65 + "@b.test",
        "a@" + "x" * 64 + ".test",
        "a@" + "x.yz" * 80,
        "a@xn--zzzzzz99999.test",
        "a," + "b@c.test",
        '"a@b.test',
        "a@" + "ก" * 10_000 + ".test",
    ],
)
def test_what_is_refused(text: str) -> None:
    with pytest.raises(AddressError):
        normalize_address(text)


def test_mailboxes() -> None:
    assert parse_mailbox("สมชาย <a@b.test>") == Address("สมชาย", "a@b.test")
    assert parse_mailbox("a@b.test") == Address(None, "a@b.test")
    for text in (
        "",
        "a@b.test, c@d.test",
        "Name",
        "Name <nobody>",
        "g: a@b.test, c@d.test;",
        "a@b.test\nBcc: c@d.test",
    ):
        with pytest.raises(AddressError):
            parse_mailbox(text)


def test_smtputf8_is_needed_for_local_parts_only() -> None:
    assert not needs_smtputf8(["a@ทดสอบ.ไทย", "b@c.test"])
    assert needs_smtputf8(["b@c.test", "สมชาย@c.test"])


def test_readable() -> None:
    assert readable_address("a@xn--l3cfk7dp.xn--o3cw4h") == "a@ทดสอบ.ไทย"
    assert readable_address("a@b.test") == "a@b.test"
    assert readable_address("a@xn--\0") == "a@xn--\0"


def test_domains() -> None:
    assert normalize_domain("ทดสอบ.ไทย")[0] == "xn--l3cfk7dp.xn--o3cw4h"
    with pytest.raises(AddressError):
        normalize_domain("")
