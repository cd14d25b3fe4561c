"""What submission refuses. `kind` is the SetError type of rfc8621#7.5 or rfc8620#5.3; `extra` goes beside it."""

from __future__ import annotations

from typing import Any, ClassVar

from pirab.core.errors import PirabError


class SubmissionError(PirabError):
    """This mail cannot be handed in."""

    kind: ClassVar[str] = "forbidden"

    def __init__(
        self,
        detail: str | None = None,
        *,
        properties: tuple[str, ...] = (),
        extra: dict[str, Any] | None = None,
    ) -> None:
        """`properties` names the bad ones; `extra` holds the members the error type asks for."""
        super().__init__(detail)
        self.properties = properties
        self.extra: dict[str, Any] = extra or {}


class InvalidProperties(SubmissionError):
    """A property has a value that cannot be used."""

    kind = "invalidProperties"


class InvalidEmail(SubmissionError):
    """The mail itself is not complete enough to be sent."""

    kind = "invalidEmail"


class TooManyRecipients(SubmissionError):
    """More recipients than one mail may have."""

    kind = "tooManyRecipients"


class NoRecipients(SubmissionError):
    """There is nobody to send this to."""

    kind = "noRecipients"


class InvalidRecipients(SubmissionError):
    """Some recipients have no usable address."""

    kind = "invalidRecipients"


class ForbiddenMailFrom(SubmissionError):
    """You may not send with this envelope sender."""

    kind = "forbiddenMailFrom"


class ForbiddenFrom(SubmissionError):
    """You may not write in the name of this address."""

    kind = "forbiddenFrom"


class ForbiddenToSend(SubmissionError):
    """You may not send from this account."""

    kind = "forbiddenToSend"


class TooLarge(SubmissionError):
    """The mail is larger than the service carries."""

    kind = "tooLarge"


class CannotUnsend(SubmissionError):
    """Too late: this mail is on its way."""

    kind = "cannotUnsend"


class SubmissionNotFound(SubmissionError):
    """No such submission."""

    kind = "notFound"


class IdentityNotFound(SubmissionError):
    """No such identity."""

    kind = "notFound"


class IdentityNotDeletable(SubmissionError):
    """The identity of an address of this account stays as long as the address does."""

    kind = "forbidden"


class TooManyIdentities(SubmissionError):
    """This account has as many identities as it may have."""

    kind = "overQuota"


class EmailNotFound(SubmissionError):
    """There is no such mail in this account."""

    kind = "notFound"


class MdnAlreadySent(SubmissionError):
    """The author of this mail has been told already."""

    kind = "mdnAlreadySent"
