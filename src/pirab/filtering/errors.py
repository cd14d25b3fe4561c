"""What filtering refuses."""

from __future__ import annotations

from typing import ClassVar

from pirab.core.errors import PirabError


class FilteringError(PirabError):
    """Filtering refused."""


class ScriptInvalid(FilteringError):
    """The script is not valid Sieve, or uses an extension that is not known here."""

    kind: ClassVar[str] = "invalidSieve"


class ScriptTooLarge(FilteringError):
    """The script is too long."""

    kind: ClassVar[str] = "tooLarge"


class ScriptNotFound(FilteringError):
    """There is no such script."""

    kind: ClassVar[str] = "notFound"


class ScriptIsActive(FilteringError):
    """The script is active; deactivate it first."""

    kind: ClassVar[str] = "sieveIsActive"


class TooManyScripts(FilteringError):
    """The account has as many scripts as it may."""

    kind: ClassVar[str] = "overQuota"


class NameTaken(FilteringError):
    """Another script has this name."""

    kind: ClassVar[str] = "alreadyExists"

    def __init__(self, script_id: int) -> None:
        super().__init__()
        self.script_id = script_id


class NameInvalid(FilteringError):
    """The name is empty, too long or contains control characters."""

    kind: ClassVar[str] = "invalidProperties"
    properties: ClassVar[tuple[str, ...]] = ("name",)


class RulesInvalid(FilteringError):
    """A rule says something that cannot be done."""

    kind: ClassVar[str] = "invalidProperties"
    properties: ClassVar[tuple[str, ...]] = ("rules",)


class RunUnderWay(FilteringError):
    """The rules are being applied, or taken back, at this moment."""

    kind: ClassVar[str] = "forbidden"


class NothingToUndo(FilteringError):
    """There is no run that could be undone."""

    kind: ClassVar[str] = "forbidden"
