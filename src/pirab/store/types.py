"""The store's values. Ids are database keys; sizes are octets; times are aware UTC."""

from __future__ import annotations

from datetime import datetime
from enum import Enum, IntEnum, StrEnum

import msgspec

from pirab.wire.types import Part


class ObjectType(StrEnum):
    """What has a state of its own (rfc8620#5.1)."""

    EMAIL = "Email"
    MAILBOX = "Mailbox"
    THREAD = "Thread"
    SUBMISSION = "EmailSubmission"
    IDENTITY = "Identity"
    DELIVERY = "EmailDelivery"
    """Has a state for push alone: it moves when mail is delivered (rfc8621#1.5)."""
    VACATION = "VacationResponse"
    SIEVE = "SieveScript"
    ADDRESS_BOOK = "AddressBook"
    CONTACT_CARD = "ContactCard"


class ChangeKind(IntEnum):
    """What happened to an object; `COUNTS` is a mailbox of which only the four counters changed (rfc8621#2.2).

    `ARRIVED` and `JOINED` are kept in the log alone: an email came, began or joined a thread, and moved the counters
    of its mailbox: one row that tells three types.
    """

    CREATED = 1
    UPDATED = 2
    DESTROYED = 3
    COUNTS = 4
    ARRIVED = 5
    JOINED = 6


class MailboxRole(StrEnum):
    """Mailboxes with a meaning (rfc8621#2, registry of IMAP mailbox name attributes)."""

    INBOX = "inbox"
    DRAFTS = "drafts"
    SENT = "sent"
    ARCHIVE = "archive"
    JUNK = "junk"
    TRASH = "trash"


class LabelColor(StrEnum):
    """Colours a person may give a mailbox: names, so that every client shows them readably on its own ground."""

    RED = "red"
    ORANGE = "orange"
    AMBER = "amber"
    LIME = "lime"
    GREEN = "green"
    TEAL = "teal"
    SKY = "sky"
    BLUE = "blue"
    INDIGO = "indigo"
    PURPLE = "purple"
    PINK = "pink"
    GRAY = "gray"


class MailboxRow(msgspec.Struct, frozen=True):
    """A mailbox with its counters (rfc8621#2)."""

    id: int
    parent_id: int | None
    name: str
    role: MailboxRole | None
    sort_order: int
    is_subscribed: bool
    total_emails: int
    unread_emails: int
    total_threads: int
    unread_threads: int
    color: LabelColor | None = None


class MailboxDraft(msgspec.Struct, frozen=True):
    """A mailbox to be made."""

    name: str
    parent_id: int | None = None
    role: MailboxRole | None = None
    sort_order: int = 0
    is_subscribed: bool = True
    color: LabelColor | None = None


class MailboxPatch(msgspec.Struct, frozen=True):
    """What changes in a mailbox; UNSET leaves as it is."""

    name: str | msgspec.UnsetType = msgspec.UNSET
    parent_id: int | msgspec.UnsetType | None = msgspec.UNSET
    role: MailboxRole | msgspec.UnsetType | None = msgspec.UNSET
    sort_order: int | msgspec.UnsetType = msgspec.UNSET
    is_subscribed: bool | msgspec.UnsetType = msgspec.UNSET
    color: LabelColor | msgspec.UnsetType | None = msgspec.UNSET


class Contents(Enum):
    """What happens to the emails of a mailbox that is destroyed (rfc8621#2.5 onDestroyRemoveEmails)."""

    REMOVE = "remove"
    REFUSE = "refuse"


class EmailRow(msgspec.Struct, frozen=True):
    """One person's copy of one message: the state, not the content."""

    id: int
    message_id: int
    thread_id: int
    received_at: datetime
    size: int
    keywords: frozenset[str]
    mailbox_ids: tuple[int, ...]


NULL = msgspec.Raw(b"null")
"""JSON null, as an address list that is not there."""


