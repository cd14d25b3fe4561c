"""What the care of domains refuses."""

from __future__ import annotations

from pirab.core.errors import PirabError


class DomainError(PirabError):
    """This cannot be done with the domain."""


class ClaimNotFound(DomainError):
    """No such domain, or not one of this agency."""


class NameInvalid(DomainError):
    """Not a domain name that can have mail."""


class NameReserved(DomainError):
    """The name is reserved, belongs to a registry, or is this service's own."""


class NameLookalike(DomainError):
    """The name mixes scripts or can be mistaken for the domain of another agency."""


class DomainTaken(DomainError):
    """The domain belongs to another agency, or is claimed already."""


class NotProven(DomainError):
    """First the ownership of the domain has to be proven by its TXT record."""


class NotReceiving(DomainError):
    """The domain takes no mail yet."""


class RotationRefused(DomainError):
    """A rotation is under way already, or the key is in use."""
