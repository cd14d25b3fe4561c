"""The grammar of `header:{field}[:as{form}][:all]` properties and which form each field may take (rfc8621#4.1.2).

Asking for a form a field may not have rejects the whole call (rfc8621#4.2), so the check happens while the
arguments are read, before anything is fetched.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Final

import msgspec

MAX_FIELD_NAME: Final = 76
"""Longest field name accepted in a property, in octets: a name must fit one line of 78 with colon and space."""

_PROPERTY: Final = re.compile(r"header:([\x21-\x39\x3b-\x7e]+)(?::as([A-Za-z]+))?(:all)?", re.ASCII)


class HeaderForm(StrEnum):
    """How the value of a header field is represented; the value is the suffix after `:as`."""

    RAW = "Raw"
    TEXT = "Text"
    ADDRESSES = "Addresses"
    GROUPED_ADDRESSES = "GroupedAddresses"
    MESSAGE_IDS = "MessageIds"
    DATE = "Date"
    URLS = "URLs"


class HeaderProperty(msgspec.Struct, frozen=True):
    """One parsed `header:` property: `key` is the spelling to answer with, `field` the lower-cased field name."""

    key: str
    name: str
    form: HeaderForm
    is_all: bool

    @property
    def field(self) -> str:
        """The field name in lower case: names match without regard to case."""
        return self.name.lower()


_ADDRESS_FORMS: Final = frozenset({HeaderForm.RAW, HeaderForm.ADDRESSES, HeaderForm.GROUPED_ADDRESSES})
_TEXT_FORMS: Final = frozenset({HeaderForm.RAW, HeaderForm.TEXT})
_ID_FORMS: Final = frozenset({HeaderForm.RAW, HeaderForm.MESSAGE_IDS})
_DATE_FORMS: Final = frozenset({HeaderForm.RAW, HeaderForm.DATE})
_URL_FORMS: Final = frozenset({HeaderForm.RAW, HeaderForm.URLS})
_RAW_ONLY: Final = frozenset({HeaderForm.RAW})
_ANY_FORM: Final = frozenset(HeaderForm)

_DEFINED_FIELDS: Final[dict[str, frozenset[HeaderForm]]] = {
    **dict.fromkeys(
        [
            "from",
            "sender",
            "reply-to",
            "to",
            "cc",
            "bcc",
            "resent-from",
            "resent-sender",
            "resent-reply-to",
            "resent-to",
            "resent-cc",
            "resent-bcc",
        ],
        _ADDRESS_FORMS,
    ),
    **dict.fromkeys(["subject", "comments", "keywords"], _TEXT_FORMS),
    **dict.fromkeys(["message-id", "in-reply-to", "references", "resent-message-id"], _ID_FORMS),
    **dict.fromkeys(["date", "resent-date"], _DATE_FORMS),
    **dict.fromkeys(
        ["list-help", "list-unsubscribe", "list-subscribe", "list-post", "list-owner", "list-archive"],
        _URL_FORMS,
    ),
    # Defined in rfc5322, yet in none of the lists of parsed forms.
    **dict.fromkeys(["return-path", "received"], _RAW_ONLY),
}


def parse_header_property(key: str) -> HeaderProperty | None:
    """The meaning of property `key`, or None when it does not follow the grammar or names no known form."""
    match = _PROPERTY.fullmatch(key)
    if match is None or len(match[1]) > MAX_FIELD_NAME:
        return None
    name, form, is_all = match.groups()
    try:
        wanted = HeaderForm(form) if form else HeaderForm.RAW
    except ValueError:
        return None
    return HeaderProperty(key, name, wanted, is_all is not None)


def is_form_allowed(header: HeaderProperty) -> bool:
    """Whether the field may be fetched or set in that form (rfc8621#4.1.2.2 to #4.1.2.7)."""
    return header.form in _DEFINED_FIELDS.get(header.field, _ANY_FORM)


CONVENIENCE_PROPERTIES: Final[dict[str, HeaderProperty]] = {
    # property: what it abbreviates (rfc8621#4.1.3)
    short: HeaderProperty(short, name, form, False)
    for short, name, form in (
        ("messageId", "Message-ID", HeaderForm.MESSAGE_IDS),
        ("inReplyTo", "In-Reply-To", HeaderForm.MESSAGE_IDS),
        ("references", "References", HeaderForm.MESSAGE_IDS),
        ("sender", "Sender", HeaderForm.ADDRESSES),
        ("from", "From", HeaderForm.ADDRESSES),
        ("to", "To", HeaderForm.ADDRESSES),
        ("cc", "Cc", HeaderForm.ADDRESSES),
        ("bcc", "Bcc", HeaderForm.ADDRESSES),
        ("replyTo", "Reply-To", HeaderForm.ADDRESSES),
        ("subject", "Subject", HeaderForm.TEXT),
        ("sentAt", "Date", HeaderForm.DATE),
    )
}
"""The abbreviations of the Email object and the header field each stands for."""
