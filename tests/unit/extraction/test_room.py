"""How much of one message is opened, however its letters are packed into each other."""

from __future__ import annotations

from email.message import EmailMessage
from itertools import count

import pytest

from pirab.extraction import actions
from pirab.extraction.types import Extract, Reading
from pirab.wire.mime import parse_message


def packed(width: int, depth: int) -> EmailMessage:
    """A letter with documents, or with letters that have them."""
    message = EmailMessage()
    message["Subject"] = f"level {depth}"
    message.set_content("text")
    for _ in range(width):
        if depth:
            message.add_attachment(packed(width, depth - 1))
        else:
            message.add_attachment(b"%PDF-1.4", "application", "pdf", filename="a.pdf")
    return message


def opened(monkeypatch: pytest.MonkeyPatch, message: EmailMessage) -> tuple[int, Extract]:
    made = count()

    def read(document: bytes) -> Extract:
        next(made)
        return Extract("words", Reading.READ)

    monkeypatch.setattr(actions, "read_document", read)
    raw = message.as_bytes()
    extract = actions.read_attachments(raw, parse_message(raw).root, set())
    return next(made), extract


def test_letters_inside_letters_share_one_room(monkeypatch: pytest.MonkeyPatch) -> None:
    documents, extract = opened(monkeypatch, packed(5, 3))
    assert documents <= actions.MOST_DOCUMENTS
    assert extract.reading is Reading.TOO_MUCH


def test_what_fits_is_read_to_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    documents, extract = opened(monkeypatch, packed(2, 2))
    assert (documents, extract.reading) == (8, Reading.READ)


def test_time_runs_out_for_all_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "MOST_SECONDS", 0.0)
    documents, extract = opened(monkeypatch, packed(2, 0))
    assert (documents, extract.reading) == (0, Reading.TOO_MUCH)
