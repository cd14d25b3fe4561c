"""Method-level errors and SetErrors, and the one table from domain errors to both (rfc8620#3.6.2, #5.3).

A domain error that may reach a client carries `.kind`, the error type's name, and `.properties`. Everything
else is a defect of ours and becomes `serverFail` in `dispatch`.
"""

from __future__ import annotations

from typing import Any, Final

from pirab.core.errors import PirabError, TemporaryError
from pirab.core.ids import IdKind, encode_id

METHOD_ERROR_KINDS: Final = frozenset(
    {
        "serverUnavailable",
        "serverFail",
        "serverPartialFail",
        "unknownMethod",
        "invalidArguments",
        "invalidResultReference",
        "forbidden",
        "accountNotFound",
        "accountNotSupportedByMethod",
        "accountReadOnly",
        "requestTooLarge",
        "cannotCalculateChanges",
        "stateMismatch",
        "anchorNotFound",
        "unsupportedSort",
        "unsupportedFilter",
        "tooManyChanges",
        "fromAccountNotFound",
        "fromAccountNotSupportedByMethod",
    }
)
"""Error types that end a whole method call."""


class MethodError(PirabError):
    """The method call was refused."""

    def __init__(self, kind: str, description: str | None = None, **properties: Any) -> None:
        """`kind` is an error type of the RFC; `properties` go into the error object as they are."""
        super().__init__(f"{kind} {description}" if description else kind)
        self.kind = kind
        self.description = description
        self.properties = properties

    def as_arguments(self) -> dict[str, Any]:
        """The arguments of the `error` response."""
        error: dict[str, Any] = {"type": self.kind}
        if self.description:
            error["description"] = self.description
        return error | self.properties


class SetError(PirabError):
    """One record of a set or copy was refused."""

    def __init__(
        self,
        kind: str,
        description: str | None = None,
        *,
        properties: tuple[str, ...] = (),
        **extra: Any,
    ) -> None:
        """`properties` names the bad ones (`invalidProperties`); `extra` goes into the object as it is."""
        super().__init__(f"{kind} {description}" if description else kind)
        self.kind = kind
        self.description = description
        self.properties = properties
        self.extra = extra

    def as_object(self) -> dict[str, Any]:
        """The SetError object of rfc8620#5.3."""
        error: dict[str, Any] = {"type": self.kind}
        if self.description:
            error["description"] = self.description
        if self.properties:
            error["properties"] = list(self.properties)
        return error | self.extra


def invalid_arguments(description: str, *names: str) -> MethodError:
    """`invalidArguments`, saying which arguments are bad."""
    return MethodError("invalidArguments", description, **({"arguments": list(names)} if names else {}))


def invalid_properties(description: str, *names: str) -> SetError:
    """`invalidProperties`, saying which properties are bad."""
    return SetError("invalidProperties", description, properties=names)


def too_large(what: str, limit: int) -> MethodError:
    """`requestTooLarge`: more records in one call than the server handles."""
    return MethodError("requestTooLarge", f"At most {limit} {what} in one call.")


def method_error_from(error: PirabError) -> MethodError | None:
    """The method-level error a domain error means, or None when it is not one a client may see."""
    if isinstance(error, MethodError):
        return error
    kind = getattr(error, "kind", None)
    if isinstance(kind, str) and kind in METHOD_ERROR_KINDS:
        return MethodError(kind, _headline(error))
    if isinstance(error, TemporaryError):
        return MethodError("serverUnavailable", _headline(error))
    return None


def set_error_from(error: PirabError) -> SetError | None:
    """The SetError a domain error means for one record, or None when it must end the whole call."""
    if isinstance(error, SetError):
        return error
    kind = getattr(error, "kind", None)
    if not isinstance(kind, str) or kind in METHOD_ERROR_KINDS - {"forbidden"}:
        return None
    extra: dict[str, Any] = {}
    existing = getattr(error, "existing_id", None)
    if isinstance(existing, int):
        extra["existingId"] = encode_id(IdKind.EMAIL, existing)
    return SetError(kind, _headline(error), properties=tuple(getattr(error, "properties", ())), **extra)


def _headline(error: PirabError) -> str:
    """Only the class's own words: the detail may name an internal key."""
    return (type(error).__doc__ or type(error).__name__).strip().splitlines()[0]
