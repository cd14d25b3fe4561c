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


class DomainOfAnother(DirectoryError):
    """The domain belongs to another agency."""


class DomainInUse(DirectoryError):
    """People still have addresses in the domain, or other domains stand for it."""


class AliasInvalid(DirectoryError):
    """A domain stands for one other domain of its agency that stands for none itself."""


class AgencyNotFound(DirectoryError):
    """No such agency."""


class AgencyForbidden(AgencyNotFound):
    """This person may see the agency but not do this with it."""


class AgencyInvalid(DirectoryError):
    """Not what an agency can be: no name, or a place inside itself."""


class EntryNotFound(DirectoryError):
    """No such person, post or holding, or not for whoever asks."""


class EntryInvalid(DirectoryError):
    """Not what an entry of the directory can say; the message names the field."""


class EditedMeanwhile(DirectoryError):
    """Somebody else changed it since it was read: read it again."""


class LimitReached(DirectoryError):
    """The agency, or one above it, has no room for this."""


class PeriodInvalid(DirectoryError):
    """The end of a period lies before its beginning."""


class GroupNotFound(DirectoryError):
    """No such group, or not for whoever asks."""


class GroupInvalid(DirectoryError):
    """Not what a group can be; the message names the field."""
