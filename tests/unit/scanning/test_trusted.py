"""The scan header: only our own Rspamd's word for this very queue entry counts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pirab.scanning.trusted import scan_mac, take_verdict
from pirab.scanning.types import Action

TOKEN = "a-token-of-the-installation"
QUEUE = "4cXyZ12345zabcd"
BODY = b"From: a@b.test\r\nSubject: x\r\n\r\nX-Pirab-Scan: this is text\r\n"


def scan_field(
    action: str = "accept", queue: str = QUEUE, token: str = TOKEN, symbols: str = "A,B_C"
) -> bytes:
    payload = f"v=1; queue={queue}; action={action}; score=1.20; symbols={symbols}"
    return f"X-Pirab-Scan: {payload}; mac={scan_mac(payload, token)}\r\n".encode()


@pytest.mark.parametrize(("word", "action"), [("accept", Action.ACCEPT), ("junk", Action.JUNK)])
def test_a_genuine_header_is_believed_and_removed(word: str, action: Action) -> None:
    content, verdict = take_verdict(scan_field(word) + BODY, TOKEN, QUEUE)
    assert content == BODY
    assert verdict is not None
    assert (verdict.action, verdict.score, verdict.symbols) == (action, 1.2, ("A", "B_C"))


def test_nothing_else_is_touched() -> None:
    before, after = b"Received: by x\r\n  folded\r\nX-Odd:\x00\xff\r\n", b"To: y\r\n\r\n\r\n.\x00\r\nend"
    content, verdict = take_verdict(before + scan_field() + after, TOKEN, QUEUE)
    assert content == before + after
    assert verdict is not None


@pytest.mark.parametrize(
    "field",
    [
        scan_field(token="another token"),
        scan_field(queue="4cAnother"),
        scan_field(action="reject"),
        scan_field(symbols="A B"),
        b"X-Pirab-Scan: v=1; queue=" + QUEUE.encode() + b"; action=accept; score=0.00; symbols=; mac=\r\n",
        b"X-Pirab-Scan: action=accept\r\n",
        b"X-Pirab-Scan:\r\n",
        b"X-Pirab-Scan: \xff\xfe\r\n",
        b"x-PIRAB-scan : folded\r\n\tand more\r\n",
    ],
)
def test_a_forged_header_is_removed_and_not_believed(field: bytes) -> None:
    content, verdict = take_verdict(b"A: 1\r\n" + field + BODY, TOKEN, QUEUE)
    assert content == b"A: 1\r\n" + BODY
    assert verdict is None


def test_a_forged_header_beside_the_genuine_one_changes_nothing() -> None:
    forged = scan_field(token="mine")
    for fields in (forged + scan_field("junk"), scan_field("junk") + forged):
        content, verdict = take_verdict(fields + BODY, TOKEN, QUEUE)
        assert content == BODY
        assert verdict is not None
        assert verdict.action is Action.JUNK


def test_without_a_queue_id_no_header_is_believed() -> None:
    content, verdict = take_verdict(scan_field() + BODY, TOKEN, None)
    assert (content, verdict) == (BODY, None)


def test_the_body_is_never_read_as_header() -> None:
    text = BODY + scan_field()
    assert take_verdict(text, TOKEN, QUEUE) == (text, None)


def test_a_header_section_without_a_body() -> None:
    content, verdict = take_verdict(b"A: 1\r\n" + scan_field().rstrip(), TOKEN, QUEUE)
    assert content == b"A: 1\r\n"
    assert verdict is not None


def test_a_hundred_thousand_fields_take_no_noticeable_time() -> None:
    many = b"X-Filler: y\r\n" * 100_000
    content, verdict = take_verdict(many + scan_field() + BODY, TOKEN, QUEUE)
    assert content == many + BODY
    assert verdict is not None


@given(st.binary(max_size=300))
def test_any_octets_without_the_field_come_back_as_they_are(octets: bytes) -> None:
    content, verdict = take_verdict(octets, TOKEN, QUEUE)
    assert verdict is None
    assert content == octets or b"x-pirab-scan" in octets.lower()
