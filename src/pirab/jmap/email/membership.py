"""keywords and mailboxIds as a client sends them (rfc8621#4.1.1): the two mutable properties of an Email."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from pirab.core.ids import IdKind
from pirab.jmap.context import RequestContext
from pirab.jmap.email.dates import parse_utc_date
from pirab.jmap.errors import SetError, invalid_properties
from pirab.store.errors import InvalidKeywords
from pirab.store.keywords import check_keywords


def read_keywords(value: Any) -> frozenset[str]:
    """The keywords of a whole `keywords` object, in lower case; null is the default, none.

    Raises `invalidProperties` for anything but a set (every value `true`) of words in the grammar.
    """
    if value is None:
        return frozenset()
    if not isinstance(value, dict) or not all(given is True for given in value.values()):
        raise invalid_properties("keywords is an object whose values are all true.", "keywords")
    return valid_keywords(value)


def valid_keywords(words: Iterable[str]) -> frozenset[str]:
    """`words` in lower case; raises `invalidProperties` for one that no IMAP server could hold, and the store's
    `TooManyKeywords`."""
    try:
        return check_keywords(words)
    except InvalidKeywords as error:
        raise keywords_error(error) from error


def keywords_error(error: InvalidKeywords) -> SetError:
    """The SetError for what the store said of the keywords: the whole property is named, as rfc8620#5.3 has it."""
    return invalid_properties(
        'A keyword is 1 to 255 printable ASCII characters without ( ) { ] % * " and \\.', "keywords"
    )


def read_mailbox_ids(context: RequestContext, value: Any) -> frozenset[int]:
    """The keys of a whole `mailboxIds` object; creation ids are resolved. Raises `invalidProperties`.

    Whether the mailboxes exist is the store's to say.
    """
    if not isinstance(value, dict) or not value or not all(given is True for given in value.values()):
        raise invalid_properties(
            "mailboxIds is an object of at least one Mailbox, its values all true.", "mailboxIds"
        )
    return frozenset(mailbox_key(context, text) for text in value)


def mailbox_key(context: RequestContext, text: str) -> int:
    """The key that a Mailbox id, or `#` and a creation id, names; raises `invalidProperties` when it names nothing."""
    key = context.key(IdKind.MAILBOX, text)
    if key is None:
        raise invalid_properties("No such Mailbox.", "mailboxIds")
    return key


def read_received_at(value: Any, default: datetime) -> datetime:
    """The time of a `receivedAt` property; `default` where it is absent or null. Raises `invalidProperties`."""
    if value is None:
        return default
    try:
        return parse_utc_date(value)
    except ValueError as error:
        raise invalid_properties(f"receivedAt: {error}.", "receivedAt") from error
