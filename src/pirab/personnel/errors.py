"""What joining, moving and leaving refuse."""

from __future__ import annotations

from pirab.core.errors import PirabError


class PersonnelError(PirabError):
    """This cannot be done with an account."""


class LinkRefused(PersonnelError):
    """This link is not valid: it was used, withdrawn, is too old, or never existed."""


class EnrolmentNotFound(PersonnelError):
    """No such invitation or request."""


class EnrolmentClosed(PersonnelError):
    """This was decided, used or withdrawn already."""


class StillWaiting(PersonnelError):
    """The agency's administrator has not decided yet."""


class LocalPartNotOffered(PersonnelError):
    """Choose one of the addresses that are offered."""


class ProofRefused(PersonnelError):
    """This code is wrong, too old, or was never sent."""


class NotRecognised(PersonnelError):
    """What was entered matches no entry; ask your agency's administrator."""


class NoMailDomain(PersonnelError):
    """The agency has no mail domain yet."""


class TableUnreadable(PersonnelError):
    """This file cannot be read as a table."""


class TableTooLarge(PersonnelError):
    """The table has more rows, or the file more octets, than are taken at once."""
