"""Every real message of the shared corpus goes in through SMTP and comes back with the sender's octets.

What the standards change on the way: line ends become CRLF (rfc5321#2.3.8) and trace fields come in front
(rfc5321#4.4). What Postfix changes beside that: a mailbox file's "From " line at the very start becomes
X-Mailbox-Line, a header section that ends at a line that is no field gets its empty line, and a single field
ends after 60,000 octets. A message that the scanners refuse is refused in the session.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.acceptance.people import TestPerson, open_account
from tests.acceptance.reader import Reader, SeenEmail
from tests.acceptance.smtp_session import new_message_id, plain_letter, submit
from tests.acceptance.system import System
from tests.conftest import CORPUS

_FIELD = re.compile(rb"[!-9;-~]+[ \t]*:")
_SUFFIXES = {".eml", ".msg", ".txt"}


def _messages() -> list[Path]:
    if not CORPUS.is_dir():
        return []
    folders = (CORPUS / "mime", CORPUS / "dkim")
    return sorted(
        path
        for folder in folders
        for path in folder.rglob("*")
        if path.suffix in _SUFFIXES and path.name not in ("COPYING", "README.txt")
    )


@pytest.fixture(scope="module")
def person(system: System) -> TestPerson:
    return open_account(system)


@pytest.fixture(scope="module")
def reader(system: System, person: TestPerson) -> Reader:
    return Reader(system, person)


@pytest.fixture
def known(reader: Reader) -> set[str]:
    """The emails the account holds before this test."""
    return {email.id for email in reader.emails()}


def as_smtp_carries_it(raw: bytes) -> bytes:
    """CRLF line ends, one at the end, and the empty line that ends a header section."""
    content = re.sub(rb"\r?\n", b"\r\n", raw)
    if content and not content.endswith(b"\r\n"):
        content += b"\r\n"
    return content


def as_postfix_keeps_it(content: bytes) -> bytes:
    """An empty line before the first line that is no field; no mailbox file's first line."""
    if content.startswith(b"From "):
        content = b"X-Mailbox-Line: " + content
    lines = content.split(b"\r\n")
    for index, line in enumerate(lines):
        if line == b"":
            return content
        continues = index > 0 and line[:1] in b" \t"
        if not _FIELD.match(line) and not continues:
            return b"\r\n".join([*lines[:index], b"", *lines[index:]])
    return content


def longest_field(content: bytes) -> int:
    """Octets of the longest header field with its continuation lines."""
    return max(map(len, re.split(rb"\r\n(?![ \t])", content.partition(b"\r\n\r\n")[0])))


def test_the_corpus_is_here() -> None:
    if not CORPUS.is_dir():
        pytest.skip("the shared corpus is not beside this checkout")
    assert len(_messages()) > 50


@pytest.mark.parametrize("path", _messages(), ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_real_message_comes_back_as_it_was(
    system: System, person: TestPerson, reader: Reader, known: set[str], path: Path
) -> None:
    sent = as_smtp_carries_it(path.read_bytes())
    reply = submit(system, sent, person.email)
    if reply.code == 554 and reply.enhanced_status == "5.7.1":
        return  # spam or virus by the scanners' rules: refused while the sender waited
    assert reply.code == 250, reply
    stored = reader.download(_arrived(system, person, reader, known))
    assert stored.startswith(b"Return-Path: <")
    if longest_field(sent) > 59_000:
        assert stored.endswith(sent.partition(b"\r\n\r\n")[2])
    else:
        assert stored.endswith(as_postfix_keeps_it(sent))


def _arrived(system: System, person: TestPerson, reader: Reader, known: set[str]) -> SeenEmail:
    """The one new email. Many of these messages have no name to look for, so a letter with one follows."""
    marker = new_message_id()
    assert submit(system, plain_letter(person.email, message_id=marker), person.email).code == 250
    emails = reader.wait_for_count(len(known) + 2)
    (arrived,) = [email for email in emails if email.id not in known and email.message_id != marker]
    return arrived
