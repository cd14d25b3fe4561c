"""RFC 2047 as it is written in the world."""

import base64

import pytest

from pirab.wire.encoded_words import decode_words, encode_words
from pirab.wire.headers import as_text

_WORD = "ประชุม"


def _b(data: bytes, charset: str = "utf-8") -> bytes:
    return b"=?%s?B?%s?=" % (charset.encode(), base64.b64encode(data))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (b"=?iso-8859-1?q?this_is_some=20text?=", "this is some text"),  # rfc2047#8
        (b"(=?ISO-8859-1?Q?a?=)", "(a)"),
        (b"(=?ISO-8859-1?Q?a?= b)", "(a b)"),
        (b"(=?ISO-8859-1?Q?a?= =?ISO-8859-1?Q?b?=)", "(ab)"),
        (b"(=?ISO-8859-1?Q?a?=  \r\n  =?ISO-8859-1?Q?b?=)", "(ab)"),
        (b"(=?ISO-8859-1?Q?a_b?=)", "(a b)"),
        (b"(=?ISO-8859-1?Q?a?= =?ISO-8859-2?Q?_b?=)", "(a b)"),
        (b"=?utf-8*en?q?tagged?=", "tagged"),  # rfc2231#5
        (_b(_WORD.encode()), _WORD),
        (_b(_WORD.encode("tis-620"), "tis-620"), _WORD),
        (_b(_WORD.encode("tis-620"), "utf-8"), _WORD),
        (_b(_WORD.encode(), "us-ascii"), _WORD),
        (_b(_WORD.encode(), "no-such"), _WORD),
        (_WORD.encode(), _WORD),
        (_WORD.encode("tis-620"), _WORD),
        (b"x" + _b(_WORD.encode()) + b"y", f"x{_WORD}y"),
        (b"=?utf-8?B?broken", "=?utf-8?B?broken"),
        (b"=?utf-8?X?abc?=", "=?utf-8?X?abc?="),
        (b"=?utf-8?Q??=", ""),
        (b"=?utf-8?B?4Liq?4?=", "=?utf-8?B?4Liq?4?="),
        (b"=?utf-8?B?4LiqA?=", "ส"),
        (b"=?utf-8?Q?with spaces inside?=", "with spaces inside"),
        (b"=?utf-8?Q?=00?=", "\ufffd"),
    ],
)
def test_decoding(value: bytes, text: str) -> None:
    assert decode_words(value) == text


def test_a_character_cut_between_two_words_becomes_whole() -> None:
    data = "ก".encode()
    assert decode_words(_b(data[:1]) + b" " + _b(data[1:])) == "ก"
    assert decode_words(b"=?utf-8?Q?=E0=B8?=\r\n =?UTF-8?Q?=81?=") == "ก"


def test_line_breaks_hidden_in_words_do_not_come_out() -> None:
    assert as_text(b" =?utf-8?Q?a=0D=0ABcc:_evil?=") == "a Bcc: evil"


@pytest.mark.parametrize("text", ["", "a", _WORD * 100, "😀" * 50, "a" * 500, "\t mixed ข้อความ \x07"])
def test_encoding_comes_back(text: str) -> None:
    words = encode_words(text)
    assert all(len(word) <= 75 and word.isascii() for word in words)
    assert decode_words("\r\n ".join(words).encode()) == text


def test_each_word_stands_alone() -> None:
    """rfc2047#5: no character is cut between words."""
    for word in encode_words("😀ก" * 60):
        assert "\ufffd" not in decode_words(word.encode())
