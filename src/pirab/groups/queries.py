"""The only readers of groups' own tables."""

from __future__ import annotations

from typing import Final

from pirab.core import db
from pirab.groups.errors import LetterNotFound
from pirab.groups.types import State, Waiting
from pirab.store import queries as stored


def waiting(group_id: int, before: int, limit: int) -> list[Waiting]:
    """Letters that wait or waited for a manager of the group, the newest first; `before` is the last key seen."""
    found = db.rows(
        f"{_WAITING} where w.group_id = %s and w.id < %s order by w.id desc limit %s",
        (group_id, before, limit),
    )
    return [Waiting(*(*row[:7], State(row[7]), *row[8:])) for row in found]


def bytes_waiting(group_id: int, letter_id: int) -> bytes:
    """The letter itself, as long as it waits; raises `LetterNotFound`."""
    message_id = db.scalar(
        "select message_id from groups_waitingletter where id = %s and group_id = %s and state = 'waiting'",
        (letter_id, group_id),
    )
    message = None if message_id is None else stored.message_with_id(message_id)
    if message is None:
        raise LetterNotFound()
    return stored.message_bytes(message.digest)


_WAITING: Final = """
    select w.id, w.group_id, w.reverse_path, w.subject, w.preview, w.size, w.received_at, w.state, p.name_th,
           w.decided_at
      from groups_waitingletter w left join directory_person p on p.id = w.decided_by_id
"""
