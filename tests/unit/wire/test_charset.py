"""Text from octets whose label is missing, unknown or wrong."""

import pytest

from pirab.wire.charset import clean, codec_of, decode, decode_unlabelled, looks_thai
from pirab.wire.mime import parse_message, part_text

_THAI = "ขอเชิญประชุมคณะกรรมการ ณ ห้องประชุมชั้น ๓ วันที่ ๒๔ พฤศจิกายน ๒๕๖๙"
_FRENCH = "Réunion à l'hôtel de ville où l'été s'achève, naïve et forcée"
_RUSSIAN = "Приглашаем вас на заседание комиссии"
_TIS = _THAI.encode("tis-620")


@pytest.mark.parametrize(
    "label", ["tis-620", "TIS620", "windows-874", "cp874", "ISO-8859-11", "x-mac-thai", '"tis-620"']
)
def test_names_of_the_thai_charset(label: str) -> None:
    decoded = decode(_TIS, label)
    assert (decoded.text, decoded.is_encoding_problem) == (_THAI, False)


@pytest.mark.parametrize(
    ("data", "label", "text"),
    [
        (_TIS, None, _THAI),
        (_TIS, "us-ascii", _THAI),
        (_TIS, "utf-8", _THAI),
        (_TIS, "iso-8859-1", _THAI),
        (_TIS, "windows-1252", _THAI),
        (_TIS, "unknown-8bit", _THAI),
        (_TIS, "x-user-defined", _THAI),
        (_THAI.encode(), "tis-620", _THAI),
        (_THAI.encode(), "iso-8859-1", _THAI),
        (_THAI.encode(), None, _THAI),
        (_THAI.encode(), "windows-874", _THAI),
        (_FRENCH.encode("latin-1"), "utf-8", _FRENCH),
        (_FRENCH.encode("latin-1"), None, _FRENCH),
        (_RUSSIAN.encode(), "us-ascii", _RUSSIAN),
    ],
)
def test_wrong_labels_are_seen_through_and_reported(data: bytes, label: str | None, text: str) -> None:
    decoded = decode(data, label)
    assert (decoded.text, decoded.is_encoding_problem) == (text, True)


@pytest.mark.parametrize(
    ("text", "label"),
    [
        (_FRENCH, "iso-8859-1"),
        ("€ “quoted” – dash", "windows-1252"),
        (_RUSSIAN, "koi8-r"),
        (_RUSSIAN, "windows-1251"),
        ("会議のお知らせ", "iso-2022-jp"),
        ("会議のお知らせ", "shift_jis"),
        ("会议通知", "gb2312"),
        ("會議通知", "big5"),
        ("회의 안내", "ks_c_5601-1987"),
        (_THAI, "utf-16"),
        (_THAI, "utf-7"),
        ("plain", "us-ascii"),
        ("plain", "utf-8"),
    ],
)
def test_right_labels_are_believed(text: str, label: str) -> None:
    codec = codec_of(label)
    assert codec is not None
    decoded = decode(text.encode(codec), label)
    assert (decoded.text, decoded.is_encoding_problem) == (text, False)


def test_short_thai_words() -> None:
    for word in ("ด่วน", "เรื่อง", "ที่", "สวัสดีครับ", "นายสมชาย ใจดี", "ส่งเอกสารให้แล้วนะคะ"):
        assert decode_unlabelled(word.encode("tis-620")) == word


@pytest.mark.parametrize("text", [_FRENCH, "Ærø Ångström", "über Straße"])
def test_latin_text_does_not_look_thai(text: str) -> None:
    assert not looks_thai(text.encode("latin-1"))


@pytest.mark.parametrize(
    ("text", "codec"), [(_RUSSIAN, "koi8-r"), ("會議通知，敬請參加", "big5"), ("会议通知", "gb2312")]
)
def test_other_writing_does_not_look_thai(text: str, codec: str) -> None:
    assert not looks_thai(text.encode(codec))


def test_damaged_text_gives_what_can_be_had() -> None:
    cut = decode(_THAI.encode()[:-1], "utf-8")
    assert cut.text == _THAI[:-1] + "\ufffd"
    assert cut.is_encoding_problem
    assert decode(b"\x81\x8d", "windows-1252").text == "\x81\x8d"
    assert decode(b"\xff\xff", "euc-jp").is_encoding_problem


def test_strings_are_fit_for_the_database() -> None:
    assert clean("a\0b") == "a\ufffdb"
    assert clean("a\ud800b") == "a\ufffdb"
    assert decode(b"+2AA-", "utf-7").text == "\ufffd"
    assert decode(b"a\0b", "utf-8").text == "a\ufffdb"


@pytest.mark.parametrize(
    "label", ["zip", "hex", "rot13", "unicode_escape", "idna", "punycode", "", "\0", "x" * 10_000]
)
def test_labels_that_are_no_charsets(label: str) -> None:
    assert codec_of(label) is None


def test_a_body_in_tis620_that_says_it_is_latin() -> None:
    raw = b"Content-Type: text/plain; charset=iso-8859-1\nContent-Transfer-Encoding: 8bit\n\n" + _TIS
    message = parse_message(raw)
    assert part_text(raw, message.root).text == _THAI
    assert message.preview == _THAI


def test_line_ends_come_as_line_feeds() -> None:
    raw = b"Content-Type: text/plain\r\n\r\none\r\ntwo\rthree\r\n"
    assert part_text(raw, parse_message(raw).root).text == "one\ntwo\rthree\n"


def test_an_unknown_transfer_encoding_is_a_problem_of_the_text() -> None:
    raw = b"Content-Transfer-Encoding: rot13\r\n\r\nuryyb"
    decoded = part_text(raw, parse_message(raw).root)
    assert (decoded.text, decoded.is_encoding_problem) == ("uryyb", True)
