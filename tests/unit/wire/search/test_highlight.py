"""Marking the words of a search (rfc8621#5)."""

from __future__ import annotations

import html
import re

from hypothesis import given
from hypothesis import strategies as st

from pirab.wire.search.highlight import (
    MAX_SNIPPET_OCTETS,
    find_spans,
    fold,
    mark_all,
    mark_section,
    terms_of,
)

TEXTS = st.text(alphabet="กขำ่ๆ๐9aB <&>…İ😀", max_size=200)


def _plain(marked: str) -> str:
    return html.unescape(re.sub(r"</?mark>", "", marked))


@given(TEXTS, st.text(alphabet="กขaB9", min_size=1, max_size=4))
def test_marking_changes_nothing_but_the_marks(text: str, word: str) -> None:
    spans = find_spans(text, terms_of([word]))
    marked = mark_all(text, spans)
    assert _plain(marked) == text
    assert marked.count("<mark>") == marked.count("</mark>") == len(spans)
    assert re.sub(r"</?mark>", "", marked).count("<") == 0


@given(TEXTS, st.text(alphabet="กขaB9", min_size=1, max_size=4), TEXTS)
def test_a_section_fits_holds_the_first_hit_and_is_part_of_the_text(
    before: str, word: str, after: str
) -> None:
    text = before + word + after
    spans = find_spans(text, terms_of([word]))
    if not spans:
        return
    section = mark_section(text, spans)
    assert len(section.encode()) <= MAX_SNIPPET_OCTETS
    assert "<mark>" in section
    assert _plain(section).strip("…") in text


def test_a_hit_longer_than_the_section_is_shown_from_its_beginning() -> None:
    text = "ก" * 500
    section = mark_section(text, find_spans(text, terms_of([text])))
    assert section.startswith("<mark>กก")
    assert section.endswith("</mark>…")
    assert len(section.encode()) <= MAX_SNIPPET_OCTETS


def test_folding_keeps_every_place() -> None:
    assert fold("Ab๐๙") == "ab09"
    assert len(fold("İstanbul ẞ")) == len("İstanbul ẞ")


def test_phrases_stay_together_and_words_come_apart() -> None:
    assert terms_of(['meeting "annual report" ที่ประชุม']) == ["annual report", "ที่ประชุม", "meeting"]
    assert terms_of([r"'it\'s here'"]) == ["it's here"]
    assert terms_of(["... !!! ()"]) == []


def test_a_mark_is_not_cut_from_its_letter() -> None:
    text = "x " + "ก่" * 300
    section = mark_section(text, find_spans(text, terms_of(["x"])))
    assert section.rstrip("…").endswith("ก่")
