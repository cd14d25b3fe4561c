"""Dovecot's authentication protocol as Postfix speaks it, and as nobody should."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pirab.lmtp.sasl import LONGEST_LINE, MOST_PENDING, Check, Conversation, ProtocolError


def greeted() -> Conversation:
    conversation = Conversation(7)
    conversation.feed(b"VERSION\t1\t1\nCPID\t123\n")
    assert conversation.advance() is None
    conversation.take_output()
    return conversation


def encoded(text: str) -> bytes:
    return base64.b64encode(text.encode())


def check_of(conversation: Conversation, octets: bytes) -> Check | None:
    conversation.feed(octets)
    return conversation.advance()


def test_the_greeting_offers_plain_and_login() -> None:
    lines = Conversation(7).take_output().decode().splitlines()
    assert lines[0] == "VERSION\t1\t1"
    assert {"MECH\tPLAIN\tplaintext", "MECH\tLOGIN\tplaintext", "CUID\t7"} <= set(lines)
    assert lines[-1] == "DONE"


def test_plain_with_an_initial_response() -> None:
    conversation = greeted()
    response = encoded("\0สมชาย@กระทรวง.ไทย\0ความลับ 123")
    check = check_of(conversation, b"AUTH\t1\tPLAIN\tservice=smtp\tsecured\tresp=" + response + b"\n")
    assert check == Check("1", "สมชาย@กระทรวง.ไทย", "ความลับ 123")
    conversation.accept(check, "somchai@example.test")
    assert conversation.take_output() == b"OK\t1\tuser=somchai@example.test\n"


def test_the_client_address_travels_with_the_password() -> None:
    response = encoded("\0a\0pw")
    check = check_of(greeted(), b"AUTH\t1\tPLAIN\tservice=smtp\trip=203.0.113.5\tresp=" + response + b"\n")
    assert check == Check("1", "a", "pw", "203.0.113.5")


def test_plain_without_an_initial_response() -> None:
    conversation = greeted()
    assert check_of(conversation, b"AUTH\t2\tPLAIN\tservice=smtp\n") is None
    assert conversation.take_output() == b"CONT\t2\t\n"
    check = check_of(conversation, b"CONT\t2\t" + encoded("a\0a\0pw") + b"\n")
    assert check == Check("2", "a", "pw")
    conversation.reject(check)
    assert conversation.take_output() == b"FAIL\t2\treason=Wrong name or password\n"


def test_login_asks_twice() -> None:
    conversation = greeted()
    check_of(conversation, b"AUTH\t3\tLOGIN\n")
    assert conversation.take_output() == b"CONT\t3\t" + encoded("Username:") + b"\n"
    check_of(conversation, b"CONT\t3\t" + encoded("a@b.test") + b"\n")
    assert conversation.take_output() == b"CONT\t3\t" + encoded("Password:") + b"\n"
    assert check_of(conversation, b"CONT\t3\t" + encoded("pw") + b"\n") == Check("3", "a@b.test", "pw")


@pytest.mark.parametrize(
    "response",
    [
        encoded("other\0me\0pw"),
        encoded("me\0pw"),
        encoded("\0\0pw"),
        encoded("\0me\0"),
        encoded("\0me\0pw\0more"),
        encoded("\0me\0" + "x" * 2000),
        base64.b64encode(b"\0me\0\xff\xfe"),
        b"!!!not base64!!!",
        b"",
    ],
)
def test_a_response_that_names_nobody_fails_and_the_session_goes_on(response: bytes) -> None:
    conversation = greeted()
    assert check_of(conversation, b"AUTH\t1\tPLAIN\tresp=" + response + b"\n") is None
    assert conversation.take_output().startswith(b"FAIL\t1\treason=")
    assert check_of(conversation, b"AUTH\t1\tPLAIN\tresp=" + encoded("\0me\0pw") + b"\n") is not None


def test_an_unknown_mechanism_fails() -> None:
    conversation = greeted()
    assert check_of(conversation, b"AUTH\t1\tCRAM-MD5\n") is None
    assert conversation.take_output() == b"FAIL\t1\treason=Mechanism not offered\n"


@pytest.mark.parametrize(
    "octets",
    [
        b"VERSION\t2\t0\n",
        b"HELLO\n",
        b"AUTH\n",
        b"AUTH\tx\tPLAIN\n",
        b"AUTH\t99999999999\tPLAIN\n",
        b"CONT\t9\teA==\n",
        b"AUTH\t1\tPLAIN\nAUTH\t1\tPLAIN\n",
        b"\xff\xfe\n",
        b"x" * (LONGEST_LINE + 1),
        b"x" * (LONGEST_LINE + 1) + b"\n",
        b"".join(b"AUTH\t%d\tPLAIN\n" % n for n in range(MOST_PENDING + 1)),
    ],
)
def test_what_is_no_protocol_ends_the_connection(octets: bytes) -> None:
    with pytest.raises(ProtocolError):
        check_of(greeted(), octets)


def test_a_second_response_while_the_first_is_checked_ends_the_connection() -> None:
    conversation = greeted()
    assert check_of(conversation, b"AUTH\t1\tPLAIN\tresp=" + encoded("\0me\0pw") + b"\n") is not None
    with pytest.raises(ProtocolError):
        check_of(conversation, b"CONT\t1\t" + encoded("\0boss\0pw") + b"\n")


def test_a_login_can_not_forge_a_field_and_a_check_does_not_show_its_password() -> None:
    conversation = greeted()
    check = check_of(conversation, b"AUTH\t1\tPLAIN\tresp=" + encoded("\0me\0hidden") + b"\n")
    assert check is not None
    assert "hidden" not in repr(check)
    conversation.accept(check, "me\tuser=boss\nOK\t2")
    assert conversation.take_output() == b"OK\t1\tuser=me\x01tuser=boss\x01nOK\x01t2\n"


@given(st.binary(max_size=300))
def test_any_octets_are_survived(octets: bytes) -> None:
    conversation = greeted()
    try:
        check_of(conversation, octets + b"\n")
    except ProtocolError:
        return
    assert conversation.take_output().count(b"\t") >= 0
