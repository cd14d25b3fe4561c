"""The worker's part of an export: reading every letter once and noting where it will stand."""

from __future__ import annotations

import zlib
from typing import Final

import msgspec

from pirab.core import db
from pirab.core.ids import IdKind, encode_id
from pirab.store import queries as store
from pirab.store.types import EmailView
from pirab.transfer import manifest, queries, zip_format
from pirab.transfer.paths import mailbox_paths
from pirab.transfer.stream import entry_of, record
from pirab.transfer.types import Export, ExportState, Format, Item

LETTERS_AT_ONCE: Final = 50
"""Letters of one transaction: so many are read again when a worker is killed."""


def plan_some(account_id: int, export_id: int) -> ExportState:
    """Note the next letters of the export, or finish it; returns where it is now. Raises `ExportNotFound`.

    What is noted is noted for good: mail that comes or goes meanwhile moves nothing that stands before it.
    """
    with db.transaction():
        db.scalar(
            "select id from transfer_export where account_id = %s and id = %s for update",
            (account_id, export_id),
        )
        export = queries.export(account_id, export_id)
        if export.state is ExportState.READY:
            return export.state
        ids = store.email_ids_after(account_id, export.last_email_id, LETTERS_AT_ONCE, export.mailbox_ids)
        if not ids:
            _finish(export)
            return ExportState.READY
        _note(export, store.email_views(account_id, ids), ids[-1])
        return ExportState.PLANNING


def _note(export: Export, views: list[EmailView], last_email_id: int) -> None:
    paths = mailbox_paths(store.mailboxes(export.account_id))
    place, number, rows = export.octets, export.done, []
    for view in views:
        item = _item(export, view, paths, place, number)
        rows.append((export.account_id, export.id, *msgspec.structs.astuple(item)))
        place, number = place + item.length, number + 1
    for row in rows:
        db.execute(_NOTE, (*row[:9], list(row[9]), list(row[10]), row[11]))
    db.execute(
        """
        update transfer_export set done = %s, last_email_id = %s, octets = %s where account_id = %s and id = %s
        """,
        (number, last_email_id, place, export.account_id, export.id),
    )


_NOTE: Final = """
    insert into transfer_item (account_id, export_id, number, start, length, size, crc, digest, path, mailboxes,
                               keywords, received_at) values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
"""


def _item(export: Export, view: EmailView, paths: dict[int, str], place: int, number: int) -> Item:
    raw = store.message_bytes(view.digest)
    boxes = tuple(sorted(paths[box] for box in view.email.mailbox_ids if box in paths)) or ("_",)
    name = f"{boxes[0]}/{encode_id(IdKind.EMAIL, view.email.id)}.eml"
    keywords = tuple(sorted(view.email.keywords))
    item = Item(
        number,
        place,
        0,
        len(raw),
        zlib.crc32(raw),
        view.digest,
        name,
        boxes,
        keywords,
        view.email.received_at,
    )
    return msgspec.structs.replace(item, length=len(record(export.format, item, raw)))


def _finish(export: Export) -> None:
    size = crc = directory = 0
    if export.format is Format.ZIP:
        for item in queries.items(export.account_id, export.id):
            line = manifest.line(item)
            size, crc = size + len(line), zlib.crc32(line, crc)
            directory += len(zip_format.central_record(entry_of(item)))
        listed = zip_format.Entry(manifest.PATH, size, crc, export.octets, export.created_at)
        begin = export.octets + len(zip_format.local_header(listed)) + size
        directory += len(zip_format.central_record(listed))
        end = begin + directory + len(zip_format.end_of_archive(export.done + 1, begin, directory))
    else:
        end = export.octets
    db.execute(
        """
        update transfer_export set state = 'ready', octets = %s, manifest_octets = %s, manifest_crc = %s
         where account_id = %s and id = %s
        """,
        (end, size, crc, export.account_id, export.id),
    )
