"""What was uploaded in parts, read as one file; at most two parts are in memory."""

from __future__ import annotations

import io
from bisect import bisect_right
from functools import lru_cache
from typing import Final

from pirab.core import db
from pirab.store import queries as store

MOST_AT_ONCE: Final = 64_000_000
"""Octets of one reading: more than any letter or directory has, and never what a hostile file asks for."""

_PARTS: Final = """
    select start, size, digest from transfer_part where account_id = %s and import_id = %s order by start
"""


class PartsFile(io.RawIOBase):
    """The upload of an import, to be read and searched."""

    def __init__(self, account_id: int, import_id: int) -> None:
        found = db.rows(_PARTS, (account_id, import_id))
        self._starts = [row[0] for row in found]
        self._digests = [bytes(row[2]) for row in found]
        self.size = found[-1][0] + found[-1][1] if found else 0
        self._place = 0
        self._content = lru_cache(maxsize=2)(store.message_bytes)

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._place

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._place, io.SEEK_END: self.size}[whence]
        if base + offset < 0:
            raise OSError("before the beginning")
        self._place = base + offset
        return self._place

    def read(self, size: int | None = -1) -> bytes:
        """At most `size` octets (all that are left when it is negative or None). Raises `OSError` for too many."""
        left = max(self.size - self._place, 0)
        wanted = left if size is None or size < 0 else min(size, left)
        if wanted > MOST_AT_ONCE:
            raise OSError("too many octets at once")
        pieces: list[bytes] = []
        while wanted > 0:
            index = bisect_right(self._starts, self._place) - 1
            inside = self._place - self._starts[index]
            piece = self._content(self._digests[index])[inside : inside + wanted]
            pieces.append(piece)
            self._place += len(piece)
            wanted -= len(piece)
        return b"".join(pieces)
