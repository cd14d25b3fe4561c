"""What transfer refuses."""

from __future__ import annotations

from pirab.core.errors import PirabError


class ExportNotFound(PirabError):
    """No such export in this account."""


class ExportNotReady(PirabError):
    """The export is still being prepared."""


class TooManyExports(PirabError):
    """This account has as many exports as it may; delete one."""
