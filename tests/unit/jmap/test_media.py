"""Header values made from what strangers send."""

from __future__ import annotations

from email.message import Message
from email.utils import collapse_rfc2231_value

import pytest
from hypothesis import given
from hypothesis import strategies as some

from pirab.jmap.media import OCTET_STREAM, attachment_disposition, media_type


@given(some.text(max_size=300))
def test_any_name_gives_one_safe_header(name: str) -> None:
    value = attachment_disposition(name)
    assert value.isascii()
    assert value.isprintable()
    assert value.startswith('attachment; filename="')
    assert value.count('"') == 2


@pytest.mark.parametrize(
    "name", ["สรุปการประชุม ๕/๒๕๖๙.pdf".replace("/", "_"), "a+b & 'c'.txt", "100%.txt", "ñ;=,.x"]
)
def test_a_reader_gets_the_name_back(name: str) -> None:
    message = Message()
    message["Content-Disposition"] = attachment_disposition(name).replace('filename="', 'ignored="')
    found = message.get_param("filename", header="content-disposition")
    assert isinstance(found, tuple)
    assert collapse_rfc2231_value(found) == name


@pytest.mark.parametrize("name", ["", ".", "..", "   ", "\0"])
def test_a_name_of_nothing_is_still_a_name(name: str) -> None:
    assert 'filename=""' not in attachment_disposition(name)


@pytest.mark.parametrize(
    "good", ["text/plain", "a/b;c=d", 'a/b; c="d; e"', "application/vnd.x+json", " text/html "]
)
def test_a_media_type_passes(good: str) -> None:
    assert media_type(good) == good.strip()


@pytest.mark.parametrize(
    "bad",
    [
        None,
        "",
        "text",
        "text/",
        "/plain",
        "a/b\r\nX: y",
        "a/b;",
        "a/b; c",
        "ก/ข",
        "a/b, c/d",
        "a" * 128 + "/b",
    ],
)
def test_anything_else_is_octets(bad: str | None) -> None:
    assert media_type(bad) == OCTET_STREAM
