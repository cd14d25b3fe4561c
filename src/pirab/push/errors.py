"""What push refuses. `kind` is the SetError type of rfc8620#5.3; `properties` names the bad ones."""

from __future__ import annotations

from typing import ClassVar

from pirab.core.errors import PirabError


class PushError(PirabError):
    """This subscription cannot be made or changed."""

    kind: ClassVar[str] = "forbidden"
    properties: tuple[str, ...] = ()


class SubscriptionNotFound(PushError):
    """There is no such subscription."""

    kind = "notFound"


class NotHttps(PushError):
    """The address of a subscription must be an https URL without user name and fragment."""

    kind = "invalidProperties"
    properties = ("url",)


class HostNotAllowed(PushError):
    """The operators of this service have not allowed push messages to this host (PIRAB_PUSH_HOSTS)."""

    kind = "invalidProperties"
    properties = ("url",)


class BadKeys(PushError):
    """The keys must be a P-256 point of 65 octets and a secret of 16 octets, both base64url."""

    kind = "invalidProperties"
    properties = ("keys",)


class WrongCode(PushError):
    """This is not the verification code that was sent."""

    kind = "invalidProperties"
    properties = ("verificationCode",)


class AlreadyOver(PushError):
    """The time of expiry must lie ahead."""

    kind = "invalidProperties"
    properties = ("expires",)


class TooManySubscriptions(PushError):
    """A person may have only so many subscriptions."""

    kind = "overQuota"


class TooFast(PushError):
    """Too many subscriptions were made within an hour."""

    kind = "rateLimit"
