"""The tree of a search and how it was understood."""

from __future__ import annotations

from datetime import datetime
from enum import Enum

import msgspec


class Field(Enum):
    """What a condition looks at. The value of a condition is of the type said here."""

    ANYWHERE = "text"
    """str"""
    FROM = "from"
    TO = "to"
    CC = "cc"
    BCC = "bcc"
    SUBJECT = "subject"
    BODY = "body"
    FILE_NAME = "filename"
    HAS_ATTACHMENT = "attachment"
    """bool"""
    BEFORE = "before"
    """datetime with a time zone, exclusive"""
    AFTER = "after"
    """datetime with a time zone, inclusive"""
    MIN_SIZE = "larger"
    """octets, inclusive"""
    MAX_SIZE = "smaller"
    """octets, exclusive"""
    MAILBOX = "in"
    """a name or path as it was typed, or a `role:` of rfc8621#2 (`role:inbox`), or `role:all`"""
    LABEL = "label"
    """the name of a mailbox, or a keyword"""
    KEYWORD = "keyword"
    """an IMAP keyword that is there"""
    NO_KEYWORD = "notKeyword"
    """an IMAP keyword that is not there"""


TEXT_FIELDS = frozenset(
    {
        Field.ANYWHERE,
        Field.FROM,
        Field.TO,
        Field.CC,
        Field.BCC,
        Field.SUBJECT,
        Field.BODY,
        Field.FILE_NAME,
    }
)


class Joint(Enum):
    """How the members of a group hold together; NONE_OF is JMAP's NOT."""

    ALL_OF = "AND"
    ANY_OF = "OR"
    NONE_OF = "NOT"


class Condition(msgspec.Struct, frozen=True):
    """One thing wanted. A text in double quotes inside `value` is wanted as it stands (rfc8621#4.4.1)."""

    field: Field
    value: str | bool | int | datetime


class Group(msgspec.Struct, frozen=True):
    """Conditions held together."""

    joint: Joint
    members: tuple[Condition | Group, ...]


Node = Condition | Group


class Status(Enum):
    """What became of a piece of the text."""

    UNDERSTOOD = "understood"
    INCOMPLETE = "incomplete"
    """an operator without its value: it asks for nothing yet"""
    UNKNOWN = "unknown"
    """a value that the operator can not read: taken as words"""


class Chip(msgspec.Struct, frozen=True, rename="camel"):
    """How one piece was understood. `start` and `end` count characters (code points) of the text."""

    start: int
    end: int
    kind: str
    """name of the operator, `text` for words, `phrase` for words in quotes"""
    value: str
    negated: bool
    status: str
    explanation_th: str
    explanation_en: str


class Search(msgspec.Struct, frozen=True):
    """A whole search: what is wanted (None: nothing was asked) and how it was understood."""

    wanted: Node | None
    chips: tuple[Chip, ...]

    def names_mailbox(self) -> bool:
        """Whether it says where to look: then nothing is left out unasked."""
        return _mentions(self.wanted)


def _mentions(node: Node | None) -> bool:
    if isinstance(node, Group):
        return any(_mentions(member) for member in node.members)
    return node is not None and node.field in (Field.MAILBOX, Field.LABEL)
