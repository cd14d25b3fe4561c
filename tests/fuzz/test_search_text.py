"""The grammar of a search: whatever is typed gives a tree, chips that lie in the text, and a query that runs."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from pirab.store.queries.search import text_query
from pirab.store.search_text import read_search, stands_still
from pirab.wire.search import Condition, Field, Group, Node, parse_search
from pirab.wire.search.types import TEXT_FIELDS

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)

_pieces = st.one_of(
    st.sampled_from(
        [
            "from:",
            "จาก:",
            "to:",
            "cc:",
            "bcc:",
            "เรื่อง:",
            "has:attachment",
            "filename:",
            "before:",
            "ก่อน:",
            "after:",
            "older_than:",
            "newer_than:",
            "larger:",
            "เล็กกว่า:",
            "in:",
            "ใน:",
            "label:",
            "is:unread",
            "is:",
            "มีไฟล์แนบ",
            "ยังไม่อ่าน",
            "หรือ",
            "และ",
            "OR",
            "AND",
            "NOT",
            "|",
            "-",
            "--",
            "(",
            ")",
            "()",
            '"',
            "“",
            "”",
            "«",
            "'",
            "\\",
            ":",
            "：",
            "1/7/2569",
            "๑",
            "ก.ค.",
            "๖๙",
            "31/2/2569",
            "พ.ศ.",
            "ค.ศ.",
            "2026",
            "7d",
            "99999y",
            "เมื่อวาน",
            "5M",
            "inbox",
            "ถังขยะ",
            "กระทรวง",
            "มหาดไทย",
            "น้ำ",
            "a@b.test",
            "\u200b",
            "\u202e",
            "ํา",
            "\x00",
            "�",
            "\xa0",
            "%",
            ":*",
            "&",
            "!",
            "<->",
        ]
    ),
    st.text(max_size=6),
    st.characters(),
)
_texts = st.lists(st.tuples(_pieces, st.sampled_from(["", " ", "  ", "\n"])), max_size=40).map(
    lambda parts: "".join(piece + space for piece, space in parts)
)


def conditions(node: Node | None) -> list[Condition]:
    if isinstance(node, Group):
        assert node.members
        return [each for member in node.members for each in conditions(member)]
    return [] if node is None else [node]


@given(_texts)
@settings(max_examples=300, deadline=None)
def test_any_text_is_understood(text: str) -> None:
    search = parse_search(text, NOW)
    assert parse_search(text, NOW) == search
    for chip in search.chips:
        assert 0 <= chip.start < chip.end <= len(text)
        assert chip.explanation_th
        assert chip.explanation_en
    for condition in conditions(search.wanted):
        if condition.field in TEXT_FIELDS:
            assert isinstance(condition.value, str)
            text_query(condition.value, "A", ":to")
        elif condition.field in (Field.BEFORE, Field.AFTER):
            assert isinstance(condition.value, datetime)
            assert condition.value.tzinfo is not None
    assert read_search(text, NOW) is not None
    stands_still(text, NOW)


@given(
    st.lists(st.sampled_from(["กระทรวง", "budget", "๒๕๖๙", "นร 0506/ว 5"]), min_size=1, max_size=5).map(
        " ".join
    )
)
@settings(max_examples=50, deadline=None)
def test_plain_words_stay_one_text(text: str) -> None:
    assert parse_search(text, NOW).wanted == Condition(Field.ANYWHERE, text)
