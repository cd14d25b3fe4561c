"""Netstrings from Postfix, whole, in pieces and forged."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pirab.lmtp.socketmap import (
    LONGEST_ANSWER,
    Answer,
    MalformedRequest,
    Request,
    Requests,
    Status,
)


def netstring(payload: bytes) -> bytes:
    return b"%d:%s," % (len(payload), payload)


def all_requests(octets: bytes, step: int = 1000) -> list[Request]:
    requests = Requests()
    found = []
    for start in range(0, len(octets), step):
        requests.feed(octets[start : start + step])
        while request := requests.next():
            found.append(request)
    return found


@pytest.mark.parametrize("step", [1, 3, 1000])
def test_requests_one_after_the_other_and_in_pieces(step: int) -> None:
    octets = netstring(b"domain example.test") + netstring("recipient สมชาย@กระทรวง.ไทย".encode())
    assert all_requests(octets, step) == [
        Request("domain", "example.test"),
        Request("recipient", "สมชาย@กระทรวง.ไทย"),
    ]


def test_a_key_may_hold_blanks_and_be_empty() -> None:
    assert all_requests(netstring(b'recipient "a b"@c.test') + netstring(b"domain ")) == [
        Request("recipient", '"a b"@c.test'),
        Request("domain", ""),
    ]


@pytest.mark.parametrize(
    "octets",
    [
        b":x,",
        b"x:y,",
        b"-1:y,",
        b"01:y,",
        b"5:ab cd;",
        b"99999:",
        b"4097:" + b"x" * 10,
        b"12345678901234567890",
        netstring(b"nospace"),
        netstring(b" leading"),
        netstring(b"domain \xff\xfe"),
        b"\r\n",
    ],
)
def test_anything_else_ends_the_connection(octets: bytes) -> None:
    with pytest.raises(MalformedRequest):
        all_requests(octets)


def test_a_truncated_request_waits() -> None:
    whole = netstring(b"domain example.test")
    for length in range(1, len(whole)):
        assert all_requests(whole[:length]) == []


@given(st.binary(max_size=300))
def test_any_octets_are_read_or_refused(octets: bytes) -> None:
    requests = Requests()
    requests.feed(octets)
    try:
        while requests.next():
            pass
    except MalformedRequest:
        return


def test_an_answer_is_a_netstring_with_the_status_first() -> None:
    assert Answer(Status.OK, "lmtp:unix:/x").encode() == b"15:OK lmtp:unix:/x,"
    assert Answer(Status.NOTFOUND).encode() == b"9:NOTFOUND ,"
    assert Answer(Status.OK, "ก").encode() == "6:OK ก,".encode()
    assert Answer(Status.OK, "x" * LONGEST_ANSWER).encode() == b"20:TEMP answer too long,"
