"""What transfer refuses."""

from __future__ import annotations

from pirab.core.errors import PirabError


class ExportNotFound(PirabError):
    """No such export in this account."""


class ExportNotReady(PirabError):
    """The export is still being prepared."""


class TooManyExports(PirabError):
    """This account has as many exports as it may; delete one."""


class ImportNotFound(PirabError):
    """No such import in this account."""


class TooManyImports(PirabError):
    """This account has as many imports as it may; delete one."""


class WrongPlace(PirabError):
    """The part does not begin where the last one ended."""


class ImportClosed(PirabError):
    """Nothing can be added any more."""


class ImportTooLarge(PirabError):
    """More than an import may hold."""
