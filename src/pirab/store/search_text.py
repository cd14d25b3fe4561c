"""The `searchText` condition: what people type, in the store's terms.

Under `https://pirab.go.th/jmap/search`, beside the conditions of rfc8621#4.4.1. Mailboxes are found by role, name or
path. Unless the text says where to look, trash and junk are left out, as people expect.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterable
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import msgspec

from pirab.store import queries
from pirab.store.types import FilterCondition, FilterOperator, MailboxRole, MailboxRow
from pirab.wire.search import Condition, Field, Group, Node, Search, parse_search

BANGKOK: Final = ZoneInfo("Asia/Bangkok")
"""Days of a search begin and end where the government sits."""
NO_MAILBOX: Final = 0
"""The key of no Mailbox: an id that names nothing matches nothing."""
EVERYWHERE: Final = "role:all"
_LEFT_OUT: Final = (MailboxRole.TRASH, MailboxRole.JUNK)

_FIELDS: Final = {
    Field.ANYWHERE: "text",
    Field.FROM: "from_",
    Field.TO: "to",
    Field.CC: "cc",
    Field.BCC: "bcc",
    Field.SUBJECT: "subject",
    Field.BODY: "body",
    Field.FILE_NAME: "attachment_name",
    Field.HAS_ATTACHMENT: "has_attachment",
    Field.BEFORE: "before",
    Field.AFTER: "after",
    Field.MIN_SIZE: "min_size",
    Field.MAX_SIZE: "max_size",
    Field.KEYWORD: "has_keyword",
    Field.NO_KEYWORD: "not_keyword",
}

StoreFilter = FilterOperator | FilterCondition


def read_search(text: str, now: datetime) -> Search:
    """The search as people in Bangkok mean it at the moment `now`."""
    return parse_search(text, now.astimezone(BANGKOK))


def search_filter(account: int, text: str, now: datetime) -> StoreFilter:
    """The store's form of a search text in an account."""
    search = read_search(text, now)
    boxes = MailboxNames(queries.mailboxes(account))
    wanted = FilterCondition() if search.wanted is None else _filter_of(search.wanted, boxes)
    if search.names_mailbox():
        return wanted
    left_out = FilterCondition(in_mailbox_other_than=tuple(boxes.with_roles(_LEFT_OUT)))
    return _all_of([wanted, left_out])


def stands_still(text: str, now: datetime) -> bool:
    """Whether the same text asks for the same Emails for as long as no Email changes: neither the clock ("7d") nor the
    name of a mailbox moves its results."""
    search = read_search(text, now)
    if search.wanted != read_search(text, now + timedelta(days=400)).wanted:
        return False
    return not any(_goes_by_name(condition) for condition in _conditions(search.wanted))


class MailboxNames:
    """Finds mailboxes by what people call them."""

    def __init__(self, rows: Iterable[MailboxRow]) -> None:
        self._rows = {row.id: row for row in rows}

    def with_roles(self, roles: Collection[MailboxRole]) -> list[int]:
        """Ids of the mailboxes that have one of these roles."""
        return [row.id for row in self._rows.values() if row.role is not None and row.role in roles]

    def named(self, name: str) -> list[int]:
        """Ids of the mailboxes with this name or path (its levels joined by /), or this `role:`."""
        role = name.removeprefix("role:")
        if role != name:
            return [row.id for row in self._rows.values() if row.role is not None and row.role.value == role]
        wanted = _folded(name)
        return [row.id for row in self._rows.values() if wanted in (_folded(row.name), self._path(row))]

    def _path(self, row: MailboxRow) -> str:
        names = [_folded(row.name)]
        above = row.parent_id
        while above is not None and above in self._rows and len(names) <= len(self._rows):
            names.append(_folded(self._rows[above].name))
            above = self._rows[above].parent_id
        return "/".join(reversed(names))


def _folded(name: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def _filter_of(node: Node, boxes: MailboxNames) -> StoreFilter:
    if isinstance(node, Group):
        members = [_filter_of(member, boxes) for member in node.members]
        return (
            _all_of(members)
            if node.joint.value == "AND"
            else FilterOperator(node.joint.value, tuple(members))
        )
    if node.field is Field.MAILBOX:
        return _in_mailbox(str(node.value), boxes)
    if node.field is Field.LABEL:
        keyword = FilterCondition(has_keyword=str(node.value).casefold())
        return FilterOperator("OR", (_in_mailbox(str(node.value), boxes), keyword))
    value = node.value.astimezone(UTC) if isinstance(node.value, datetime) else node.value
    return FilterCondition(**{_FIELDS[node.field]: value})  # type: ignore[arg-type]


def _in_mailbox(name: str, boxes: MailboxNames) -> StoreFilter:
    if name == EVERYWHERE:
        return FilterCondition()
    found = boxes.named(name) or [NO_MAILBOX]
    members = tuple(FilterCondition(in_mailbox=mailbox_id) for mailbox_id in found)
    return members[0] if len(members) == 1 else FilterOperator("OR", members)


def _all_of(members: list[StoreFilter]) -> StoreFilter:
    """All of them, in one condition where no property is asked for twice: the store knows short ways for that."""
    one: dict[str, object] = {}
    for member in members:
        given = _given(member)
        if given is None or one.keys() & given.keys():
            return FilterOperator("AND", tuple(members))
        one |= given
    return FilterCondition(**one)  # type: ignore[arg-type]


def _given(member: StoreFilter) -> dict[str, object] | None:
    if isinstance(member, FilterOperator):
        return None
    return {name: value for name, value in msgspec.structs.asdict(member).items() if value is not None}


def _conditions(node: Node | None) -> Iterable[Condition]:
    if isinstance(node, Group):
        for member in node.members:
            yield from _conditions(member)
    elif node is not None:
        yield node


def _goes_by_name(condition: Condition) -> bool:
    by_name = condition.field in (Field.MAILBOX, Field.LABEL)
    return by_name and not str(condition.value).startswith("role:")
