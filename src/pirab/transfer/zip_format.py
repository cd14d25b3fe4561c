"""The octets of a ZIP file of which everything is known beforehand: stored entries, UTF-8 names, ZIP64 where needed.

Written by hand because the file is never made as a whole: each record is made when somebody downloads that part.
"""

from __future__ import annotations

import struct
from datetime import datetime, timedelta
from typing import Final

import msgspec

_LOCAL: Final = struct.Struct("<4sHHHHHIIIHH")
_CENTRAL: Final = struct.Struct("<4sHHHHHHIIIHHHHHII")
_END: Final = struct.Struct("<4sHHHHIIH")
_END_64: Final = struct.Struct("<4sQHHIIQQQQ")
_LOCATOR_64: Final = struct.Struct("<4sIQI")
_UTF8: Final = 0x0800
_LARGEST: Final = 0xFFFFFFFF
_MOST: Final = 0xFFFF
_PLAIN_VERSION: Final = 20
_ZIP64_VERSION: Final = 45
_BANGKOK: Final = timedelta(hours=7)


class Entry(msgspec.Struct, frozen=True):
    """A file in the archive: `size` (below 4 GiB) and CRC-32 of its octets, and where its record starts."""

    path: str
    size: int
    crc: int
    start: int
    modified: datetime


def local_header(entry: Entry) -> bytes:
    """What stands before the octets of the file."""
    name = entry.path.encode()
    date, time = _dos(entry.modified)
    return (
        _LOCAL.pack(
            b"PK\x03\x04",
            _PLAIN_VERSION,
            _UTF8,
            0,
            time,
            date,
            entry.crc,
            entry.size,
            entry.size,
            len(name),
            0,
        )
        + name
    )


def central_record(entry: Entry) -> bytes:
    """The entry's line in the directory at the end."""
    name = entry.path.encode()
    date, time = _dos(entry.modified)
    is_far = entry.start >= _LARGEST
    extra = struct.pack("<HHQ", 1, 8, entry.start) if is_far else b""
    version = _ZIP64_VERSION if is_far else _PLAIN_VERSION
    return (
        _CENTRAL.pack(
            b"PK\x01\x02",
            version,
            version,
            _UTF8,
            0,
            time,
            date,
            entry.crc,
            entry.size,
            entry.size,
            len(name),
            len(extra),
            0,
            0,
            0,
            0,
            _LARGEST if is_far else entry.start,
        )
        + name
        + extra
    )


def central_length(path: str, start: int) -> int:
    """Octets of `central_record`."""
    return _CENTRAL.size + len(path.encode()) + (12 if start >= _LARGEST else 0)


def end_of_archive(entries: int, directory_start: int, directory_length: int) -> bytes:
    """What stands after the directory."""
    needs_64 = entries >= _MOST or directory_start >= _LARGEST or directory_length >= _LARGEST
    end = _END.pack(
        b"PK\x05\x06",
        0,
        0,
        min(entries, _MOST),
        min(entries, _MOST),
        min(directory_length, _LARGEST),
        min(directory_start, _LARGEST),
        0,
    )
    if not needs_64:
        return end
    wide = _END_64.pack(
        b"PK\x06\x06",
        _END_64.size - 12,
        _ZIP64_VERSION,
        _ZIP64_VERSION,
        0,
        0,
        entries,
        entries,
        directory_length,
        directory_start,
    )
    return wide + _LOCATOR_64.pack(b"PK\x06\x07", 0, directory_start + directory_length, 1) + end


def _dos(moment: datetime) -> tuple[int, int]:
    """Date and time of day as the format has them: from 1980 on, to two seconds; in Bangkok, where they are read."""
    local = moment + _BANGKOK
    if not 1980 <= local.year <= 2107:
        return 0x21, 0
    date = (local.year - 1980) << 9 | local.month << 5 | local.day
    return date, local.hour << 11 | local.minute << 5 | local.second // 2
