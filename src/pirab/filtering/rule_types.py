"""Rules as people make them in a form. On the wire and in the table they are the same JSON."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta

MailboxId = Annotated[str, Meta(max_length=20, pattern=r"^m[0-9a-z]+$")]
"""A mailbox as clients name it: a new name of it changes nothing here."""
Address = Annotated[str, Meta(min_length=3, max_length=320)]


class Field(StrEnum):
    """What a condition looks at; `RECIPIENT` is To and Cc together, `HEADER` the field named in the condition."""

    FROM = "from"
    TO = "to"
    CC = "cc"
    RECIPIENT = "recipient"
    SUBJECT = "subject"
    BODY = "body"
    HEADER = "header"


class Operator(StrEnum):
    """How it is compared; upper and lower case are the same."""

    CONTAINS = "contains"
    NOT_CONTAINS = "notContains"
    IS = "is"
    STARTS_WITH = "startsWith"
    ENDS_WITH = "endsWith"


class Match(StrEnum):
    """How many of the conditions must hold."""

    ALL = "all"
    ANY = "any"


class _Form(msgspec.Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """A part of a rule."""


class Condition(_Form, frozen=True, kw_only=True):
    """One thing that must hold."""

    field: Field
    operator: Operator = Operator.CONTAINS
    value: Annotated[str, Meta(min_length=1, max_length=500)]
    header: Annotated[str, Meta(max_length=100, pattern=r"^[!-9;-~]+$")] | None = None


class RuleReply(_Form, frozen=True, kw_only=True):
    """An answer to the sender, once a day."""

    text: Annotated[str, Meta(min_length=1, max_length=10_000)]
    subject: Annotated[str, Meta(max_length=300)] | None = None


class RuleActions(_Form, frozen=True, kw_only=True):
    """What is done with a letter that matches."""

    labels: Annotated[tuple[MailboxId, ...], Meta(max_length=10)] = ()
    move_to: MailboxId | None = None
    star: bool = False
    mark_read: bool = False
    never_junk: bool = False
    delete: bool = False
    forward_to: Annotated[tuple[Address, ...], Meta(max_length=3)] = ()
    reply: RuleReply | None = None

    @property
    def mailbox_ids(self) -> tuple[str, ...]:
        return self.labels if self.move_to is None else (*self.labels, self.move_to)


class FilterRule(_Form, frozen=True, kw_only=True):
    """One rule. Without conditions it holds for every letter; `stop` means that no later rule or script is asked."""

    name: Annotated[str, Meta(max_length=200)] = ""
    is_enabled: bool = True
    match: Match = Match.ALL
    conditions: Annotated[tuple[Condition, ...], Meta(max_length=50)] = ()
    actions: RuleActions
    stop: bool = False


Rules = Annotated[tuple[FilterRule, ...], Meta(max_length=100)]
