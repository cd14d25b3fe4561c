"""The capability URIs this service speaks, and what it promises under each (rfc8620#2, rfc8621#1.3)."""

from __future__ import annotations

from typing import Any, Final

from pirab.filtering import scripts
from pirab.filtering.engine.machine import MOST_REDIRECTS
from pirab.jmap.limits import CORE_LIMITS, MAX_SIZE_ATTACHMENTS
from pirab.store.actions import mailboxes
from pirab.store.removed import RECOVERABLE_FOR
from pirab.store.types import LabelColor
from pirab.wire.search import LONGEST_SEARCH
from pirab.wire.sieve import EXTENSIONS

CORE: Final = "urn:ietf:params:jmap:core"
MAIL: Final = "urn:ietf:params:jmap:mail"
SUBMISSION: Final = "urn:ietf:params:jmap:submission"
QUOTA: Final = "urn:ietf:params:jmap:quota"
VACATION_RESPONSE: Final = "urn:ietf:params:jmap:vacationresponse"
MDN: Final = "urn:ietf:params:jmap:mdn"
BLOB: Final = "urn:ietf:params:jmap:blob"
WEBSOCKET: Final = "urn:ietf:params:jmap:websocket"
SIEVE: Final = "urn:ietf:params:jmap:sieve"
CONTACTS: Final = "urn:ietf:params:jmap:contacts"
MAIL_SAFETY: Final = "https://pirab.go.th/jmap/mail-safety"
"""Pirab's own: sanitised HTML and the scanners' verdicts beside an Email."""
FILTERS: Final = "https://pirab.go.th/jmap/filters"
"""Pirab's own: rules made in a form sort the mail that comes in."""
LABELS: Final = "https://pirab.go.th/jmap/labels"
"""Pirab's own: mailboxes have colours."""
RECOVERY: Final = "https://pirab.go.th/jmap/recovery"
"""Pirab's own: destroyed mail can be had back for a while."""
UNIT_BOOKS: Final = "https://pirab.go.th/jmap/unit-books"
"""Pirab's own: an address book of an office's account may be shown to the people of its unit."""
SEARCH: Final = "https://pirab.go.th/jmap/search"
"""Pirab's own: a search as people type it, operators included, as a condition of Email/query."""

BLOB_TYPES: Final = ("Mailbox", "Thread", "Email")
"""What Blob/lookup looks among (rfc9404#4.3)."""
DIGESTS: Final = ("sha", "sha-256", "sha-512")
MAX_DATA_SOURCES: Final = 256
"""Pieces one blob may be put together from; the RFC wants at least 64."""

EMAIL_SORT_OPTIONS: Final = (
    "receivedAt",
    "size",
    "from",
    "to",
    "subject",
    "sentAt",
    "hasKeyword",
    "allInThreadHaveKeyword",
    "someInThreadHaveKeyword",
)

LONGEST_HOLD_SECONDS: Final = 365 * 24 * 3600
"""How far ahead a submission may be put off (rfc4865 FUTURERELEASE)."""

SERVER_PROMISES: Final[dict[str, dict[str, Any]]] = {
    CORE: CORE_LIMITS.as_capability(),
    MAIL: {},
    SUBMISSION: {},
    BLOB: {},
    MDN: {},
    QUOTA: {},
    VACATION_RESPONSE: {},
    SIEVE: {"implementation": "Pirab"},
    CONTACTS: {},
    UNIT_BOOKS: {},
    MAIL_SAFETY: {},
    LABELS: {},
    FILTERS: {},
    RECOVERY: {},
    SEARCH: {},
}
"""The value of each capability in the session object."""

ACCOUNT_PROMISES: Final[dict[str, dict[str, Any]]] = {
    MAIL: {
        "maxMailboxesPerEmail": None,
        "maxMailboxDepth": mailboxes.DEEPEST,
        "maxSizeMailboxName": mailboxes.LONGEST_NAME,
        "maxSizeAttachmentsPerEmail": MAX_SIZE_ATTACHMENTS,
        "emailQuerySortOptions": list(EMAIL_SORT_OPTIONS),
        "mayCreateTopLevelMailbox": True,
    },
    MDN: {},
    BLOB: {
        "maxSizeBlobSet": CORE_LIMITS.max_size_upload,
        "maxDataSources": MAX_DATA_SOURCES,
        "supportedTypeNames": list(BLOB_TYPES),
        "supportedDigestAlgorithms": list(DIGESTS),
    },
    SUBMISSION: {
        "maxDelayedSend": LONGEST_HOLD_SECONDS,
        "submissionExtensions": {"FUTURERELEASE": [], "DSN": [], "SIZE": [], "8BITMIME": [], "SMTPUTF8": []},
    },
    QUOTA: {},
    VACATION_RESPONSE: {},
    SIEVE: {
        "maxSizeScriptName": scripts.LONGEST_NAME,
        "maxSizeScript": scripts.LIMITS.max_octets,
        "maxNumberScripts": scripts.MOST_SCRIPTS,
        "maxNumberRedirects": MOST_REDIRECTS,
        "sieveExtensions": list(EXTENSIONS),
        "notificationMethods": None,
        "externalLists": None,
    },
    CONTACTS: {"maxAddressBooksPerCard": None, "mayCreateAddressBook": True},
    UNIT_BOOKS: {},
    MAIL_SAFETY: {},
    FILTERS: {"maxRules": 100, "maxConditionsPerRule": 50},
    LABELS: {"colors": [color.value for color in LabelColor]},
    RECOVERY: {"daysRecoverable": RECOVERABLE_FOR.days},
    SEARCH: {"maxSizeSearchText": LONGEST_SEARCH},
}
"""The value of each capability for an account a person may write to."""
