"""What the store refuses, in the words of rfc8621#4.6: a Mailbox that does not exist is a bad property of the Email."""

from __future__ import annotations

from pirab.core.errors import PirabError
from pirab.jmap.email.membership import keywords_error
from pirab.jmap.errors import SetError, invalid_properties, set_error_from
from pirab.store.errors import InvalidKeywords, InvalidMailboxes, MailboxNotFound


def email_set_error(error: Exception) -> SetError:
    """The SetError for one refused Email; an error that concerns the whole call is raised again."""
    if isinstance(error, InvalidKeywords):
        return keywords_error(error)
    if isinstance(error, MailboxNotFound):
        return invalid_properties("No such Mailbox.", "mailboxIds")
    if isinstance(error, InvalidMailboxes):
        return invalid_properties("An Email is in at least one Mailbox.", "mailboxIds")
    if isinstance(error, PirabError):
        refusal = set_error_from(error)
        if refusal is not None:
            return refusal
    raise error
