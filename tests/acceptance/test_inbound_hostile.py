"""Mail nobody should send: broken lines, smuggled messages, absurd sizes and shapes.

What is accepted comes back with the sender's octets as they were; what is refused is refused in the session;
nothing takes the system down or becomes somebody else's message.
"""

from __future__ import annotations

import base64
import io
import time
import zipfile
from collections.abc import Callable

import pytest

from tests.acceptance.people import TestPerson, open_account
from tests.acceptance.reader import Reader
from tests.acceptance.smtp_session import SENDER, SmtpSession, new_message_id, plain_letter, submit
from tests.acceptance.system import System


@pytest.fixture(scope="module")
def person(system: System) -> TestPerson:
    return open_account(system)


@pytest.fixture(scope="module")
def reader(system: System, person: TestPerson) -> Reader:
    return Reader(system, person)


def header(to: str, message_id: str, *more: str) -> bytes:
    """The header section of an honest letter, without the empty line."""
    lines = [
        f"From: Outside <{SENDER}>",
        f"To: <{to}>",
        "Subject: hostile shape",
        f"Date: {time.strftime('%a, %d %b %Y %H:%M:%S +0000', time.gmtime())}",
        f"Message-ID: <{message_id}>",
        "MIME-Version: 1.0",
        *more,
    ]
    return "".join(f"{line}\r\n" for line in lines).encode()


# -- sessions ------------------------------------------------------------------------------------------------


