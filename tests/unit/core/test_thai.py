"""Thai words: all of them, on whole letters, in one spelling."""

from __future__ import annotations

import unicodedata

import pytest

from pirab.core.thai import Dictionary, dictionary, fold_thai, letters, uncovered

WORDS = Dictionary(frozenset({"ตา", "ตาก", "กลม", "ลม", "กม", "สาม", "สามารถ", "รถ", "ประชุม"}))


def folded(text: str) -> str:
    return fold_thai(unicodedata.normalize("NFKC", text))


def test_every_word_is_found_words_inside_words_too() -> None:
    assert {word for word, _, _ in WORDS.words_in("ตากลม")} == {"ตา", "ตาก", "กลม", "ลม"}


@pytest.mark.parametrize(
    ("text", "absent"), [("เกม", "กม"), ("กมีน", "กม"), ("สามารถ", "สาม"), ("โกม่า", "กม")]
)
def test_a_word_stands_on_whole_letters(text: str, absent: str) -> None:
    assert absent not in {word for word, _, _ in WORDS.words_in(text)}


def test_places_are_counted_in_characters() -> None:
    assert WORDS.words_in("😀 x ลม") == [("ลม", 4, 6)]


@pytest.mark.parametrize(
    "spelling",
    ["น้ำ", "น\u0e49\u0e4d\u0e32", "น\u0e4d\u0e49\u0e32", "น\u0e4d\u0e32\u0e49", "น\u0e33\u0e49"],
)
def test_sara_am_has_one_spelling(spelling: str) -> None:
    assert folded(spelling) == "น\u0e49\u0e33"


def test_other_slips_of_the_keyboard_are_mended() -> None:
    assert folded("เเม่") == "แม่"
    assert folded("ท\u0e48\u0e35") == "ท\u0e35\u0e48"
    assert folded("๒๕๖๙") == "2569"


def test_letters_keep_their_marks() -> None:
    assert letters("เกี่ยวข้อง") == ["เกี่", "ย", "ว", "ข้", "อ", "ง"]
    assert letters("") == []
    assert "".join(letters("้้าเเ")) == "้้าเเ"


def test_what_no_word_covers_is_a_gap() -> None:
    text = "ตากฆฆลม ฆ x ตา"
    gaps = [text[start:end] for start, end in uncovered(text, WORDS.words_in(text))]
    assert gaps == ["ฆฆ", "ฆ"]


def test_unfinished_words_begin_before_the_gap() -> None:
    text = "ลมประช"
    gap = text.index("ช")
    assert WORDS.unfinished_words(text, gap, len(text))[-1] == "ประช"
    assert WORDS.unfinished_words("xช", 1, 2) == []


def test_the_dictionary_knows_the_government() -> None:
    words = dictionary()
    assert len(words) > 80_000
    assert {"หนังสือ", "ราชการ", "ราชกิจจานุเบกษา"} <= {
        word for word, _, _ in words.words_in("หนังสือราชการราชกิจจานุเบกษา")
    }
