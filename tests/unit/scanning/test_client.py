"""Reading Rspamd's answers: whatever is not a clear verdict of both judges holds the mail."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pirab.scanning.client import verdict_of
from pirab.scanning.errors import ScannerUnavailable
from pirab.scanning.types import Action


def answer(action: str = "no action", **more: Any) -> bytes:
    return json.dumps({"action": action, "score": 1.5, "symbols": {"B": {}, "A": {}}, **more}).encode()


@pytest.mark.parametrize(
    ("word", "action"),
    [
        ("no action", Action.ACCEPT),
        ("greylist", Action.ACCEPT),
        ("junk", Action.JUNK),
        ("add header", Action.JUNK),
        ("rewrite subject", Action.JUNK),
        ("reject", Action.REJECT),
        ("soft reject", Action.DEFER),
    ],
)
def test_each_action_has_one_meaning(word: str, action: Action) -> None:
    verdict = verdict_of(answer(word, messages={"smtp_message": "why"}))
    assert (verdict.action, verdict.score, verdict.symbols) == (action, 1.5, ("A", "B"))
    assert verdict.reply_text == "why"


@pytest.mark.parametrize(
    "octets",
    [
        b"",
        b"{}",
        b"[]",
        b"null",
        b'{"action": 5}',
        b'{"error": "no"}',
        b"<html>",
        answer("unheard of"),
        answer(is_skipped=True),
        answer()[:-5],
        b"\xff\xfe",
    ],
)
def test_no_verdict_means_later(octets: bytes) -> None:
    with pytest.raises(ScannerUnavailable):
        verdict_of(octets)


def test_a_silent_virus_scanner_defers_whatever_the_spam_score() -> None:
    for word, action in (
        ("no action", Action.DEFER),
        ("add header", Action.DEFER),
        ("reject", Action.REJECT),
    ):
        assert verdict_of(answer(word, symbols={"CLAM_VIRUS_FAIL": {}})).action is action


def test_headers_to_add_come_folded_and_our_own_mark_is_left_out() -> None:
    verdict = verdict_of(
        answer(
            **{"dkim-signature": "v=1; a=rsa-sha256;\n\tb=xyz\r\n==\r\nEvil: 1"},
            milter={
                "add_headers": {
                    "Authentication-Results": {"value": "mx; spf=pass", "order": 0},
                    "X-Many": [{"value": "1"}, "2", 3],
                    "X-Pirab-Scan": {"value": "v=1"},
                    "Bad Name": "x",
                }
            },
        )
    )
    assert verdict.headers_to_add == (
        ("DKIM-Signature", "v=1; a=rsa-sha256;\r\n\tb=xyz\r\n\t==\r\n\tEvil: 1"),
        ("Authentication-Results", "mx; spf=pass"),
        ("X-Many", "1"),
        ("X-Many", "2"),
    )


@given(st.recursive(st.none() | st.text() | st.integers(), lambda inner: st.dictionaries(st.text(), inner)))
def test_any_json_is_a_verdict_or_later(value: object) -> None:
    for octets in (json.dumps(value).encode(), answer(milter=value), answer(messages=value)):
        try:
            assert verdict_of(octets).action is Action.ACCEPT
        except ScannerUnavailable:
            continue
