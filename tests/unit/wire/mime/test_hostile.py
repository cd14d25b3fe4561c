"""Messages made to hurt: huge, deep, endless, binary. Size limits are checked by counting, never by the
clock."""

import random

import pytest

from pirab.wire.mime import ParseLimits, decode_part, header_fields, parse_message, part_text
from tests.unit.wire.trees import assert_ranges_fit, leaves_of, parts_of


def _nested(depth: int) -> bytes:
    levels = (b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(depth))
    return b"".join(levels) + b"\r\nthe middle\r\n"


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\0",
        b"\r\n",
        b"\n\n\n",
        b":",
        b" ",
        b"\xff\xfe" * 100,
        b"A" * 100_000,
        b"Subject",
        b"Subject:",
        b"--b--",
        b'Content-Type: multipart/mixed; boundary="\r\n\r\n--\r\n',
        b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b",
        b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b--",
        b"Content-Type:multipart/mixed;boundary=b\n\n" + b"--b\n" * 5,
        b"\0\0\0Subject: x\0y\r\n\r\n\0",
        b"Subject: " + b"\0" * 1000 + b"\r\n\r\n",
        bytes(range(256)) * 20,
    ],
)
def test_anything_is_a_message(raw: bytes) -> None:
    message = parse_message(raw)
    assert_ranges_fit(message.root, len(raw))
    assert "\0" not in repr(message).replace("\\x00", "")
    assert "\0" not in (message.subject or "") + message.preview + message.search_text.body


def test_random_octets_are_messages() -> None:
    source = random.Random(1)
    pieces = [
        b"\r\n",
        b"\n",
        b"--b",
        b"--",
        b"Content-Type: multipart/mixed; boundary=b",
        b"\0",
        b"\xe0\xb8",
        b": ",
        b"=?utf-8?B?",
        b"?=",
    ]
    for _ in range(500):
        raw = b"".join(source.choice(pieces) for _ in range(source.randrange(60)))
        assert_ranges_fit(parse_message(raw).root, len(raw))


def test_a_hundred_thousand_header_fields() -> None:
    raw = b"".join(b"X-%d: v\r\n" % n for n in range(100_000)) + b"Subject: last\r\n\r\nbody"
    message = parse_message(raw)
    assert (message.subject, message.preview) == ("last", "body")
    assert len(header_fields(raw, message.root)) == 100_001


def test_one_field_of_a_million_lines() -> None:
    raw = b"Subject: a" + b"\r\n b" * 1_000_000 + b"\r\n\r\nbody"
    message = parse_message(raw)
    assert message.preview == "body"
    assert len(message.subject or "") > 40_000
    assert {"header-too-long", "header-field-too-long"} <= set(message.defects)


def test_millions_of_fields_are_header_and_are_not_all_read() -> None:
    raw = b"Subject: first\n" + b"a:\n" * 2_000_000 + b"Subject: last\n\nbody"
    message = parse_message(raw)
    assert (message.subject, message.preview) == ("first", "body")
    assert "header-too-long" in message.defects
    assert len(header_fields(raw, message.root)) < 800_000
    assert_ranges_fit(message.root, len(raw))


def test_many_parts_with_long_headers_share_one_budget() -> None:
    part = b"--b\nContent-Type: text/html\n" + b"a:\n" * 20_000 + b"\n<p>x\n"
    raw = b"Content-Type: multipart/mixed; boundary=b\n\n" + part * 200 + b"--b--\n"
    message = parse_message(raw)
    assert [part.type for part in leaves_of(message.root)] == ["text/html"] * 200
    assert_ranges_fit(message.root, len(raw))


def test_a_boundary_after_thousands_of_false_ones_is_found() -> None:
    false = b"--c\n--bb\n--b--x\n-- b\n" * 5_000
    raw = (
        b"Content-Type: multipart/mixed; boundary=b\n\n--b\n\n"
        + false
        + b"--b \t\r\n\ntwo\n"
        + false
        + b"--b--\t\nepilogue"
    )
    message = parse_message(raw)
    assert [part.size for part in leaves_of(message.root)] == [len(false) - 1, len(b"two\n" + false) - 1]
    assert message.defects == ()


def test_octets_of_another_charset_in_a_boundary() -> None:
    raw = (
        b'Content-Type: multipart/mixed; boundary="\xa1\xd1\xb9"\n\n--\xa1\xd1\xb9\n\none\n--\xa1\xd1\xb9--\n'
    )
    assert [decode_part(raw, part) for part in leaves_of(parse_message(raw).root)] == [b"one"]


def test_endless_pieces_of_encodings() -> None:
    for encoding, piece in (
        (b"base64", b"QQ=="),
        (b"base64", b"="),
        (b"x-uuencode", b"!\n"),
        (b"quoted-printable", b"=\r"),
        (b"quoted-printable", b"= \n"),
    ):
        raw = b"Content-Transfer-Encoding: " + encoding + b"\n\n" + piece * 200_000
        root = parse_message(raw).root
        assert root.size == len(decode_part(raw, root))


