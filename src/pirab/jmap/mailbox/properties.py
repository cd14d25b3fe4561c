"""What a Mailbox looks like from outside (rfc8621#2)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from pirab.core.ids import IdKind, encode_id
from pirab.directory import policy
from pirab.directory.types import Principal, Right
from pirab.jmap.capabilities import LABELS
from pirab.store.types import MailboxRole, MailboxRow

COUNTS: Final = ("totalEmails", "unreadEmails", "totalThreads", "unreadThreads")
"""The properties that move with every letter (rfc8621#2.2)."""
SETTABLE: Final = ("name", "parentId", "role", "sortOrder", "isSubscribed")
COLOR: Final = "pirab:color"
"""The colour of a label, for those who ask with the capability `LABELS`."""

_VALUES: Final[dict[str, Callable[[MailboxRow], Any]]] = {
    "id": lambda row: encode_id(IdKind.MAILBOX, row.id),
    "name": lambda row: row.name,
    "parentId": lambda row: None if row.parent_id is None else encode_id(IdKind.MAILBOX, row.parent_id),
    "role": lambda row: row.role,
    "sortOrder": lambda row: row.sort_order,
    "totalEmails": lambda row: row.total_emails,
    "unreadEmails": lambda row: row.unread_emails,
    "totalThreads": lambda row: row.total_threads,
    "unreadThreads": lambda row: row.unread_threads,
    "isSubscribed": lambda row: row.is_subscribed,
    COLOR: lambda row: row.color,
}
_STANDARD: Final = (*(name for name in _VALUES if name != COLOR), "myRights")


def every_property(using: frozenset[str]) -> tuple[str, ...]:
    """Every property there is under these capabilities, which is also what a get without `properties` answers."""
    return (*_STANDARD, COLOR) if LABELS in using else _STANDARD


def settable(using: frozenset[str]) -> tuple[str, ...]:
    """The properties that a client may set under these capabilities."""
    return (*SETTABLE, COLOR) if LABELS in using else SETTABLE


_CHANGING: Final = (
    "mayAddItems",
    "mayRemoveItems",
    "maySetSeen",
    "maySetKeywords",
    "mayCreateChild",
    "mayRename",
    "mayDelete",
)


class Rights:
    """What a person may do with the mailboxes of one account: the values of `myRights`."""

    def __init__(self, principal: Principal, account: int) -> None:
        may_write = policy.may(principal, account, Right.WRITE)
        self._ordinary = dict.fromkeys(_CHANGING, may_write) | {
            "mayReadItems": True,
            "maySetSeen": policy.may(principal, account, Right.MARK),
            "maySubmit": policy.may(principal, account, Right.SUBMIT),
        }
        self._inbox = self._ordinary | {"mayDelete": False}

    def on(self, row: MailboxRow) -> dict[str, bool]:
        """The MailboxRights on one mailbox: the inbox stays, every other may go."""
        return self._inbox if row.role is MailboxRole.INBOX else self._ordinary


def rendered(row: MailboxRow, names: list[str], rights: Rights) -> dict[str, Any]:
    """The Mailbox object of `row` with the properties in `names`."""
    return {name: rights.on(row) if name == "myRights" else _VALUES[name](row) for name in names}
