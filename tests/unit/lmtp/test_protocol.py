"""LMTP sessions as they stand on the wire, with hostile and broken clients."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pirab.lmtp.protocol import LONGEST_COMMAND, MOST_RECIPIENTS, Reply, Session, Transaction

LIMIT = 100_000
OPENING = b"LHLO mx.test\r\nMAIL FROM:<a@b.test>\r\nRCPT TO:<c@d.test>\r\nDATA\r\n"


def greeted() -> Session:
    session = Session("mail.test", LIMIT)
    session.feed(b"LHLO mx.test\r\n")
    assert session.advance() is None
    session.take_output()
    return session


def said(session: Session, octets: bytes) -> list[str]:
    """The reply lines to `octets`; no message may come out."""
    session.feed(octets)
    assert session.advance() is None
    return session.take_output().decode("ascii").splitlines()


def received(octets: bytes, *, step: int = 0) -> Transaction | None:
    """The message that arrives by a whole session, fed at once or in pieces of `step` octets."""
    session = Session("mail.test", LIMIT)
    for start in range(0, len(octets), step or len(octets)):
        session.feed(octets[start : start + (step or len(octets))])
        if transaction := session.advance():
            return transaction
    return None


def test_a_whole_session_in_one_arrival_is_answered_in_one_piece() -> None:
    session = Session("mail.test", LIMIT)
    session.feed(OPENING + b"Subject: x\r\n\r\nhello\r\n.\r\nQUIT\r\n")
    transaction = session.advance()
    assert transaction is not None
    assert transaction.reverse_path == "a@b.test"
    assert transaction.forward_paths == ("c@d.test",)
    assert transaction.content == b"Subject: x\r\n\r\nhello\r\n"
    assert session.advance() is None, "QUIT waits for the answer"
    session.answer([Reply(250, "2.0.0", "stored")])
    assert session.advance() is None
    lines = session.take_output().decode().splitlines()
    assert lines[0].startswith("220 ")
    assert lines[1] == "250-mail.test"
    assert lines[-5:] == [
        "250 2.1.0 Sender ok",
        "250 2.1.5 Recipient ok",
        "354 End data with <CR><LF>.<CR><LF>",
        "250 2.0.0 stored",
        "221 2.0.0 Bye",
    ]
    assert session.is_closing


def test_lhlo_offers_what_rfc_2033_demands_and_no_dsn() -> None:
    session = Session("mail.test", LIMIT)
    session.take_output()
    offered = {line[4:] for line in said(session, b"LHLO x\r\n")}
    assert {"PIPELINING", "ENHANCEDSTATUSCODES", "8BITMIME", "SMTPUTF8", f"SIZE {LIMIT}"} <= offered
    assert not any(line.startswith(("DSN", "CHUNKING", "BINARYMIME")) for line in offered)


def test_one_reply_a_recipient_in_their_order() -> None:
    session = greeted()
    said(session, b"MAIL FROM:<>\r\nRCPT TO:<a@d.test>\r\nRCPT TO:<b@d.test>\r\nDATA\r\n")
    session.feed(b"x\r\n.\r\n")
    assert session.advance() is not None
    with pytest.raises(ValueError, match="one reply"):
        session.answer([Reply(250, "2.0.0", "only one")])
    session.answer([Reply(250, "2.0.0", "stored"), Reply(452, "4.2.2", "full")])
    assert session.take_output() == b"250 2.0.0 stored\r\n452 4.2.2 full\r\n"


def test_a_second_transaction_starts_clean() -> None:
    session = greeted()
    said(session, b"XFORWARD IDENT=first\r\nMAIL FROM:<a@b.test>\r\nRCPT TO:<c@d.test>\r\nDATA\r\n")
    session.feed(b"x\r\n.\r\n")
    first = session.advance()
    assert first is not None
    assert first.forwarded == {"IDENT": "first"}
    session.answer([Reply(250, "2.0.0", "ok")])
    session.feed(b"MAIL FROM:<>\r\nRCPT TO:<e@f.test>\r\nDATA\r\ny\r\n.\r\n")
    second = session.advance()
    assert second is not None
    assert (second.reverse_path, second.forward_paths, second.forwarded) == ("", ("e@f.test",), {})


@pytest.mark.parametrize("step", [1, 2, 3, 7])
def test_pieces_make_no_difference(step: int) -> None:
    octets = OPENING + b"..dot\r\nmid.dle\r\n...\r\nend\r\n.\r\n"
    transaction = received(octets, step=step)
    assert transaction == received(octets)
    assert transaction is not None
    assert transaction.content == b".dot\r\nmid.dle\r\n..\r\nend\r\n"


@pytest.mark.parametrize(
    ("stuffed", "content"),
    [
        (b".\r\n", b""),
        (b"\r\n.\r\n", b"\r\n"),
        (b"..\r\n.\r\n", b".\r\n"),
        (b".x\r\n.\r\n", b"x\r\n"),
        (b"\x00\xff\r\n.\r\n", b"\x00\xff\r\n"),
    ],
)
def test_dots_are_unstuffed(stuffed: bytes, content: bytes) -> None:
    transaction = received(OPENING + stuffed)
    assert transaction is not None
    assert transaction.content == content


@pytest.mark.parametrize(
    "ending", [b"\n.\n", b"\n.\r\n", b"\r\n.\n", b"\r.\r", b"\r\n.\r", b"\n\n.\n\n", b"\r\n\x00.\r\n"]
)
def test_only_crlf_dot_crlf_ends_a_message(ending: bytes) -> None:
    """SMTP smuggling: the second message must stay text of the first."""
    smuggled = b"MAIL FROM:<boss@d.test>\r\nRCPT TO:<c@d.test>\r\nDATA\r\nevil\r\n"
    transaction = received(OPENING + b"one" + ending + smuggled + b".\r\n")
    assert transaction is not None
    assert transaction.reverse_path == "a@b.test"
    assert b"evil" in transaction.content


@pytest.mark.parametrize(
    "line", [b"NOOP\nQUIT\r\n", b"NOOP\rQUIT\r\n", b"NO\x00OP\r\n", b"MAIL FROM:<a\x07@b.test>\r\n"]
)
def test_a_control_character_never_splits_a_command(line: bytes) -> None:
    session = greeted()
    assert said(session, line) == ["500 5.5.2 Control character in command"]
    assert not session.is_closing


def test_commands_out_of_order() -> None:
    session = Session("mail.test", LIMIT)
    session.take_output()
    assert said(session, b"MAIL FROM:<a@b.test>\r\n") == ["503 5.5.1 Send LHLO first"]
    assert said(session, b"EHLO x\r\nHELO x\r\n") == ["500 5.5.1 Command not recognized"] * 2  # rfc2033#4.1
    said(session, b"LHLO x\r\n")
    assert said(session, b"RCPT TO:<a@b.test>\r\n") == ["503 5.5.1 Send MAIL first"]
    assert said(session, b"DATA\r\n") == ["503 5.5.1 No valid recipients"]
    said(session, b"MAIL FROM:<a@b.test>\r\n")
    assert said(session, b"MAIL FROM:<a@b.test>\r\n") == ["503 5.5.1 Nested MAIL command"]
    assert said(session, b"XFORWARD IDENT=x\r\n") == ["503 5.5.1 XFORWARD belongs between LHLO and MAIL"]
    assert said(session, b"DATA\r\n") == ["503 5.5.1 No valid recipients"]
    assert said(session, b"RSET\r\nDATA\r\n") == ["250 2.0.0 Ok", "503 5.5.1 No valid recipients"]


def test_the_size_limit_to_the_octet() -> None:
    exact = b"x" * (LIMIT - 2) + b"\r\n"
    transaction = received(OPENING + exact + b".\r\n", step=4096)
    assert transaction is not None
    assert len(transaction.content) == LIMIT
    session = greeted()
    said(session, b"MAIL FROM:<>\r\nRCPT TO:<a@d.test>\r\nRCPT TO:<b@d.test>\r\nDATA\r\n")
    assert said(session, b"x" + exact + b".\r\n") == ["552 5.3.4 Message exceeds the size limit"] * 2
    assert said(session, b"NOOP\r\n") == ["250 2.0.0 Ok"], "the session stays in step"


def test_a_declared_size_over_the_limit_is_refused_at_mail() -> None:
    session = greeted()
    assert said(session, b"MAIL FROM:<> SIZE=%d\r\n" % (LIMIT + 1)) == [
        "552 5.3.4 Message exceeds the size limit"
    ]
    assert said(session, b"MAIL FROM:<> SIZE=%d\r\n" % LIMIT) == ["250 2.1.0 Sender ok"]


def test_an_endless_message_is_swallowed_in_bounded_memory() -> None:
    session = greeted()
    said(session, b"MAIL FROM:<>\r\nRCPT TO:<a@d.test>\r\nDATA\r\n")
    for _ in range(50):
        assert said(session, b"y" * 60_000) == []
        assert session.backlog < 2 * LIMIT
    assert said(session, b"\r\n.") == []
    assert said(session, b"\r\nNOOP\r\n") == ["552 5.3.4 Message exceeds the size limit", "250 2.0.0 Ok"]


def test_an_endless_command_is_swallowed_in_bounded_memory() -> None:
    session = greeted()
    for _ in range(50):
        assert said(session, b"N" * 10_000) == []
        assert session.backlog < LONGEST_COMMAND
    assert said(session, b"\r\nNOOP\r\n") == ["500 5.5.2 Line too long", "250 2.0.0 Ok"]


def test_too_many_recipients_and_too_many_errors() -> None:
    session = greeted()
    said(session, b"MAIL FROM:<>\r\n")
    assert set(said(session, b"RCPT TO:<a@d.test>\r\n" * MOST_RECIPIENTS)) == {"250 2.1.5 Recipient ok"}
    assert said(session, b"RCPT TO:<a@d.test>\r\n") == ["452 4.5.3 Too many recipients"]
    lines = said(greeted(), b"NONSENSE\r\n" * 100)
    assert lines[-1] == "421 4.7.0 Too many errors"
    assert len(lines) < 30


def test_a_truncated_message_never_comes_out() -> None:
    whole = OPENING + b"Subject: x\r\n\r\nbody\r\n.\r\n"
    for length in range(1, len(whole)):
        assert received(whole[:length]) is None


def test_a_reply_can_not_carry_a_second_line() -> None:
    assert Reply(550, "5.1.1", "no\r\n250 2.0.0 ok ก").encode() == b"550 5.1.1 no??250 2.0.0 ok ?\r\n"


@settings(max_examples=200)
@given(
    st.lists(st.sampled_from([b"\r", b"\n", b".", b"\r\n", b"\x00", b"x", b"\r\n.", b".\r\n"]), max_size=30)
)
def test_a_stuffed_message_comes_out_as_it_went_in(pieces: list[bytes]) -> None:
    content = b"".join(pieces) + b"\r\n"
    stuffed = (b"\r\n" + content).replace(b"\r\n.", b"\r\n..")[2:]
    transaction = received(OPENING + stuffed + b".\r\nNOOP\r\n", step=3)
    assert transaction is not None
    assert transaction.content == content


@settings(max_examples=200)
@given(st.binary(max_size=400))
def test_any_octets_are_survived(octets: bytes) -> None:
    session = Session("mail.test", LIMIT)
    session.feed(octets)
    if session.advance() is not None:
        session.answer([Reply(250, "2.0.0", "ok")])
    assert all(line[:3].isdigit() for line in session.take_output().splitlines())
