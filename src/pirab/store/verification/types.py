"""What a check finds."""

from __future__ import annotations

from enum import Enum, StrEnum

import msgspec


class Code(StrEnum):
    """Everything that can be wrong with the store; the value is what operators and scripts read."""

    MESSAGE_MISSING = "message-missing"
    """An email whose message is gone. Only a backup can mend it."""
    REMOVED_MISSING = "removed-message-missing"
    """Mail that its owner could have back, whose message is gone. Only a backup can mend it."""
    EMAIL_NOWHERE = "email-in-no-mailbox"
    EMAIL_DIFFERS = "email-differs-from-message"
    MEMBERSHIP_STRAY = "membership-of-nothing"
    MEMBERSHIP_DIFFERS = "membership-differs-from-email"
    COUNTERS = "mailbox-counters"
    THREAD_COUNTERS = "thread-counters"
    """What is kept of how a long thread lies in a mailbox."""
    VIEWER_STRAY = "mark-of-nothing"
    """What a person of a shared account said of an email or a mailbox that is gone."""
    VIEWERS_UNNOTED = "viewers-not-noted"
    """An account whose people keep marks of their own, and does not say so."""
    USAGE = "account-usage"
    WORDS_MISSING = "words-missing"
    WORDS_STRAY = "words-of-nothing"
    WORDS_OLD = "words-of-older-tokenizer"
    WORDS_DIFFER = "words-differ-from-message"
    MODSEQ = "state-behind-change-log"
    LOG_GAP = "change-not-in-log"
    TREE = "mailbox-tree"
    INBOX_MISSING = "inbox-missing"
    REMOVED_TWICE = "removed-mail-still-there"
    """Mail that its owner could have back, and has."""
    TEXT_STRAY = "attachment-text-of-nothing"
    """Text of attachments, or the wish to read them, of a message that is gone."""
    MESSAGE_UNHELD = "message-held-by-nobody"
    REFERENCE_STRAY = "reference-of-nothing"
    MESSAGE_DIFFERS = "message-differs-from-bytes"
    BYTES_MISSING = "bytes-missing"
    """The blob store can not give the bytes; `blob verify` says why, `blob repair` may bring them back."""


UNMENDABLE = frozenset({Code.MESSAGE_MISSING, Code.REMOVED_MISSING, Code.BYTES_MISSING})
"""What needs a backup."""


class Depth(Enum):
    """How closely to look: at rows against rows, or at rows against the bytes of every message too."""

    ROWS = "rows"
    BYTES = "bytes"


class Finding(msgspec.Struct, frozen=True, order=True):
    """Something that is not as it should be. `account_id` is None for what belongs to no account alone.

    `code` is a `Code`, or one of an application above the store (`registry`).
    """

    code: StrEnum
    account_id: int | None
    object_id: int
    detail: str = ""
