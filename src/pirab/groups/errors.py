"""What groups refuse."""

from __future__ import annotations

from pirab.core.errors import PirabError


class GroupsError(PirabError):
    """The group cannot do this."""


class LetterNotFound(GroupsError):
    """No such letter waits, or not for this person."""


class LetterDecided(GroupsError):
    """Somebody has decided on this letter already."""
