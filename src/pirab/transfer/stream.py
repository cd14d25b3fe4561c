"""The octets of a planned export, from any place on."""

from __future__ import annotations

from collections.abc import Iterator

from pirab.store import queries as store
from pirab.transfer import manifest, mbox_format, queries, zip_format
from pirab.transfer.types import Export, Format, Item
from pirab.transfer.zip_format import Entry


def record(form: Format, item: Item, raw: bytes) -> bytes:
    """What stands in the file for one letter."""
    if form is Format.MBOX:
        return mbox_format.record(item, raw)
    return zip_format.local_header(entry_of(item)) + raw


def entry_of(item: Item) -> Entry:
    """The letter as an entry of the archive."""
    return Entry(item.path, item.size, item.crc, item.start, item.received_at)


def octets(export: Export, start: int = 0, end: int | None = None) -> Iterator[bytes]:
    """The file's octets from `start` up to `end` (None: its own end), in pieces of at most one letter.

    The same octets every time. Raises `BlobMissing` where a letter's bytes have gone.
    """
    place, stop = start, export.octets if end is None else min(end, export.octets)
    for began, piece in _pieces(export, start):
        if began >= stop:
            return
        part = piece[max(place - began, 0) : stop - began]
        if part:
            yield part
            place += len(part)


def _pieces(export: Export, start: int) -> Iterator[tuple[int, bytes]]:
    """Pieces with the place where each begins; whole letters before `start` are passed over unread."""
    place = 0
    for item in queries.items(export.account_id, export.id, start):
        if item.start + item.length > start:
            yield item.start, record(export.format, item, store.message_bytes(item.digest))
        place = item.start + item.length
    if export.format is Format.ZIP:
        yield from _tail(export, place)


def _tail(export: Export, place: int) -> Iterator[tuple[int, bytes]]:
    """The manifest and the archive's directory."""
    listed = Entry(manifest.PATH, export.manifest_octets, export.manifest_crc, place, export.created_at)
    header = zip_format.local_header(listed)
    yield place, header
    place += len(header)
    for item in queries.items(export.account_id, export.id):
        line = manifest.line(item)
        yield place, line
        place += len(line)
    directory = place
    for item in queries.items(export.account_id, export.id):
        central = zip_format.central_record(entry_of(item))
        yield place, central
        place += len(central)
    central = zip_format.central_record(listed)
    yield place, central
    place += len(central)
    yield place, zip_format.end_of_archive(export.done + 1, directory, place - directory)
