"""The values of groups."""

from __future__ import annotations

from datetime import datetime
from enum import Enum, StrEnum

import msgspec

from pirab.store.types import MailboxRole


class Letter(msgspec.Struct, frozen=True):
    """A letter somebody handed over for the address of a group.

    `content` are its bytes, trace fields included; `reverse_path` is without brackets, "" for the null path
    (rfc5321#4.5.5); `is_vouched_for` says whether the writer is known to be who the reverse-path names; equal
    `fingerprint` (32 octets) means the same letter handed over again.
    """

    content: bytes
    reverse_path: str
    role: MailboxRole
    received_at: datetime
    is_vouched_for: bool
    fingerprint: bytes


class Answer(Enum):
    """What becomes of a letter, as the reply of a session: code, enhanced status (rfc3463), text."""

    SPREAD = (250, "2.1.5", "Passed on to the group")
    WAITS = (250, "2.1.5", "Waits for a manager of the group")
    CLOSED = (550, "5.2.1", "The group takes no letters")
    NOT_PERMITTED = (550, "5.7.2", "You may not write to this group")
    UNKNOWN_WRITER = (
        550,
        "5.7.1",
        "The writer could not be verified, and this group is not open to everybody",
    )
    JUNK = (550, "5.7.1", "The letter looks like spam, which is not passed on to groups")
    LOOP = (554, "5.4.6", "The letter has been through this group already")

    @property
    def reply(self) -> tuple[int, str, str]:
        """Code, enhanced status, text."""
        return self.value


class State(StrEnum):
    """How far a waiting letter is."""

    WAITING = "waiting"
    RELEASED = "released"
    REFUSED = "refused"
    EXPIRED = "expired"


class Waiting(msgspec.Struct, frozen=True):
    """A letter that waits, or waited, for a manager."""

    id: int
    group_id: int
    writer: str
    subject: str
    preview: str
    size: int
    received_at: datetime
    state: State
    decided_by: str | None
    decided_at: datetime | None
