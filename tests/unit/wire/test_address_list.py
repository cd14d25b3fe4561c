"""Address lists, proper and improper."""

import pytest

from pirab.wire.headers import as_addresses
from pirab.wire.types import Address


def _one(name: str | None, email: str) -> tuple[Address, ...]:
    return (Address(name, email),)


@pytest.mark.parametrize(
    ("value", "addresses"),
    [
        (b"a@b.test", _one(None, "a@b.test")),
        (b" <a@b.test> ", _one(None, "a@b.test")),
        (b"Name <a@b.test>", _one("Name", "a@b.test")),
        (b'"Last, First" <a@b.test>', _one("Last, First", "a@b.test")),
        (rb'"say \"hi\" \\" <a@b.test>', _one('say "hi" \\', "a@b.test")),
        (b"a@b.test (Com (nested) ment)", _one("Com (nested) ment", "a@b.test")),
        (b"Name (comment) <a@b.test>", _one("Name", "a@b.test")),
        (b"Mr. A. Name <a@b.test>", _one("Mr. A. Name", "a@b.test")),
        ("สมชาย ใจดี <a@b.test>".encode(), _one("สมชาย ใจดี", "a@b.test")),
        ("สมชาย ใจดี <a@b.test>".encode("tis-620"), _one("สมชาย ใจดี", "a@b.test")),
        ('"สมชาย" <สมชาย@ทดสอบ.ไทย>'.encode(), _one("สมชาย", "สมชาย@ทดสอบ.ไทย")),
        (b"=?utf-8?Q?a,_b?= <a@b.test>", _one("a, b", "a@b.test")),
        (b"=?utf-8?Q?a,b?= <a@b.test>", _one("a,b", "a@b.test")),
        (b'"=?utf-8?Q?quoted?=" <a@b.test>', _one("quoted", "a@b.test")),
        (b'"local part"@b.test', _one(None, '"local part"@b.test')),
        (b'Name <"local part"@b.test>', _one("Name", '"local part"@b.test')),
        (b"<@relay.test,@two.test:a@b.test>", _one(None, "a@b.test")),
        (b"a@[192.0.2.1]", _one(None, "a@[192.0.2.1]")),
        (b"a @ b.test", _one(None, "a@b.test")),
        (b"Name <a@b.test", _one("Name", "a@b.test")),
        (b"Name", _one(None, "Name")),
        (b"Only A Name", _one("Only A Name", "")),
        (b"a@x.test, b@x.test", _one(None, "a@x.test") + _one(None, "b@x.test")),
        (b"a@x.test; b@x.test", _one(None, "a@x.test") + _one(None, "b@x.test")),
        (b"A <a@x.test> B <b@x.test>", _one("A", "a@x.test") + _one("B", "b@x.test")),
        (b",,a@x.test,,", _one(None, "a@x.test")),
        (b"undisclosed-recipients:;", ()),
        (
            b"g: a@x.test, B <b@x.test>;, c@x.test",
            _one(None, "a@x.test") + _one("B", "b@x.test") + _one(None, "c@x.test"),
        ),
        (b"", ()),
        (b"<>", ()),
        (b'"unclosed <a@b.test>', _one("unclosed", "a@b.test")),
        (b'"a \\" <a@b.test>, "c" <c@d.test>', _one('a " <a@b.test>, c', "c@d.test")),
        (b"A <a@x.test> trailing, b@x.test", _one("A", "a@x.test") + _one(None, "b@x.test")),
        (b"x\0y <a@b.test>", _one("x\ufffdy", "a@b.test")),
    ],
)
def test_reading(value: bytes, addresses: tuple[Address, ...]) -> None:
    assert as_addresses(value) == addresses


def test_folding_inside_names_and_groups() -> None:
    assert as_addresses(b" A\r\n  B <a@x.test>,\r\n\tC <c@x.test>") == (
        Address("A B", "a@x.test"),
        Address("C", "c@x.test"),
    )


def test_a_name_with_a_hidden_line_break_is_one_line() -> None:
    assert as_addresses(b"=?utf-8?Q?a=0D=0Ab?= <a@x.test>") == (Address("a b", "a@x.test"),)


def test_ten_thousand_recipients() -> None:
    value = b", ".join(b'"Person, %d" <p%d@x.test>' % (n, n) for n in range(10_000))
    found = as_addresses(value)
    assert len(found) == 10_000
    assert found[-1] == Address("Person, 9999", "p9999@x.test")