def test_a_truncated_message_is_nobodys(system: System, person: TestPerson, reader: Reader) -> None:
    message_id = new_message_id()
    letter = plain_letter(person.email, message_id=message_id, body=b"x" * 5000 + b"\r\n")
    for cut in (1, len(letter) // 2, len(letter)):
        with SmtpSession(system) as session:
            session.begin(person.email)
            assert session.say("DATA").code == 354
            session.send(letter[:cut])
    marker = new_message_id()
    assert submit(system, plain_letter(person.email, message_id=marker), person.email).code == 250
    reader.wait_for(marker)
    assert reader.message_ids()[message_id] == 0


@pytest.mark.parametrize(
    "ending",
    [b"\n.\n", b"\n.\r\n", b"\r\n.\n", b"\r.\r", b"\r\n.\r", b"\r.\r\n", b"\n\n.\r\n", b"\r\n\x00.\r\n"],
    ids=lambda ending: ending.hex(),
)
def test_nothing_is_smuggled_behind_a_false_end(system: System, ending: bytes) -> None:
    """What follows the false end must be text of the first message, whatever its line ends become."""
    target = open_account(system)
    outer, inner = new_message_id(), new_message_id()
    smuggled = (
        f"MAIL FROM:<minister@moi.go.test>\r\nRCPT TO:<{target.email}>\r\nDATA\r\n".encode()
        + header(target.email, inner)
        + b"\r\nsmuggled\r\n"
    )
    with SmtpSession(system) as session:
        session.begin(target.email)
        assert session.say("DATA").code == 354
        session.send(header(target.email, outer) + b"\r\nfirst" + ending + smuggled + b".\r\n")
        assert session.reply().code == 250
        assert session.say("QUIT").code == 221
    reader = Reader(system, target)
    (email,) = reader.wait_for_count(1)
    assert email.message_id == outer
    assert b"smuggled" in reader.download(email)


@pytest.mark.parametrize(
    "command", [b"NOOP\nRSET\r\n", b"NOOP\rQUIT\r\n", b"\x00NOOP\r\n", b"X" * 100_000 + b"\r\n"]
)
def test_a_broken_command_breaks_nothing(system: System, command: bytes) -> None:
    with SmtpSession(system) as session:
        session.send(command)
        try:
            assert 200 <= session.reply().code < 600
        except ConnectionError:
            return
    with SmtpSession(system) as session:
        assert session.say("NOOP").code == 250


def test_speaking_out_of_turn_is_refused(system: System, person: TestPerson) -> None:
    with SmtpSession(system) as session:
        assert session.say("DATA").code == 503
        assert session.say(f"RCPT TO:<{person.email}>").code == 503
        session.begin("nobody-at-all@inbound.go.test")
        assert session.say("DATA").code >= 500


# -- bytes ---------------------------------------------------------------------------------------------------


def accepted_as_it_is(
    system: System, reader: Reader, person: TestPerson, letter: bytes, message_id: str
) -> None:
    reply = submit(system, letter, person.email)
    assert reply.code == 250, reply
    stored = reader.download(reader.wait_for(message_id, seconds=120))
    assert stored.endswith(letter), "the sender's octets are an exact suffix"


def bare_carriage_returns(to: str, message_id: str) -> bytes:
    return header(to, message_id, "Content-Type: text/plain") + b"\r\none\rtwo\r\r\nthree\r\n"


def nul_octets(to: str, message_id: str) -> bytes:
    return header(to, message_id, "Content-Type: text/plain") + b"\r\none\x00two\r\n\x00\r\n"


def a_hundred_thousand_fields(to: str, message_id: str) -> bytes:
    return (
        header(to, message_id) + b"".join(b"X-Filler-%d: y\r\n" % n for n in range(100_000)) + b"\r\nend\r\n"
    )


def ten_thousand_parts(to: str, message_id: str) -> bytes:
    part = b"--b\r\nContent-Type: text/plain\r\n\r\npart\r\n"
    return (
        header(to, message_id, "Content-Type: multipart/mixed; boundary=b")
        + b"\r\n"
        + part * 10_000
        + b"--b--\r\n"
    )


def nested(to: str, message_id: str, levels: int) -> bytes:
    """Multiparts in multiparts; the innermost holds a word."""
    opening = b"".join(
        b"--b%d\r\nContent-Type: multipart/mixed; boundary=b%d\r\n\r\n" % (depth, depth + 1)
        for depth in range(levels)
    )
    closing = b"".join(b"--b%d--\r\n" % depth for depth in range(levels, -1, -1))
    inner = b"--b%d\r\nContent-Type: text/plain\r\n\r\ndeep\r\n" % levels
    return (
        header(to, message_id, "Content-Type: multipart/mixed; boundary=b0")
        + b"\r\n"
        + opening
        + inner
        + closing
    )


def nested_fifteen_deep(to: str, message_id: str) -> bytes:
    return nested(to, message_id, 15)


def an_unknown_charset(to: str, message_id: str) -> bytes:
    more = ("Content-Type: text/plain; charset=x-martian", "Content-Transfer-Encoding: 8bit")
    return header(to, message_id, *more) + b"\r\n" + bytes(range(128, 256)) + b"\r\n"


def a_wrong_charset(to: str, message_id: str) -> bytes:
    more = ("Content-Type: text/plain; charset=us-ascii", "Content-Transfer-Encoding: 7bit")
    return header(to, message_id, *more) + b"\r\n" + "ข้อความไทย".encode("cp874") + b"\r\n"


def a_line_of_a_megabyte(to: str, message_id: str) -> bytes:
    return header(to, message_id, "Content-Type: text/plain") + b"\r\n" + b"x" * 1_000_000 + b"\r\n"


def a_field_of_fifty_kilobytes(to: str, message_id: str) -> bytes:
    return header(to, message_id, "X-Long: " + "y" * 50_000, "Content-Type: text/plain") + b"\r\nend\r\n"


def fifteen_hundred_addresses(to: str, message_id: str) -> bytes:
    listed = ",\r\n ".join(f"person{number:04}@inbound.go.test" for number in range(1_500))
    return header(to, message_id, f"Cc: {listed}") + b"\r\nend\r\n"


def bad_base64(to: str, message_id: str) -> bytes:
    more = ("Content-Type: application/pdf; name=x.pdf", "Content-Transfer-Encoding: base64")
    return header(to, message_id, *more) + b"\r\n!!!! this is = no == base64 \x80\xff\r\n====\r\n"


def no_header_at_all_but_the_name(to: str, message_id: str) -> bytes:
    return f"Message-ID: <{message_id}>\r\n\r\n".encode()


def fields_that_are_none(to: str, message_id: str) -> bytes:
    return header(to, message_id) + b"this is no field\r\n: nor this\r\n\xff\xfe: or this\r\n\r\nbody\r\n"


def private_fields(to: str, message_id: str) -> bytes:
    more = (
        "Return-Path: <forged@x.test>",
        "Bcc: secret@x.test",
        "Content-Length: 3",
        "Status: RO",
        "X-Spam: Yes",
    )
    return header(to, message_id, *more) + b"\r\nFrom here on\r\nFrom there\r\n"


@pytest.mark.parametrize(
    "make",
    [
        bare_carriage_returns,
        nul_octets,
        a_hundred_thousand_fields,
        ten_thousand_parts,
        nested_fifteen_deep,
        an_unknown_charset,
        a_wrong_charset,
        a_line_of_a_megabyte,
        a_field_of_fifty_kilobytes,
        fifteen_hundred_addresses,
        bad_base64,
        private_fields,
    ],
    ids=lambda make: make.__name__,
)
def test_ugly_mail_comes_back_octet_for_octet(
    system: System, person: TestPerson, reader: Reader, make: Callable[[str, str], bytes]
) -> None:
    message_id = new_message_id()
    accepted_as_it_is(system, reader, person, make(person.email, message_id), message_id)


def test_nesting_a_thousand_deep_is_more_than_the_virus_scanner_reads(
    system: System, person: TestPerson
) -> None:
    """What can not be scanned to the bottom is not delivered; the sender hears it in the session."""
    reply = submit(system, nested(person.email, new_message_id(), 1000), person.email)
    assert (reply.code, reply.enhanced_status) == (554, "5.7.1")


def test_a_line_that_is_no_field_ends_the_header_section(
    system: System, person: TestPerson, reader: Reader
) -> None:
    """Postfix puts in the empty line that is missing; no octet of the sender's is lost."""
    message_id = new_message_id()
    fields = header(person.email, message_id)
    rest = b"this is no field\r\n: nor this\r\n\xff\xfe: or this\r\n\r\nbody\r\n"
    assert submit(system, fields + rest, person.email).code == 250
    stored = reader.download(reader.wait_for(message_id))
    assert stored.endswith(fields + b"\r\n" + rest)


def test_a_field_over_sixty_kilobytes_is_cut_and_nothing_else(
    system: System, person: TestPerson, reader: Reader
) -> None:
    """A limit of Postfix's where a milter listens: one field of more than 60,000 octets ends there."""
    message_id = new_message_id()
    start, end = header(person.email, message_id), b"Content-Type: text/plain\r\n\r\nend\r\n"
    assert submit(system, start + b"X-Long: " + b"y" * 200_000 + b"\r\n" + end, person.email).code == 250
    stored = reader.download(reader.wait_for(message_id))
    assert stored.endswith(b"y\r\n" + end)
    assert start + b"X-Long: yyy" in stored
    assert 59_000 < stored.count(b"y") < 61_000


def test_bare_line_feeds_become_line_ends(system: System, person: TestPerson, reader: Reader) -> None:
    """The one change SMTP makes (rfc5321#2.3.8): a bare LF is taken for a line end."""
    message_id = new_message_id()
    letter = header(person.email, message_id, "Content-Type: text/plain") + b"\r\none\ntwo\nthree\r\n"
    assert submit(system, letter, person.email).code == 250
    stored = reader.download(reader.wait_for(message_id))
    assert stored.endswith(letter.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))


