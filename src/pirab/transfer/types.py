"""Values of transfer. Sizes and places are octets; times are aware UTC."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import msgspec


class Format(StrEnum):
    """How a mailbox is written down: one file a letter in a ZIP with a manifest, or one mbox file."""

    ZIP = "zip"
    MBOX = "mbox"


class ImportFormat(StrEnum):
    """What people bring along: a ZIP of EML files or Maildirs, an mbox, one EML."""

    ZIP = "zip"
    MBOX = "mbox"
    EML = "eml"


class ImportState(StrEnum):
    """Where an import is: octets come in, the worker works, all is done, or the file cannot be read."""

    RECEIVING = "receiving"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class Import(msgspec.Struct, frozen=True):
    """An import: of a file called `name` of `size` octets (None: not said), `octets` have been received. `place` of
    `total` is worked through: files of a ZIP, octets of an mbox. The other numbers count letters."""

    account_id: int
    id: int
    format: ImportFormat
    state: ImportState
    name: str
    size: int | None
    octets: int
    place: int
    total: int | None
    imported: int
    duplicates: int
    problems: int
    created_at: datetime


class ExportState(StrEnum):
    """Where an export is."""

    PLANNING = "planning"
    READY = "ready"


class Export(msgspec.Struct, frozen=True):
    """An export: `done` letters of about `total` are noted (None: not counted), `octets` is the length of the file
    once it is ready."""

    account_id: int
    id: int
    format: Format
    mailbox_ids: tuple[int, ...] | None
    state: ExportState
    done: int
    total: int | None
    last_email_id: int
    octets: int
    manifest_octets: int
    manifest_crc: int
    created_at: datetime


class Item(msgspec.Struct, frozen=True):
    """A letter in an export: `start` is where its record begins, `size` the octets of the letter, `length` those of the
    whole record."""

    number: int
    start: int
    length: int
    size: int
    crc: int
    digest: bytes
    path: str
    mailboxes: tuple[str, ...]
    keywords: tuple[str, ...]
    received_at: datetime
