"""Content transfer encodings, and sizes known without decoding."""

import base64

import pytest

from pirab.wire.mime import decode_part, parse_message
from pirab.wire.mime.transfer import decode_octets, decoded_size


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"", b""),
        (b"QUJD", b"ABC"),
        (b"QU\r\nJD\r\n", b"ABC"),
        (b" Q U J D ", b"ABC"),
        (b"QUI=", b"AB"),
        (b"QUI", b"AB"),
        (b"QQ==", b"A"),
        (b"QQ", b"A"),
        (b"Q", b""),
        (b"QUJDQ", b"ABC"),
        (b"QU*JD\xff", b"ABC"),
        (b"QUI=\r\nQUI=\r\n", b"ABAB"),
        (b"QQ==\r\n\r\n_______\r\nlist footer: http://x.test\r\n", b"A"),
        (b"====", b""),
        (b"=QUJD", b"ABC"),
        (b"QUJD====", b"ABC"),
        (b"QU\x0bJD", b"ABC"),
        (b"QUI=QUI=", b"ABAB"),
        (b"QUJD\tQU\nI", b"ABCAB"),
    ],
)
def test_base64_leniently(body: bytes, expected: bytes) -> None:
    assert decode_octets(body, "base64") == expected
    assert decoded_size(body, 0, len(body), "base64") == len(expected)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"a=3Db", b"a=b"),
        (b"soft=\r\nbreak", b"softbreak"),
        (b"soft=\nbreak", b"softbreak"),
        (b"soft= \t\r\nbreak", b"softbreak"),
        (b"=e0=B8=81", "ก".encode()),
        (b"bad=ZZ", b"bad=ZZ"),
        (b"end=", b"end"),
        (b"a=\rb\nc", b"a=\rb\nc"),
        (b"line\r\nline\r\n", b"line\r\nline\r\n"),
    ],
)
def test_quoted_printable_leniently(body: bytes, expected: bytes) -> None:
    assert decode_octets(body, "quoted-printable") == expected
    assert decoded_size(body, 0, len(body), "quoted-printable") == len(expected)


def test_uuencode() -> None:
    body = b"begin 644 a.txt\n#0V%T\n`\nend\nafter\n"
    assert decode_octets(body, "x-uuencode") == b"Cat"
    assert decode_octets(b"begin 644 x\n\xff\xff\nM\n", "x-uuencode") is not None


@pytest.mark.parametrize(
    ("value", "encoding"),
    [
        (b"BASE64", "base64"),
        (b" base64 ; x=y", "base64"),
        (b"base64 (comment)", "base64"),
        (b'"quoted-printable"', "quoted-printable"),
        (b"uuencode", "x-uuencode"),
        (b"8-bit", "8bit"),
        (b"rot13", "8bit"),
        (b"", "8bit"),
    ],
)
def test_names_of_encodings(value: bytes, encoding: str) -> None:
    raw = b"Content-Transfer-Encoding: " + value + b"\r\n\r\nQUJD"
    assert parse_message(raw).root.encoding.split(";")[0] == encoding


def test_a_multipart_has_no_transfer_encoding_of_its_own() -> None:
    raw = b"Content-Type: multipart/mixed; boundary=b\nContent-Transfer-Encoding: base64\n\n--b\n\nplain\n--b--\n"
    root = parse_message(raw).root
    assert decode_part(raw, root.sub_parts[0]) == b"plain"
    assert decode_part(raw, root) == raw[root.body_start :]


def test_size_is_the_length_of_what_is_decoded() -> None:
    for length in range(200):
        body = base64.encodebytes(bytes(length))
        assert decoded_size(body, 0, len(body), "base64") == length
