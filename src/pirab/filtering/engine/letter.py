"""What scripts look at: the letter, and the account it came to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import Final

import msgspec

from pirab.wire.mime import header_fields, parse_message, part_text
from pirab.wire.types import ParsedMessage, Part

MOST_BODY: Final = 200_000
"""Characters of each part that a test sees."""
MOST_PARTS: Final = 50
INBOX: Final = "inbox"
SEPARATOR: Final = "/"


class Letter:
    """A message, read as far as somebody asks for it; shared by all accounts it came to."""

    def __init__(self, content: bytes, reverse_path: str) -> None:
        self.content = content
        self.reverse_path = reverse_path

    @cached_property
    def parsed(self) -> ParsedMessage:
        return parse_message(self.content)

    @cached_property
    def header(self) -> Mapping[str, Sequence[bytes]]:
        """Values of each field by its lower-case name, in their order."""
        header: dict[str, list[bytes]] = {}
        for field in header_fields(self.content, self.parsed.root):
            header.setdefault(field.name.lower(), []).append(field.value)
        return header

    @property
    def text(self) -> str:
        """The words of the body, without markup."""
        return self.parsed.search_text.body[:MOST_BODY]

    @property
    def raw_body(self) -> str:
        start = self.parsed.root.body_start
        return self.content[start : start + MOST_BODY].decode("utf-8", "replace")

    def parts_of(self, types: Sequence[str]) -> list[str]:
        """Text of the leaves whose type is, or whose main type is, one of `types` ("" means any; rfc5173#5.2)."""
        wanted = [each.lower() for each in types]
        found = [part for part in _leaves(self.parsed.root) if any(_is_a(part.type, each) for each in wanted)]
        return [part_text(self.content, part).text[:MOST_BODY] for part in found[:MOST_PARTS]]


class Folder(msgspec.Struct, frozen=True):
    """A mailbox as scripts may name it: its id as clients know it, path and role."""

    key: int
    id: str
    path: str
    role: str | None


class Folders:
    """The mailboxes of an account."""

    def __init__(self, folders: Sequence[Folder]) -> None:
        self._by_path = {folder.path: folder.key for folder in folders}
        self._by_id = {folder.id: folder.key for folder in folders}
        self._by_role = {folder.role: folder.key for folder in folders if folder.role}

    def by_path(self, path: str) -> int | None:
        """INBOX in any case is the inbox (rfc9051#5.1)."""
        if path.lower() == INBOX:
            return self._by_role.get(INBOX)
        return self._by_path.get(path)

    def by_id(self, mailbox_id: str) -> int | None:
        return self._by_id.get(mailbox_id)

    def by_use(self, attribute: str) -> int | None:
        r"""`attribute` as IMAP spells it: \Archive, \Junk … (rfc6154#2)."""
        return self._by_role.get(attribute.removeprefix("\\").lower())


class Surroundings(msgspec.Struct, frozen=True):
    """`forward_path` is the address the letter came for, `now` the moment, `folders` where it may go."""

    forward_path: str
    now: datetime
    folders: Folders


def _leaves(part: Part) -> Iterator[Part]:
    if not part.is_multipart:
        yield part
    for inner in part.sub_parts:
        yield from _leaves(inner)


def _is_a(actual: str, wanted: str) -> bool:
    return wanted in ("", actual) or ("/" not in wanted and actual.partition("/")[0] == wanted)
