"""Rules become Sieve, and mean what they say."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from pirab.filtering.engine import Folder, Folders, Letter, Outcome, Surroundings, run_scripts
from pirab.filtering.rule_script import script_of
from pirab.filtering.rule_types import Rules
from pirab.wire.sieve import parse_script

AROUND = Surroundings(
    "a@moi.go.th",
    datetime(2026, 11, 24, tzinfo=UTC),
    Folders([Folder(1, "m1", "Inbox", "inbox"), Folder(2, "m2", "งาน", None)]),
)
LETTER = Letter(
    'From: "สมชาย ใจดี" <Somchai@moi.go.th>\r\nTo: a@moi.go.th\r\nCc: b@moi.go.th\r\n'
    'Subject: ด่วน* "ที่สุด" \\ Meeting\r\nX-Kind: notice\r\n\r\nเนื้อหา\r\n'.encode(),
    "s@moi.go.th",
)


def outcome(*rules: dict[str, Any]) -> Outcome:
    filled = [{"actions": {}} | rule for rule in rules]
    script = script_of(msgspec.convert(filled, Rules, strict=True))
    return run_scripts([parse_script(script.encode())], LETTER, AROUND)


@pytest.mark.parametrize(
    ("field", "operator", "value", "holds"),
    [
        ("from", "contains", "สมชาย", True),
        ("from", "contains", "SOMCHAI@", True),
        ("from", "is", "somchai@moi.go.th", True),
        ("from", "is", "somchai", False),
        ("from", "endsWith", "@MOI.go.th", True),
        ("recipient", "contains", "b@moi.go.th", True),
        ("to", "contains", "b@moi.go.th", False),
        ("cc", "startsWith", "b@", True),
        ("subject", "startsWith", "ด่วน*", True),
        ("subject", "startsWith", "ด่วน**", False),
        ("subject", "contains", '"ที่สุด" \\', True),
        ("subject", "endsWith", "\\ meeting", True),
        ("subject", "notContains", "ประชุม", True),
        ("body", "contains", "เนื้อ", True),
        ("body", "contains", '";discard;#', False),
    ],
)
def test_conditions(field: str, operator: str, value: str, holds: bool) -> None:
    rule = {
        "conditions": [{"field": field, "operator": operator, "value": value}],
        "actions": {"delete": True},
    }
    assert outcome(rule).is_kept is not holds


def test_all_any_and_none() -> None:
    yes = {"field": "subject", "value": "meeting"}
    no = {"field": "header", "header": "X-Kind", "value": "letter"}
    delete = {"delete": True}
    assert outcome({"conditions": [yes, no], "actions": delete}).is_kept
    assert not outcome({"conditions": [yes, no], "match": "any", "actions": delete}).is_kept
    assert not outcome({"actions": delete}).is_kept
    assert outcome({"isEnabled": False, "actions": delete}).is_kept


def test_actions() -> None:
    found = outcome(
        {
            "name": "a\r\ndiscard;",
            "actions": {"labels": ["m2"], "star": True, "markRead": True, "neverJunk": True},
        },
        {
            "actions": {"forwardTo": ["x@example.org"], "reply": {"text": "ได้รับแล้ว", "subject": "รับ"}},
            "stop": True,
        },
        {"actions": {"delete": True}},
    )
    assert (found.is_kept, found.mailbox_ids, found.redirects) == (True, (2,), ("x@example.org",))
    assert found.keywords == {"$flagged", "$seen", "$notjunk"}
    assert found.reply is not None
    assert (found.reply.reason, found.reply.subject, found.reply.period) == ("ได้รับแล้ว", "รับ", 86_400)
    assert outcome({"actions": {"moveTo": "m2"}}) == Outcome(is_kept=False, mailbox_ids=(2,))
    assert outcome({"actions": {"moveTo": "m9"}}).mailbox_ids == (1,)
