"""How questions are read: titles, short forms, numbers, addresses, and whatever else may be typed."""

import pytest

from pirab.directory.finding.asking import LONGEST_QUESTION, MOST_SLOTS, read
from pirab.directory.finding.folding import fold, phone_numbers, sorting_key
from pirab.directory.finding.terms import joined, name_words, office_words
from pirab.directory.finding.titles import without_titles


@pytest.mark.parametrize(
    "text",
    [
        "นายสมชาย", "นาย สมชาย", "พล.ต.อ. สมชาย", "พล.ต.อ.สมชาย", "ผศ.ดร.สมชาย", "ดร.สมชาย", "คุณสมชาย", "พล.ท.สมชาย",
        "ว่าที่ ร.ต. สมชาย", "ร.อ.สมชาย", "นพ.สมชาย", "ศ.นพ.สมชาย", "พันตำรวจเอกสมชาย", "ม.ล.สมชาย", "นายแพทย์สมชาย",
    ],
)  # fmt: skip
def test_thai_titles_are_no_part_of_a_name(text: str) -> None:
    assert without_titles(fold(text)) == "สมชาย"


@pytest.mark.parametrize(
    "text", ["Mr. Somchai", "Dr.Somchai", "Pol.Gen. Somchai", "Prof. Dr. Somchai", "MS SOMCHAI"]
)
def test_latin_titles_are_no_part_of_a_name(text: str) -> None:
    assert without_titles(fold(text)) == "somchai"


@pytest.mark.parametrize("text", ["นาย", "นายก", "ดร.", "msomchai", "drew", "สมชาย"])
def test_what_is_no_title_stays(text: str) -> None:
    assert without_titles(fold(text)) == fold(text)


def test_a_word_that_may_be_a_title_is_read_both_ways() -> None:
    assert read("นายกเทศมนตรี").slots[0].spellings[0] == "นายกเทศมนตรี"
    assert "สมชาย" in read("นายสมชาย").slots[0].spellings


@pytest.mark.parametrize(
    ("text", "spelling"),
    [
        ("ผอ.กองคลัง", "ผู้อำนวยการ"),
        ("ผอกองคลัง", "ผู้อำนวยการกองคลัง"),
        ("รอง ผวจ.", "ผู้ว่าราชการจังหวัด"),
        ("ก.พ.ร.", "กพร"),
    ],
)
def test_short_forms_are_written_out(text: str, spelling: str) -> None:
    assert any(spelling in slot.spellings for slot in read(text).slots)


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("02-222-3333", ("022223333",)),
        ("+66 2 222 3333", ("022223333",)),
        ("0 2222 3333 ต่อ 1234", ("022223333", "1234")),
        ("๐๘๑ ๒๓๔", ("081234",)),
        ("12", ()),
    ],
)
def test_numbers_are_read_however_they_are_written(text: str, numbers: tuple[str, ...]) -> None:
    assert read(text).numbers == numbers
    assert read(text).slots == ()


def test_phone_numbers_keep_the_extension_by_itself() -> None:
    assert phone_numbers("+66 2222 3333 ext. 12, 081-234-5678") == ["022223333", "12", "0812345678"]


def test_an_address_is_its_local_part_and_its_domain() -> None:
    assert [slot.is_address for slot in read("somchai.j@moi.go.th").slots] == [True, True]
    assert [slot.is_address for slot in read("somchai jaidee").slots] == [False, False]


def test_a_dictionary_puts_consonants_before_leading_vowels() -> None:
    names = ["ไกร", "กานต์", "เกรียงไกร", "ขวัญ", "แก้ว"]
    assert sorted(names, key=sorting_key) == ["กานต์", "เกรียงไกร", "แก้ว", "ไกร", "ขวัญ"]


def test_a_post_and_its_unit_in_one_breath() -> None:
    assert joined("ผู้อำนวยการ", "กองคลัง") == "ผู้อำนวยการกองคลัง"
    assert joined("ผู้ว่าราชการจังหวัด", "จังหวัดเชียงใหม่") == "ผู้ว่าราชการจังหวัดเชียงใหม่"


def test_words_of_names_and_offices() -> None:
    assert name_words("นายธนินท์", "ณ อยุธยา") >= {"ธนินท์", "ณ", "อยุธยา", "ณอยุธยา"}
    assert office_words("กองคลัง") >= {"กองคลัง", "กอง", "คลัง"}
    assert office_words("Finance Division") >= {"finance", "division"}


HOSTILE = [
    "", " ", "%", "_", "\\", "'", '"', "*", ".*", "(", "[", "%%%%%%", "' or 1=1 --", "\x00", "ก\x00ข",
    "\u202eสมชาย\u202c",
    "\ud800", "a" * 10_000, "ก" * 10_000, "ก " * 5_000, "." * 10_000, "@" * 10_000, "1" * 10_000, "ผอ." * 3_000,
    "🙂" * 300,
    "\u0e4c" * 500, "เ" * 300, "{}", "%s", "%(x)s", "\n\t\r", "นาย" * 2_000, "พล." * 2_000, "ๆฯลฯ", "ſtraße İ ß",
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_reading_is_total_and_bounded(text: str) -> None:
    asked = read(text)
    assert len(asked.slots) <= MOST_SLOTS
    assert all(len(spelling) <= LONGEST_QUESTION for slot in asked.slots for spelling in slot.spellings)
    assert not any("\x00" in spelling for slot in asked.slots for spelling in slot.spellings)
