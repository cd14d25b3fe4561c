"""Parameters of the SMTP dialogue with Postfix."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pirab.submission.handover import Path, path_of, utf8_xtext, xtext
from pirab.submission.preparation import clean_line_ends


@given(st.text(st.characters(max_codepoint=127)))
def test_xtext_is_one_word_without_surprises(text: str) -> None:
    encoded = xtext(text)
    assert all(33 <= ord(char) <= 126 and char != "=" for char in encoded)
    assert re.sub(r"\+([0-9A-F]{2})", lambda found: chr(int(found[1], 16)), encoded) == text


def test_xtext_examples() -> None:
    assert xtext("a+b=c d") == "a+2Bb+3Dc+20d"
    assert xtext("plain@x.test") == "plain@x.test"


def test_international_addresses_keep_their_letters() -> None:
    assert utf8_xtext("สมชาย@xn--x.test") == "สมชาย@xn--x.test"
    assert utf8_xtext("a+b\\ c=d") == "a\\x{2B}b\\x{5C}\\x{20}c\\x{3D}d"


@pytest.mark.parametrize(
    ("address", "path"),
    [
        ("a@X.test", "a@x.test"),
        ("info@ทดสอบ.test", "info@xn--l3cfk7dp.test"),
        ('"john smith"@x.test', '"john smith"@x.test'),
        ('"plain"@x.test', "plain@x.test"),
    ],
)
def test_only_the_local_part_decides_about_smtputf8(address: str, path: str) -> None:
    assert path_of(address) == Path(path)
    assert not path_of(address).needs_utf8


def test_a_thai_local_part_needs_smtputf8() -> None:
    assert path_of("สมชาย@ทดสอบ.test").needs_utf8


@given(st.binary())
def test_every_line_end_is_crlf_and_nothing_else_changes(raw: bytes) -> None:
    cleaned = clean_line_ends(raw)
    assert cleaned.count(b"\r\n") == cleaned.count(b"\n") == cleaned.count(b"\r")
    assert cleaned.replace(b"\r\n", b"") == raw.replace(b"\r", b"").replace(b"\n", b"")
    assert clean_line_ends(cleaned) == cleaned


def test_a_clean_message_is_not_copied() -> None:
    raw = b"Subject: x\r\n\r\nbody\r\n"
    assert clean_line_ends(raw) is raw
