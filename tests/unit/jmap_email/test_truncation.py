"""Cutting body values (rfc8621#4.2): the octets asked for, whole characters, whole tags."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pirab.jmap.email.body_values import truncate_html, truncate_text

TEXTS = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=60)
MARKUP = st.lists(
    st.sampled_from(
        [
            "<b>",
            "</b>",
            "<",
            ">",
            "&lt;",
            "ก",
            "a",
            " ",
            '<a href="x>y">',
            "<img alt='<'>",
            "<!-- > -->",
            '"',
            "'",
        ]
    ),
    max_size=20,
).map("".join)


@given(TEXTS, st.integers(0, 250))
def test_text_fits_and_is_the_longest_beginning_that_does(text: str, most: int) -> None:
    kept = truncate_text(text, most)
    assert text.startswith(kept)
    if not most:
        assert kept == text
        return
    assert len(kept.encode()) <= most
    if kept != text:
        assert len(text[: len(kept) + 1].encode()) > most


@given(MARKUP, st.integers(1, 80))
def test_html_is_a_beginning_and_never_longer_than_text(markup: str, most: int) -> None:
    kept = truncate_html(markup, most)
    assert markup.startswith(kept)
    assert len(kept) <= len(truncate_text(markup, most))


def test_a_cut_tag_is_left_out_whole() -> None:
    markup = "text <a href=\"https://example.com/?a>b\" title='<'>link</a> <!-- a > b --> end"
    for most in range(1, len(markup)):
        kept = truncate_html(markup, most)
        assert not kept.endswith("<")
        for tag in ("<a href=\"https://example.com/?a>b\" title='<'>", "</a>", "<!-- a > b -->"):
            start = markup.index(tag)
            assert not start < len(kept) < start + len(tag), (most, kept)


def test_a_lone_angle_bracket_is_text() -> None:
    assert truncate_html("1 < 2 and 3 > 2", 9) == "1 < 2 and"


def test_cutting_is_linear_in_hostile_markup() -> None:
    for piece in ("<", "<a ", '<a "', "<!--", "<a '\""):
        truncate_html(piece * 200_000, 500_000)
