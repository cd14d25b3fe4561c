"""Search tokens: whatever a text holds is found by what a person types."""

from __future__ import annotations

import random
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pirab.core.thai import LETTERS, dictionary
from pirab.store.tokens import (
    LONGEST_TOKEN,
    MOST_OCTETS,
    TOKENIZER_VERSION,
    QueryTokens,
    query_tokens,
    tokenize,
)

AROUND = "ประกาศกระทรวงมหาดไทยเรื่องกำหนดเขตท้องที่"


def finds(query: str, text: str) -> bool:
    wanted, tokens = query_tokens(query), tokenize(text)
    return any(has(tokens, way) for way in (wanted, *wanted.others))


def has(tokens: set[str], wanted: QueryTokens) -> bool:
    prefix = wanted.prefix
    return (
        bool(wanted.words or prefix)
        and set(wanted.words) <= tokens
        and (prefix is None or any(token.startswith(prefix) for token in tokens))
    )


def test_the_version_goes_up_with_the_dictionary() -> None:
    """What was indexed with other words must be indexed again: then raise TOKENIZER_VERSION."""
    assert {TOKENIZER_VERSION: dictionary().fingerprint()} == {2: "76e06a35ed2ceed9"}


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("งบประมาณ", f"{AROUND}งบประมาณ{AROUND}"),
        ("ด่วนที่สุด", "หนังสือราชการด่วนที่สุดกรุณาตอบกลับ"),
        ("กระทรวงการคลัง", "เรียนปลัดกระทรวงการคลังผ่านอธิบดี"),
        ("ราชกิจจานุเบกษา", "ประกาศในราชกิจจานุเบกษาแล้ว"),
        ("นร ๐๕๐๖/ว ๕", "ที่ นร 0506/ว 5 ลงวันที่ ๑ มกราคม"),
        ("นร 0506/ว5", "ตามหนังสือที่ นร ๐๕๐๖ / ว ๕"),
        ("0506/ว 5", "ที่นร๐๕๐๖/ว๕๑"),
        ("123/2567", "ที่ มท 0211/123/2567"),
        ("พ.ศ. ๒๕๖๗", "พุทธศักราช พ.ศ.2567"),
        ("1,234,567", "เป็นเงิน ๑๒๓๔๕๖๗ บาท"),
        ("1234567", "เป็นเงิน 1,234,567 บาท"),
        ("SOMCHAI@MOI.GO.TH", "ส่งถึง <somchai@moi.go.th>."),
        ("moi.go.th", "somchai@moi.go.th"),
        ("somchai", "somchai.jaidee@moi.go.th"),
        ("น้ำ", "น\u0e4d\u0e49\u0e32ท่วม"),
        ("แม่น้ำ", "เเม่นำ้เจ้าพระยา"),
        ("ประชุม", "ประ\u200bชุม"),
        ("ที่ประชุม", "ที่่ประชุุม"),
        ("กระทรวงมหาดไทย", "เรียน ปลัดกระทรวง มหาดไทย"),
        ("กระทรวง มหาดไทย", "เรียนปลัดกระทรวงมหาดไทย"),
        ("กระทร วงมหาดไทย", "เรียนปลัดกระทรวงมหาดไทย"),
        ("โรงพยาบาล", "โรง\r\nพยาบาล"),
        ("อิเล็กทร", "สื่ออิเล็กทรอนิกส์"),
        ("อิเล็กทร", "อิเล็กทร"),
        ("ประช", "การประชุมคณะรัฐมนตรี"),
        ("Straße", "STRASSE 5"),
        ("ﬁle", "FILE"),
        ("公務員", "国家公務員制度"),
        ("ປະຊຸມ", "ກອງປະຊຸມໃຫຍ່"),
        ("meet", "the meeting"),
        ("ฆฎฌ", "กฆฎฌด"),
        ("ว", "ว 5"),
    ],
)
def test_found(query: str, text: str) -> None:
    assert finds(query, text)


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("สาม", "มีความสามารถ"),
        ("กม", "เล่นเกม"),
        ("somchai@moi.go.th", "somchai@mof.go.th และ moi.go.th"),
        ("0506/ว 5", "0506 เรื่อง ว่าด้วย 5 ข้อ"),
        ("งบประมาณ", "งบการเงินโดยประมาณ"),
        ("eat", "the meeting"),
    ],
)
def test_not_found(query: str, text: str) -> None:
    assert not finds(query, text)