def test_ten_thousand_parts_stop_at_the_limit_and_lose_nothing() -> None:
    raw = b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * 10_000 + b"--b--\n"
    message = parse_message(raw)
    leaves = leaves_of(message.root)
    assert len(list(parts_of(message.root))) == ParseLimits().max_parts + 1
    assert leaves[-1].type == "application/octet-stream"
    assert leaves[-1].body_end == len(raw)
    assert "too-many-parts" in message.defects
    assert_ranges_fit(message.root, len(raw))
    wide = parse_message(raw, ParseLimits(max_parts=20_000))
    assert len(leaves_of(wide.root)) == 10_000


@pytest.mark.parametrize("limit", [3, 50, 1_000_000])
def test_a_thousand_levels_end_in_an_opaque_leaf(limit: int) -> None:
    raw = _nested(1000)
    message = parse_message(raw, ParseLimits(max_depth=limit))
    (leaf,) = leaves_of(message.root)
    assert leaf.type == "application/octet-stream"
    assert b"the middle" in decode_part(raw, leaf)
    assert len(list(parts_of(message.root))) == min(limit, 200) + 1
    assert "too-deep" in message.defects


def test_parts_without_empty_lines_are_read_once() -> None:
    """Each header block runs into the next boundary: a reader that looks for the empty line each time is
    quadratic."""
    raw = b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\nX: y\n" * 200_000
    message = parse_message(raw, ParseLimits(max_parts=500_000))
    assert len(message.root.sub_parts) == 200_000


def test_lines_that_look_like_boundaries() -> None:
    raw = b"Content-Type: multipart/mixed; boundary=b\n\n--b\n\n" + b"--c\n" * 500_000 + b"--b--\n"
    (leaf,) = leaves_of(parse_message(raw).root)
    assert leaf.size == 500_000 * 4 - 1


@pytest.mark.parametrize(
    "value",
    [
        b"multipart/mixed" + b"; boundary=b" * 50_000,
        b"text/plain; name*0=" + b"x" * 100_000,
        b"text/plain" + b"".join(b"; name*%d*=%%e0" % n for n in range(20_000)),
        b"text/plain; name=" + b"=?utf-8?q?" * 50_000,
        b"text/plain; charset=" + b"(" * 100_000,
        b'text/plain; name="' + b'\\"' * 100_000,
        b";" * 200_000,
        b"text/plain" + b"; " * 100_000,
        b"text/plain; name*999999999999999999=x",
        b"text/plain; charset=\xff\xfe\x00",
    ],
)
def test_hostile_content_types(value: bytes) -> None:
    for name in (b"Content-Type", b"Content-Disposition"):
        raw = name + b": " + value + b"\r\n\r\nbody"
        assert_ranges_fit(parse_message(raw).root, len(raw))


@pytest.mark.parametrize(
    "name", [b"From", b"To", b"Subject", b"Date", b"References", b"Message-ID", b"Content-ID"]
)
@pytest.mark.parametrize(
    "value",
    [
        b"<" * 200_000,
        b'"' * 100_001,
        b'"\\"' * 50_000,
        b"(" * 200_000,
        b"a@b," * 50_000,
        b"=?utf-8?B?" * 30_000,
        b"=?" * 100_000,
        b"a:" * 50_000 + b";" * 50_000,
        b" " * 200_000 + b"x",
        b"\xe0\xb8" * 50_000,
        b"@" * 100_000 + b":<",
        b"<@" * 100_000,
        b"[" * 100_000,
    ],
)
def test_hostile_header_values(name: bytes, value: bytes) -> None:
    parse_message(name + b": " + value + b"\r\n\r\n")


def test_a_charset_nobody_may_choose() -> None:
    """Python knows text codecs that a message must not be able to call."""
    for label in (
        b"unicode_escape",
        b"idna",
        b"punycode",
        b"raw_unicode_escape",
        b"undefined",
        b"rot13",
        b"zip",
        b"mbcs",
    ):
        raw = b"Content-Type: text/plain; charset=" + label + b"\r\n\r\n\\u0000abc-"
        decoded = part_text(raw, parse_message(raw).root)
        assert decoded.text == "\\u0000abc-"
        assert decoded.is_encoding_problem


def test_a_large_attachment_is_counted_and_not_decoded() -> None:
    line = b"QUJD" * 19 + b"\r\n"
    raw = b"Content-Type: application/zip\r\nContent-Transfer-Encoding: base64\r\n\r\n" + line * 100_000
    root = parse_message(raw).root
    assert root.size == 57 * 100_000 == len(decode_part(raw, root))


def test_a_large_text_is_read_only_as_far_as_needed() -> None:
    for encoding, body in (
        (b"8bit", "กขค\n".encode() * 1_000_000),
        (b"quoted-printable", b"=E0=B8=81\n" * 300_000),
    ):
        raw = (
            b"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: "
            + encoding
            + b"\n\n"
            + body
        )
        found = parse_message(raw, ParseLimits(max_search_chars=1000)).search_text.body
        assert len(found) == 1000
        assert "\ufffd" not in found


def test_every_prefix_of_a_message_is_a_message() -> None:
    raw = (
        b'From: "a" <a@b>\r\nContent-Type: multipart/mixed; boundary="b"\r\n\r\n'
        b"--b\r\nContent-Type: text/html\r\n\r\n<p>=?x\r\n--b--\r\n"
    )
    for end in range(len(raw)):
        assert_ranges_fit(parse_message(raw[:end]).root, end)
