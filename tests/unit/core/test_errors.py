"""Errors: the docstring is the message."""

from __future__ import annotations

from pirab.core.errors import PirabError, TemporaryError


class CupboardLocked(PirabError):
    """The cupboard is locked.

    A second paragraph for programmers.
    """


def test_the_first_line_of_the_docstring_is_the_message() -> None:
    assert str(CupboardLocked()) == "The cupboard is locked."
    assert str(CupboardLocked("kitchen")) == "The cupboard is locked: kitchen"
    assert CupboardLocked("kitchen").detail == "kitchen"


def test_temporary_errors_are_errors() -> None:
    assert issubclass(TemporaryError, PirabError)