@pytest.mark.parametrize("text", ["", " ", "\n\t", "!!! ฯ ๆ —", "\u200b\u200d\ufeff", "😀🎉"])
def test_no_words_no_tokens(text: str) -> None:
    assert tokenize(text) == set()
    assert query_tokens(text).words == ()
    assert query_tokens(text).prefix is None


hostile = st.text(
    alphabet=st.one_of(
        st.characters(),  # surrogates included
        st.sampled_from("กขมนรายเแ่้ิำํๆฯ๐๙ \u200b/,.@-aA1国ກ'\\\0"),
    ),
    max_size=300,
)


@given(hostile)
@settings(max_examples=300)
def test_anything_goes_in_and_short_tokens_come_out(text: str) -> None:
    tokens = tokenize(text)
    for token in tokens:
        assert 0 < len(token.encode("utf-8", "surrogatepass")) <= LONGEST_TOKEN
        assert "\0" not in token
        assert not token.isspace()
    assert tokenize(text) == tokens
    query_tokens(text)


@given(hostile)
@settings(max_examples=300)
def test_a_text_is_found_by_itself(text: str) -> None:
    wanted = query_tokens(text[:200])
    if wanted.words or wanted.prefix:
        assert finds(text[:200], text[:200])


@given(
    st.lists(st.sampled_from(["งบประมาณ", "กระทรวง", "ประชุม", "การ", "ตากลม", "ยา"]), min_size=1, max_size=5)
)
def test_words_run_together_are_found_apart_and_together(words: list[str]) -> None:
    text = f"{AROUND}{''.join(words)}{AROUND}"
    assert all(finds(word, text) for word in words)
    assert finds("".join(words), text)


@pytest.mark.parametrize(
    "text",
    [
        "ก" * 300_000,
        "กา" * 150_000,
        "งบประมาณ" * 40_000,
        "a" * 1_000_000,
        "a." * 150_000,
        "a@" * 150_000,
        "1,111" * 60_000,
        "1/" * 150_000,
        "\u0e4d\u0e49" * 150_000,
        "".join(chr(0x4E00 + n % 20_000) for n in range(262_144)),
        " ".join(f"{n:x}" * 8 for n in range(40_000)),
    ],
    ids=lambda text: text[:6],
)
def test_a_text_made_to_be_huge_is_bounded(text: str) -> None:
    tokens = tokenize(text)
    assert sum(len(token.encode()) for token in tokens) <= MOST_OCTETS
    assert len(query_tokens(text).words) <= 1000


def test_only_the_beginning_counts() -> None:
    assert tokenize("first " + "x " * 50 + "last", limit=20) == {"first", "x"}


def test_no_word_is_lost_where_a_long_run_is_cut() -> None:
    before = "การ" * 5450  # 16,350 characters without a space: the cut comes a little later
    for shift in ("ใน", "ที่", "ของ", "ความ"):
        for count in range(12):
            assert finds("งบประมาณ", before + shift * count + "งบประมาณ" + "การ" * 100)


def test_threads_share_one_dictionary() -> None:
    text = f"{AROUND}งบประมาณ" * 20
    expected = tokenize(text)
    with ThreadPoolExecutor(8) as pool:
        assert all(tokens == expected for tokens in pool.map(tokenize, [text] * 64))


def test_words_of_real_letters_are_found_wherever_they_stand(corpus: Path) -> None:
    """Every dictionary word planted into a run of real Thai, and those that stand there already."""
    chance = random.Random(2569)
    gazette = [path.read_text("utf-8") for path in sorted((corpus / "thai" / "gazette").glob("*.md"))]
    runs = [run for text in gazette for run in re.findall(f"[{LETTERS}]{{6,}}", text) if run[0] in "กขคนมสพ"]
    words = chance.sample(dictionary().words(), 2000)
    lost = [word for word in words if not finds(word, chance.choice(runs) + word + chance.choice(runs))]
    assert len(lost) <= len(words) // 200, lost
