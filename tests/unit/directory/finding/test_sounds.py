"""The table of name variants: what each key finds of it, and what it confuses."""

import csv
from collections import Counter
from collections.abc import Callable, Collection
from pathlib import Path

import pytest

from pirab.directory.finding import near
from pirab.directory.finding.folding import fold
from pirab.directory.finding.likeness import likeness
from pirab.directory.finding.sounding import skeletons, thai_keys

TABLE = Path(__file__).with_name("variants.tsv")


def pairs() -> list[tuple[str, str, str]]:
    """Two spellings and what they are: both Thai, Thai and English, both English, or not one name."""
    with TABLE.open(encoding="utf-8") as file:
        return [
            (fold(row["one"]).replace("-", ""), fold(row["other"]).replace("-", ""), row["kind"])
            for row in csv.DictReader(file, delimiter="\t")
        ]


def found(keys: Callable[[str], Collection[str]]) -> Counter[str]:
    return Counter(kind for one, other, kind in pairs() if set(keys(one)) & set(keys(other)))


def test_table_is_large_enough_to_decide() -> None:
    assert Counter(kind for *_, kind in pairs()) == {"th": 64, "en": 103, "ee": 22, "not": 31}


def test_skeletons_find_every_spelling_in_latin_letters() -> None:
    assert (found(skeletons)["en"], found(skeletons)["ee"]) == (103, 22)


def test_what_is_asked_for_meets_what_is_kept() -> None:
    met = Counter(
        kind for one, other, kind in pairs() if set(near.asked_keys(one)) & set(near.kept_keys(other))
    )
    assert met["en"] == 103
    assert met["th"] >= 63
    assert met["ee"] >= 21
    assert met["not"] <= 4


def test_lk82_confuses_nothing_in_the_table() -> None:
    assert found(thai_keys)["th"] >= 55
    assert found(thai_keys)["not"] == 0


def test_nearness_tells_variants_from_other_names() -> None:
    near_enough = Counter(kind for one, other, kind in pairs() if near.nearness(one, other))
    assert near_enough["th"] == 64
    assert near_enough["en"] >= 101
    assert near_enough["ee"] == 22


@pytest.mark.parametrize(
    ("asked", "right", "wrong"),
    [
        ("somchai", "สมชาย", "สมศักดิ์"),
        ("prasert", "ประเสริฐ", "ประสงค์"),
        ("nattapol", "ณัฐพล", "ณัฐวุฒิ"),
        ("พงศักดิ์", "พงษ์ศักดิ์", "พงษ์สิทธิ์"),
        ("somchay", "somchai", "sombat"),
    ],
)
def test_the_right_name_is_the_likest(asked: str, right: str, wrong: str) -> None:
    assert likeness(asked, right) > likeness(asked, wrong)


@pytest.mark.parametrize(
    "word", ["", "์", "ๆ", "เ", "x" * 64, "ร" * 64, "\u0e4c" * 10, "ng", "ฤ", "é", "漢字"]
)
def test_keys_are_total(word: str) -> None:
    assert {*near.asked_keys(word)} & {*near.kept_keys(word)}
    assert 0 <= likeness(word, "สมชาย") <= 1
