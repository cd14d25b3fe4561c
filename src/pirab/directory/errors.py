"""What the directory refuses."""

from __future__ import annotations

from pirab.core.errors import PirabError


class DirectoryError(PirabError):
    """The directory cannot do this."""


class AccountNotFound(DirectoryError):
    """No such account, or not for this person."""


class AccountReadOnly(DirectoryError):
    """This person may read the account but not change it."""


class AccountForbidden(AccountReadOnly):
    """This person may read and mark the account's mail, but not change it for others."""


class AddressTaken(DirectoryError):
    """The address belongs to another account already."""


class AddressInvalid(DirectoryError):
    """Not an address that this service can own."""


class DomainUnknown(DirectoryError):
    """The domain is not one of this service's."""


class AgencyNotFound(DirectoryError):
    """No such agency."""
