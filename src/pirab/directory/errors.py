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


class LimitAboveParent(DirectoryError):
    """A limit cannot be higher than what the agency above has left."""

    def __init__(self, detail: str | None = None, *, agency_id: int | None = None, left: int = 0) -> None:
        """`agency_id` is whose limit leaves only `left`; `detail` names the resource."""
        super().__init__(detail)
        self.agency_id = agency_id
        self.left = left


class LimitReached(DirectoryError):
    """The agency, or one above it, has no room for this."""

    def __init__(
        self,
        detail: str | None = None,
        *,
        agency_id: int | None = None,
        most: int | None = None,
        used: int = 0,
    ) -> None:
        """`agency_id` is whose limit it is, `most` the limit, `used` what would be used with this."""
        super().__init__(detail)
        self.agency_id = agency_id
        self.most = most
        self.used = used


class PeriodInvalid(DirectoryError):
    """The end of a period lies before its beginning."""


class GroupNotFound(DirectoryError):
    """No such group, or not for whoever asks."""


class GroupInvalid(DirectoryError):
    """Not what a group can be; the message names the field."""


class LocalPartInvalid(DirectoryError):
    """The part before the @ has characters, or an order of them, that no address of ours may have."""


class LocalPartReserved(DirectoryError):
    """The part before the @ is kept for the service or for offices, or looks like one that is."""
