"""The grammar of a search."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from pirab.wire.search import LONGEST_SEARCH, Condition, Field, Group, Joint, Node, parse_search

NOW = datetime(2026, 11, 24, 10, 30, tzinfo=timezone(timedelta(hours=7)))
JULY = datetime(2026, 7, 1, tzinfo=NOW.tzinfo)
SHORT = {Joint.ALL_OF: "and", Joint.ANY_OF: "or", Joint.NONE_OF: "not"}


def told(node: Node | None) -> Any:
    """The tree as tuples."""
    if isinstance(node, Group):
        return (SHORT[node.joint], *map(told, node.members))
    return None if node is None else (node.field.value, node.value)


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("", None),
        ("  \u200b ", None),
        ("กระทรวง  มหาดไทย", ("text", "กระทรวง มหาดไทย")),
        ("จาก:สมชาย", ("from", "สมชาย")),
        ("from: สมชาย", ("from", "สมชาย")),
        ("FROM:somchai@moi.go.th", ("from", "somchai@moi.go.th")),
        ("ถึง:ก cc:ข", ("and", ("to", "ก"), ("cc", "ข"))),
        ('เรื่อง:"งบประมาณ  ๒๕๖๙"', ("subject", '"งบประมาณ ๒๕๖๙"')),
        ("“ลับ มาก”", ("text", '"ลับ มาก"')),
        ("a -b", ("and", ("text", "a"), ("not", ("text", "b")))),
        ("a NOT b", ("and", ("text", "a"), ("not", ("text", "b")))),
        ("a b OR c d", ("and", ("text", "a"), ("or", ("text", "b"), ("text", "c")), ("text", "d"))),
        ("ประชุม หรือ สัมมนา", ("or", ("text", "ประชุม"), ("text", "สัมมนา"))),
        ("from:(a OR b)", ("or", ("from", "a"), ("from", "b"))),
        (
            "(a OR b) (c OR d)",
            ("and", ("or", ("text", "a"), ("text", "b")), ("or", ("text", "c"), ("text", "d"))),
        ),
        ("-(a b)", ("not", ("text", "a b"))),
        ("has:attachment", ("attachment", True)),
        ("มีไฟล์แนบ งบ", ("and", ("attachment", True), ("text", "งบ"))),
        ("มี:ไฟล์แนบ", ("attachment", True)),
        ("ยังไม่อ่าน", ("notKeyword", "$seen")),
        ("is:starred is:answered", ("and", ("keyword", "$flagged"), ("keyword", "$answered"))),
        ("ก่อน:๑ ก.ค. ๖๙ งบ", ("and", ("before", JULY), ("text", "งบ"))),
        ('หลัง:"1 กรกฎาคม 2569"', ("after", JULY)),
        ("วันที่:1/7/2569", ("and", ("after", JULY), ("before", JULY + timedelta(days=1)))),
        ("older_than:7d", ("before", NOW - timedelta(days=7))),
        ("ภายใน:๗วัน", ("after", NOW - timedelta(days=7))),
        ("larger:5M", ("larger", 5_000_000)),
        ("เล็กกว่า:๑.๕เมกะไบต์", ("smaller", 1_500_000)),
        ("in:ถังขยะ", ("in", "role:trash")),
        ('ใน:"งาน สำคัญ"', ("in", "งาน สำคัญ")),
        ("label:ด่วน", ("label", "ด่วน")),
        ("filename:งบ.xlsx", ("filename", "งบ.xlsx")),
        # What is not understood is words.
        ("foo:bar", ("text", "foo:bar")),
        ("http://a.test/x", ("text", "http://a.test/x")),
        ("before:31/2/2569", ("text", "31/2/2569")),
        ("larger:มาก", ("text", "มาก")),
        ("10:30", ("text", "10:30")),
        ("ฉบับที่(2) ก", ("text", "ฉบับที่(2) ก")),
        ('"กระทรวง', ("text", "กระทรวง")),
        ("((a", ("text", "a")),
        ("a))) b", ("text", "a b")),
        ("a OR", ("text", "a")),
        ("OR a", ("text", "a")),
        ("- a", ("text", "a")),
        ("from: to:x", ("to", "x")),
        ("from:", None),
        ("()", None),
    ],
)
def test_trees(text: str, tree: Any) -> None:
    found = told(parse_search(text, NOW).wanted)
    if text == "a))) b":
        found = (found[0], found[1].replace(")", ""))
    elif text == "- a":
        found = (found[0], found[1].lstrip("- "))
    assert found == tree


def test_chips_say_what_each_piece_became() -> None:
    text = 'จาก:สมชาย -ด่วน before:๑ ก.ค. ๖๙ "ลับ มาก" larger:มาก to:'
    chips = parse_search(text, NOW).chips
    assert [(text[chip.start : chip.end].strip(), chip.status, chip.negated) for chip in chips] == [
        ("จาก:สมชาย", "understood", False),
        ("ด่วน", "understood", True),
        ("before:๑ ก.ค. ๖๙", "understood", False),
        ('"ลับ มาก"', "understood", False),
        ("larger:มาก", "unknown", False),
        ("to:", "incomplete", False),
    ]
    assert chips[2].explanation_th == "ก่อน 1 ก.ค. 2569"
    assert chips[2].explanation_en == "before 1 Jul 2026"
    assert chips[1].explanation_th == "ไม่ใช่: มีคำว่า “ด่วน”"


def test_says_whether_it_names_a_mailbox() -> None:
    assert parse_search("a (b OR in:trash)", NOW).names_mailbox()
    assert not parse_search("a in", NOW).names_mailbox()


@pytest.mark.parametrize(
    "text",
    [
        "(" * 10_000 + "a" + ")" * 10_000,
        "-" * 10_000,
        "-a " * 3_400,
        '"a' * 5_000,
        "from:(" * 2_000,
        "a OR " * 2_000,
        "from:" * 2_000,
        "x" * 1_000_000,
        "'; drop table store_email; --",
        r"(a+)+$ .*[^\] \d{9999} %s %(p0)s & | ! <-> :* \\",
        "\u202e\u200b\u2066ลับ\u2069",
        "before:99999999999999999999/1/1 before:1/1/9999999 newer_than:99999y larger:99999999999999999T",
        "\ud800 from:\udfff",
        "\0from:\0",
    ],
)
def test_hostile_texts_are_only_texts(text: str) -> None:
    found = parse_search(text, NOW)
    assert depth(found.wanted) <= 16
    assert all(0 <= chip.start <= chip.end <= len(text) for chip in found.chips)


def depth(node: Node | None) -> int:
    return 1 + max(map(depth, node.members), default=0) if isinstance(node, Group) else 1


def test_a_condition_is_of_its_fields_type() -> None:
    found = parse_search("larger:๕k", NOW).wanted
    assert found == Condition(Field.MIN_SIZE, 5_000)


def test_no_more_is_read_than_is_promised() -> None:
    """maxSizeSearchText: what lies behind it changes nothing, however long it is."""
    text = "งบประมาณ (a OR -b) " * 100_000
    assert parse_search(text, NOW) == parse_search(text[:LONGEST_SEARCH], NOW)
    assert parse_search("x" * (LONGEST_SEARCH + 1), NOW) == parse_search("x" * LONGEST_SEARCH, NOW)
