"""What contacts refuse."""

from __future__ import annotations

from typing import ClassVar

from pirab.core.errors import PirabError


class ContactsError(PirabError):
    """Contacts refused."""


class BookNotFound(ContactsError):
    """There is no such address book."""

    kind: ClassVar[str] = "notFound"


class CardNotFound(ContactsError):
    """There is no such card."""

    kind: ClassVar[str] = "notFound"


class BookHasContents(ContactsError):
    """The address book still holds cards."""

    kind: ClassVar[str] = "addressBookHasContents"


class BookIsDefault(ContactsError):
    """The default address book stays."""

    kind: ClassVar[str] = "forbidden"


class TooManyBooks(ContactsError):
    """The account has as many address books as it may."""

    kind: ClassVar[str] = "overQuota"


class TooManyCards(ContactsError):
    """The account has as many cards as it may."""

    kind: ClassVar[str] = "overQuota"


class BooksMissing(ContactsError):
    """A card is in one address book of its account at least, and in no others."""

    kind: ClassVar[str] = "invalidProperties"
    properties: ClassVar[tuple[str, ...]] = ("addressBookIds",)


class UidTaken(ContactsError):
    """The account has a card with this uid."""

    kind: ClassVar[str] = "alreadyExists"

    def __init__(self, card_id: int) -> None:
        super().__init__()
        self.card_id = card_id


class BadCard(ContactsError):
    """The card is not one of RFC 9553."""

    kind: ClassVar[str] = "invalidProperties"

    def __init__(self, reason: str, *properties: str) -> None:
        super().__init__(reason[:300])
        self.properties = properties


class ImportNotFound(ContactsError):
    """There is no such import."""

    kind: ClassVar[str] = "notFound"


class FileUnreadable(ContactsError):
    """The file is neither a vCard nor a table of contacts."""


class TooManyRows(ContactsError):
    """The file holds more contacts than one import takes."""


class UnitBookForbidden(ContactsError):
    """Only the book of a unit's own account can be shown to the unit."""

    kind: ClassVar[str] = "forbidden"
