"""What the store refuses. `kind` is the JMAP error type (rfc8620#3.6.2, rfc8620#5.3, rfc8621#2.5)."""

from __future__ import annotations

from typing import ClassVar

from pirab.core.errors import PirabError, TemporaryError


class StoreError(PirabError):
    """The store cannot do this."""

    kind: ClassVar[str] = "serverFail"

    def __init__(self, detail: str | None = None, *, properties: tuple[str, ...] = ()) -> None:
        super().__init__(detail)
        self.properties = properties


class AccountUnknown(StoreError):
    """The store holds no such account."""

    kind = "accountNotFound"


class EmailNotFound(StoreError):
    """No such email in this account."""

    kind = "notFound"


class RemovedEmailNotFound(StoreError):
    """No such removed mail in this account, or it is gone for good."""

    kind = "notFound"


class MailboxNotFound(StoreError):
    """No such mailbox in this account."""

    kind = "notFound"


class BlobNotFound(StoreError):
    """No such blob for this account."""

    kind = "blobNotFound"


class InvalidProperties(StoreError):
    """A property has a value that is not allowed."""

    kind = "invalidProperties"


class MailboxNameTaken(InvalidProperties):
    """A mailbox beside it has this name."""


class InvalidKeywords(InvalidProperties):
    """A keyword is not in the grammar of RFC 8621 section 4.1.1."""


class TooManyKeywords(StoreError):
    """An email cannot carry so many keywords."""

    kind = "tooManyKeywords"


class InvalidMailboxes(InvalidProperties):
    """An email must be in at least one mailbox of its own account."""


class AlreadyExists(StoreError):
    """The account holds this message already."""

    kind = "alreadyExists"

    def __init__(self, existing_id: int) -> None:
        super().__init__()
        self.existing_id = existing_id


class OverQuota(StoreError):
    """The account is full."""

    kind = "overQuota"


class MailboxHasChild(StoreError):
    """The mailbox has mailboxes below it."""

    kind = "mailboxHasChild"


class MailboxHasEmail(StoreError):
    """The mailbox still holds emails."""

    kind = "mailboxHasEmail"


class MailboxProtected(StoreError):
    """This mailbox belongs to the service and stays."""

    kind = "forbidden"


class CannotCalculateChanges(StoreError):
    """The change log does not reach back to that state."""

    kind = "cannotCalculateChanges"


class TooManyChanges(StoreError):
    """More has changed than the caller wants to hear of."""

    kind = "tooManyChanges"


class AnchorNotFound(StoreError):
    """The anchor is not in the results."""

    kind = "anchorNotFound"


class UnsupportedFilter(StoreError):
    """This filter is not supported."""

    kind = "unsupportedFilter"


class UnsupportedSort(StoreError):
    """This sort is not supported."""

    kind = "unsupportedSort"


class StateMismatch(StoreError):
    """The account has changed since the state that was given."""

    kind = "stateMismatch"


class FanoutNotFound(StoreError):
    """No such fan-out."""

    kind = "notFound"


class MessageGone(TemporaryError):
    """The message was collected as unused at this very moment; handing it in again works."""


class UploadsFull(TemporaryError):
    """Too many uploads that no mail uses: use them, or come back in an hour."""

    kind: ClassVar[str] = "overQuota"
