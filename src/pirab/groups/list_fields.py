"""The fields that say a letter came through a group (rfc2919, rfc2369)."""

from __future__ import annotations

from email.header import Header
from typing import Final

from pirab.directory.types import GroupInfo
from pirab.wire.headers import as_text
from pirab.wire.mime import header_fields, parse_message

_MOST_IDS: Final = 50


def has_passed(content: bytes, group: GroupInfo) -> bool:
    """Whether the letter has been through this group already, or through too many."""
    fields = header_fields(content, parse_message(content).root)
    ids = [as_text(field.value).lower() for field in fields if field.name.lower() == "list-id"]
    return len(ids) > _MOST_IDS or any(f"<{_list_id(group)}>" in each for each in ids)


def with_list_fields(content: bytes, group: GroupInfo) -> bytes:
    """`content` with the fields in front, where they break no signature (rfc6376#5.4)."""
    name = Header(group.facts.name_th, "utf-8", header_name="List-Id").encode(linesep="\r\n")
    fields = (
        f"List-Id: {name}\r\n <{_list_id(group)}>\r\n"
        f"List-Post: <mailto:{group.address}>\r\n"
        "X-Auto-Response-Suppress: OOF\r\n"
    )
    return fields.encode("utf-8") + content


def _list_id(group: GroupInfo) -> str:
    local, _, domain = group.address.rpartition("@")
    return f"{local}.{domain}".lower()
