"""What the directory refuses to those who would carry it away."""

from __future__ import annotations

from pirab.directory.errors import DirectoryError


class TooMuchRead(DirectoryError):
    """More entries were read today than work with people needs; it goes on tomorrow."""


class PurposeMissing(DirectoryError):
    """Whoever takes many entries at once says what for."""