def zip_bomb(layers: int) -> bytes:
    """An archive of archives whose innermost file is a hundred megabytes of zeros."""
    payload = b"\0" * 100_000_000
    for layer in range(layers):
        archive = io.BytesIO()
        with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as opened:
            for copy in range(1 if layer == 0 else 10):
                opened.writestr(f"{copy}.zip" if layer else "zeros", payload)
        payload = archive.getvalue()
    return payload


def test_a_zip_bomb_goes_off_nowhere(system: System, person: TestPerson, reader: Reader) -> None:
    message_id = new_message_id()
    more = ("Content-Type: application/zip; name=bomb.zip", "Content-Transfer-Encoding: base64")
    encoded = base64.encodebytes(zip_bomb(3)).replace(b"\n", b"\r\n")
    letter = header(person.email, message_id, *more) + b"\r\n" + encoded
    begun = time.monotonic()
    reply = submit(system, letter, person.email)
    assert time.monotonic() - begun < 60
    assert reply.code in (250, 554), reply
    if reply.code == 250:
        assert reader.download(reader.wait_for(message_id)).endswith(letter)
    marker = new_message_id()
    assert submit(system, plain_letter(person.email, message_id=marker), person.email).code == 250
    reader.wait_for(marker)


# -- sizes ---------------------------------------------------------------------------------------------------


def letter_of(size: int, to: str, message_id: str) -> bytes:
    """A letter of exactly `size` octets."""
    start = header(to, message_id, "Content-Type: text/plain") + b"\r\n"
    filler = b"0123456789abcdef" * 61 + b"\r\n"
    full = start + filler * ((size - len(start) - 2) // len(filler))
    letter = full + b"y" * (size - len(full) - 2) + b"\r\n"
    assert len(letter) == size
    return letter


def test_one_octet_over_the_limit(system: System, person: TestPerson, reader: Reader) -> None:
    limit = system.environment.message_size_limit
    with SmtpSession(system) as session:
        declared = session.say(f"MAIL FROM:<{SENDER}> SIZE={limit + 1}")
        assert (declared.code, declared.enhanced_status) == (552, "5.3.4")
    message_id = new_message_id()
    reply = submit(system, letter_of(limit + 1, person.email, message_id), person.email)
    assert (reply.code, reply.enhanced_status) == (552, "5.3.4")
    assert reader.message_ids()[message_id] == 0


def test_a_message_of_exactly_the_limit_arrives_whole(
    system: System, person: TestPerson, reader: Reader
) -> None:
    message_id = new_message_id()
    letter = letter_of(system.environment.message_size_limit, person.email, message_id)
    accepted_as_it_is(system, reader, person, letter, message_id)
