"""MIME parameters: RFC 2231, RFC 2047 where it should not be, and what people write instead."""

import pytest

from pirab.wire.mime import parse_message
from pirab.wire.parameters import parse_disposition, parse_media_type

_NAME = "หนังสือเชิญ.pdf"
_PERCENT = "".join(f"%{octet:02X}" for octet in _NAME.encode())


def _file_name(value: bytes) -> str | None:
    return parse_message(b"Content-Disposition: " + value + b"\r\n\r\n").root.name


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (b'attachment; filename="a b.pdf"', "a b.pdf"),
        (b"attachment; filename=a.pdf; size=5", "a.pdf"),
        (b"attachment; filename=my file.pdf", "my file.pdf"),
        (b"attachment; FileName = 'a.pdf'", "'a.pdf'"),
        (rb'attachment; filename="C:\temp\a.pdf"', r"C:\temp\a.pdf"),
        (rb'attachment; filename="say \"x\".pdf"', 'say "x".pdf'),
        (b'attachment; filename="unclosed.pdf', "unclosed.pdf"),
        (b"attachment; filename*=utf-8''" + _PERCENT.encode(), _NAME),
        (b"attachment; filename*=UTF-8'th'" + _PERCENT.encode(), _NAME),
        (b"attachment; filename*0*=utf-8''%E0%B8; filename*1*=%81; filename*2=.pdf", "ก.pdf"),
        (b"attachment; filename*1=b.pdf; filename*0=a", "ab.pdf"),
        (b"attachment; filename=fallback.pdf; filename*=utf-8''" + _PERCENT.encode(), _NAME),
        (b"attachment; filename*=tis-620''%A1.pdf", "ก.pdf"),
        (b"attachment; filename*=''" + _PERCENT.encode(), _NAME),
        (b"attachment; filename*=" + _PERCENT.encode(), _NAME),
        (b"attachment; filename*=utf-8''%ZZ%", "%ZZ%"),
        (b'attachment; filename="=?utf-8?B?4LiB?=.pdf"', "ก.pdf"),
        (b'attachment; filename="=?utf-8?B?4LiB?=\r\n =?utf-8?B?4LiC?="', "กข"),
        (b"attachment; filename==?utf-8?B?4LiB?=", "ก"),
        (b'attachment; filename="' + _NAME.encode() + b'"', _NAME),
        (b'attachment; filename="' + _NAME.encode("tis-620") + b'"', _NAME),
        (b'attachment; filename="../../etc/passwd"', "../../etc/passwd"),
        (b"attachment; filename*=utf-8''a%00b%0d%0a", "a\ufffdb\r\n"),
        (b"filename=a.pdf", "a.pdf"),
        (b"attachment", None),
        (b'attachment; filename=""', None),
    ],
)
def test_file_names(value: bytes, name: str | None) -> None:
    assert _file_name(value) == name


def test_the_name_of_the_content_type_is_second_choice() -> None:
    raw = b"Content-Type: application/pdf; name=two.pdf\r\nContent-Disposition: inline; filename=one.pdf\r\n\r\n"
    assert parse_message(raw).root.name == "one.pdf"
    assert parse_message(raw.replace(b"; filename=one.pdf", b"")).root.name == "two.pdf"


@pytest.mark.parametrize(
    ("value", "kind", "charset"),
    [
        (b"text/plain; charset=us-ascii (Plain text)", "text/plain", "us-ascii"),  # rfc2045#5.1
        (b'TEXT/Html; Charset="UTF-8"', "text/html", "utf-8"),
        (b"text / html;charset=tis-620", "text/html", "tis-620"),
        (b"text", "text/plain", "us-ascii"),
        (b"text/plain; charset", "text/plain", "us-ascii"),
        (b"text/html charset=utf-8", "text/html", "us-ascii"),
        (b"image/png", "image/png", None),
        (b"application/xml; charset=utf-8", "application/xml", "utf-8"),
        (b"", "text/plain", "us-ascii"),
        (b"/", "text/plain", "us-ascii"),
        (b"application/octet-stream\r\n ;\r\n name=x", "application/octet-stream", None),
    ],
)
def test_media_types(value: bytes, kind: str, charset: str | None) -> None:
    root = parse_message(b"Content-Type: " + value + b"\r\n\r\n").root
    assert (root.type, root.charset) == (kind, charset)


def test_without_a_content_type_it_is_plain_ascii() -> None:
    root = parse_message(b"\r\nx").root
    assert (root.type, root.charset) == ("text/plain", "us-ascii")


def test_the_first_of_two_equal_parameters_wins() -> None:
    media = parse_media_type(b"text/plain; charset=utf-8; charset=tis-620")
    assert media is not None
    assert media.parameters == {"charset": "utf-8"}


def test_other_properties_of_a_part() -> None:
    raw = (
        b"Content-ID: <a@b>\r\nContent-Language: th, en\r\nContent-Location: http://x.test/\r\n a.png\r\n"
        b"Content-Disposition: INLINE\r\nContent-Type: image/png\r\n\r\n"
    )
    root = parse_message(raw).root
    assert (root.cid, root.language, root.location, root.disposition) == (
        "a@b",
        ("th", "en"),
        "http://x.test/a.png",
        "inline",
    )
    bare = parse_message(b"Content-ID: plain\r\nContent-Language: ,\r\nContent-Location:\r\n\r\n").root
    assert (bare.cid, bare.language, bare.location) == ("plain", None, None)


def test_no_disposition_at_all() -> None:
    assert parse_disposition(b" ") is None
    assert parse_media_type(b"\0") is None
