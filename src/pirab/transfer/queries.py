"""The only readers of exports."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from pirab.core import db
from pirab.transfer.errors import ExportNotFound
from pirab.transfer.types import Export, ExportState, Format, Item

ITEMS_AT_ONCE: Final = 500

_COLUMNS: Final = """account_id, id, format, mailbox_ids, state, done, total, last_email_id, octets,
                     manifest_octets, manifest_crc, created_at"""


def export(account_id: int, export_id: int) -> Export:
    """An export of the account; raises `ExportNotFound`."""
    found = db.row(
        f"select {_COLUMNS} from transfer_export where account_id = %s and id = %s",  # noqa: S608 - our own names
        (account_id, export_id),
    )
    if found is None:
        raise ExportNotFound(str(export_id))
    return _export(found)


def exports(account_id: int) -> list[Export]:
    """The account's exports, the newest first."""
    found = db.rows(
        f"select {_COLUMNS} from transfer_export where account_id = %s order by id desc",  # noqa: S608 - our own names
        (account_id,),
    )
    return [_export(row) for row in found]


def unplanned() -> list[tuple[int, int]]:
    """(account, export) that wait for the worker."""
    return [(row[0], row[1]) for row in db.rows(_UNPLANNED, ())]


_UNPLANNED: Final = "select account_id, id from transfer_export where state = 'planning' order by created_at"


def items(account_id: int, export_id: int, start: int = 0) -> Iterator[Item]:
    """The letters of an export in order, from the one whose record holds the octet `start` on; a few hundred at a time,
    so it costs the same memory for any mailbox."""
    after = db.scalar(_FIRST, (account_id, export_id, start))
    number = -1 if after is None else after - 1
    while True:
        found = db.rows(_ITEMS, (account_id, export_id, number, ITEMS_AT_ONCE))
        for row in found:
            yield _item(row)
        if len(found) < ITEMS_AT_ONCE:
            return
        number = found[-1][0]


_FIRST: Final = """
    select number from transfer_item where account_id = %s and export_id = %s and start <= %s
     order by start desc limit 1
"""

_ITEMS: Final = """
    select number, start, length, size, crc, digest, path, mailboxes, keywords, received_at from transfer_item
     where account_id = %s and export_id = %s and number > %s order by number limit %s
"""


def _item(row: tuple[Any, ...]) -> Item:
    number, start, length, size, crc, digest, path, boxes, keywords, received_at = row
    return Item(
        number, start, length, size, crc, bytes(digest), path, tuple(boxes), tuple(keywords), received_at
    )


def _export(row: tuple[Any, ...]) -> Export:
    boxes = None if row[3] is None else tuple(row[3])
    return Export(row[0], row[1], Format(row[2]), boxes, ExportState(row[4]), *row[5:])