class Envelope(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a list of mail shows of a message; address lists are ready-made JMAP JSON (rfc8621#4.1.2.3) or null."""

    subject: str | None = None
    from_: msgspec.Raw = msgspec.field(default=NULL, name="from")
    to: msgspec.Raw = NULL
    cc: msgspec.Raw = NULL
    bcc: msgspec.Raw = NULL
    reply_to: msgspec.Raw = NULL
    sender: msgspec.Raw = NULL
    message_id: tuple[str, ...] | None = None
    in_reply_to: tuple[str, ...] | None = None
    references: tuple[str, ...] | None = None
    sent_at: datetime | None = None
    preview: str = ""
    has_attachment: bool = False
    text_body: tuple[str, ...] = ()
    html_body: tuple[str, ...] = ()
    attachments: tuple[str, ...] = ()


class Structure(Enum):
    """Whether a view carries the MIME tree."""

    NONE = "none"
    FULL = "full"


class EmailView(msgspec.Struct, frozen=True):
    """An email with what is known of its message; `structure` is the encoded MIME tree when asked for."""

    email: EmailRow
    digest: bytes
    envelope: Envelope
    structure: str | None = None


def decode_structure(encoded: str) -> Part:
    """The MIME tree of an `EmailView`."""
    return msgspec.json.decode(encoded, type=Part)


class MessageRef(msgspec.Struct, frozen=True):
    """A stored message: its key, the SHA-256 of its bytes, its size in octets, and what filing it needs to know.

    `thread_key` is the hash of the base subject, `own_refs` and `mentioned_refs` hashes of message-ids; `tokens` is the
    tsvector literal when it is at hand.
    """

    id: int
    digest: bytes
    size: int
    has_attachment: bool
    thread_key: int | None
    own_refs: tuple[int, ...]
    mentioned_refs: tuple[int, ...]
    tokens: str | None = None


class Delivery(msgspec.Struct, frozen=True):
    """Put a message into the mailbox with this role of an account, or into `mailbox_ids` where there are any.

    Mailboxes that are gone by then do not count; without any left the role says where.
    """

    account_id: int
    received_at: datetime
    role: MailboxRole = MailboxRole.INBOX
    keywords: frozenset[str] = frozenset()
    mailbox_ids: tuple[int, ...] = ()


class DeliveryStatus(Enum):
    """What became of one delivery; DUPLICATE means that the account had the message already."""

    STORED = "stored"
    DUPLICATE = "duplicate"
    OVER_QUOTA = "over quota"
    NO_ACCOUNT = "no account"


class DeliveryOutcome(msgspec.Struct, frozen=True):
    """Answer to one `Delivery`."""

    account_id: int
    status: DeliveryStatus
    email_id: int | None = None


class FanoutState(StrEnum):
    """Where a fan-out is: accounts are waiting, all have been looked at, or somebody stopped it half-way."""

    OPEN = "open"
    DONE = "done"
    CANCELLED = "cancelled"


class FanoutProgress(msgspec.Struct, frozen=True):
    """How many of the `total` accounts of a fan-out have the letter (`stored`), had it before (`duplicates`), had no
    room (`over_quota`) or are no accounts any more (`unknown`); the rest wait, or were spared by a cancellation."""

    fanout_id: int
    message_id: int
    state: FanoutState
    total: int
    stored: int
    duplicates: int
    over_quota: int
    unknown: int

    @property
    def waiting(self) -> int:
        """Accounts nobody has looked at yet."""
        return self.total - self.stored - self.duplicates - self.over_quota - self.unknown


class EmailPatch(msgspec.Struct, frozen=True):
    """What changes in an email. `set_*` replaces all; otherwise add and remove apply."""

    set_keywords: frozenset[str] | None = None
    add_keywords: frozenset[str] = frozenset()
    remove_keywords: frozenset[str] = frozenset()
    set_mailboxes: frozenset[int] | None = None
    add_mailboxes: frozenset[int] = frozenset()
    remove_mailboxes: frozenset[int] = frozenset()


class UpdateOutcome(msgspec.Struct, frozen=True):
    """Which emails changed (or went), and why the others did not. The states are those of Email before and after."""

    done: frozenset[int]
    errors: dict[int, Exception]
    old_state: int
    new_state: int


class ChangeSet(msgspec.Struct, frozen=True):
    """Answer to Foo/changes (rfc8620#5.2); `counts_only` is true when only mailbox counters moved."""

    old_state: int
    new_state: int
    has_more: bool
    created: list[int]
    updated: list[int]
    destroyed: list[int]
    counts_only: bool = False


class AccountStates(msgspec.Struct, frozen=True):
    """The present state of each type in an account."""

    by_type: dict[ObjectType, int]

    def of(self, object_type: ObjectType) -> int:
        """The state of one type."""
        return self.by_type[object_type]


class BlobHolder(msgspec.Struct, frozen=True):
    """An email whose message is, or contains, a blob."""

    email_id: int
    thread_id: int
    mailbox_ids: tuple[int, ...]


class Usage(msgspec.Struct, frozen=True):
    """How full an account is."""

    used_bytes: int
    quota_bytes: int
    email_count: int

    @property
    def is_full(self) -> bool:
        return self.used_bytes >= self.quota_bytes


class Removal(Enum):
    """Whether mail that is destroyed can be had back for a while, or is gone at once (the service's own clearing up,
    and drafts that a newer version has taken the place of)."""

    RECOVERABLE = "recoverable"
    FOR_GOOD = "for good"


class RemovedEmail(msgspec.Struct, frozen=True):
    """Destroyed mail that can still be had back; `id` is the id of the Email it was, `mailbox_ids` where it was."""

    id: int
    message_id: int
    size: int
    keywords: frozenset[str]
    mailbox_ids: tuple[int, ...]
    received_at: datetime
    removed_at: datetime
    envelope: Envelope


class RemovedFilter(msgspec.Struct, frozen=True):
    """Which removed mail is meant; everything given must hold. `text` stands in subject, sender or recipients."""

    after: datetime | None = None
    before: datetime | None = None
    in_mailbox: int | None = None
    text: str | None = None


class QuotaCrossing(msgspec.Struct, frozen=True):
    """An account that has become so full, or is clearly less full again: `level` is 0, 80 or 95 percent."""

    account_id: int
    used_bytes: int
    quota_bytes: int
    warned: int
    level: int


class FilterCondition(msgspec.Struct, frozen=True):
    """All given conditions must hold (rfc8621#4.4.1)."""

    in_mailbox: int | None = None
    in_mailbox_other_than: tuple[int, ...] | None = None
    before: datetime | None = None
    after: datetime | None = None
    min_size: int | None = None
    max_size: int | None = None
    all_in_thread_have_keyword: str | None = None
    some_in_thread_have_keyword: str | None = None
    none_in_thread_have_keyword: str | None = None
    has_keyword: str | None = None
    not_keyword: str | None = None
    has_attachment: bool | None = None
    text: str | None = None
    from_: str | None = None
    to: str | None = None
    cc: str | None = None
    bcc: str | None = None
    subject: str | None = None
    body: str | None = None
    attachment_name: str | None = None
    header: tuple[str, ...] | None = None


class FilterOperator(msgspec.Struct, frozen=True):
    """AND, OR or NOT (none of) of conditions (rfc8620#5.5)."""

    operator: str
    conditions: tuple[FilterOperator | FilterCondition, ...]


class Comparator(msgspec.Struct, frozen=True):
    """One key of a sort (rfc8621#4.4.2)."""

    property: str = "receivedAt"
    is_ascending: bool = True
    keyword: str | None = None


class EmailQuery(msgspec.Struct, frozen=True):
    """Email/query's arguments (rfc8621#4.4). `limit` None means all.

    `older_than`, in no RFC, is the `received_at` and id of an Email: results are those behind it, newest first.
    """

    filter: FilterOperator | FilterCondition | None = None
    sort: tuple[Comparator, ...] = (Comparator("receivedAt", False),)
    collapse_threads: bool = False
    position: int = 0
    anchor: int | None = None
    anchor_offset: int = 0
    limit: int | None = None
    calculate_total: bool = False
    older_than: tuple[datetime, int] | None = None


class QueryPage(msgspec.Struct, frozen=True):
    """One page of results in order; `position` is the index of the first."""

    ids: list[int]
    position: int
    total: int | None
    query_state: str
    can_calculate_changes: bool = True


class QueryDelta(msgspec.Struct, frozen=True):
    """Answer to Email/queryChanges (rfc8620#5.6)."""

    old_query_state: str
    new_query_state: str
    total: int | None
    removed: list[int]
    added: list[tuple[int, int]]
