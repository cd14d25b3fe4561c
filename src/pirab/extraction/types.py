"""What comes out of an attachment."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from pirab.core.errors import PirabError


class Reading(StrEnum):
    """How reading one document ended."""

    READ = "read"
    NOTHING = "nothing"
    """Nothing of a kind we read."""
    DAMAGED = "damaged"
    """Broken, encrypted, or not what it claims to be."""
    TOO_MUCH = "too much"
    """Stopped at a limit of time, memory or size; what was read before stays."""


class Extract(msgspec.Struct, frozen=True):
    """Text of one document (or of several, joined), and how it went."""

    text: str
    reading: Reading


class SandboxUnavailable(PirabError):
    """This machine cannot make the box: nothing is opened; the job is tried again later."""
