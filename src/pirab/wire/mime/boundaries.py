"""The boundaries that are open at a place in a message, and the next line that is one of them
(rfc2046#5.1.1)."""

import re

_MAX_DELIMITER = 1_000  # octets; the standard allows 70 and white space after it
_PATIENCE = 2_000

Delimiter = tuple[int, int, int, bool]
"""Line start, offset after the line, level of the multipart it belongs to, whether it closes it."""


class OpenBoundaries:
    """A table of open boundaries: each line that begins with "--" is looked up once, however many are open.

    A message may hold millions of such lines that are no boundaries. After some thousand of them in vain
    the search is left to one compiled expression.
    """

    def __init__(self, raw: bytes) -> None:
        self._raw = raw
        self._levels: dict[bytes, list[int]] = {}
        self._misses = 0
        self._expression: re.Pattern[bytes] | None = None

    def __bool__(self) -> bool:
        return bool(self._levels)

    def open(self, boundary: bytes, level: int) -> None:
        self._levels.setdefault(boundary, []).append(level)
        self._changed()

    def close(self, boundary: bytes) -> None:
        """Forgets the innermost multipart with this boundary."""
        levels = self._levels[boundary]
        levels.pop()
        if not levels:
            del self._levels[boundary]
        self._changed()

    def close_all(self) -> None:
        self._levels.clear()
        self._changed()

    def is_open(self, boundary: bytes, level: int) -> bool:
        levels = self._levels.get(boundary)
        return bool(levels) and levels is not None and levels[-1] == level

    def next_delimiter(self, start: int, end: int) -> Delimiter | None:
        """The first delimiter line that begins in raw[start:end]; `start` is the beginning of a line."""
        raw = self._raw
        position = max(start - 1, 0)
        while (position := self._candidate(position, end)) >= 0:
            line_end = raw.find(b"\n", position + 3)
            if line_end < 0:
                line_end = len(raw)
            if line_end - position <= _MAX_DELIMITER:
                found = self._lookup(raw[position + 3 : line_end].rstrip(b" \t\r"))
                if found is not None:
                    return position + 1, min(line_end + 1, len(raw)), *found
            self._misses += 1
            position = line_end
        return None

    def _candidate(self, position: int, end: int) -> int:
        if self._misses < _PATIENCE:
            return self._raw.find(b"\n--", position, end)
        if self._expression is None:
            names = b"|".join(re.escape(name) for name in sorted(self._levels, key=len, reverse=True))
            self._expression = re.compile(rb"\n--(?:" + names + rb")(?:--)?[ \t\r]*(?=\n|\Z)")
        found = self._expression.search(self._raw, position, end)
        return found.start() if found else -1

    def _lookup(self, line: bytes) -> tuple[int, bool] | None:
        levels = self._levels.get(line)
        if levels:
            return levels[-1], False
        if line.endswith(b"--") and (levels := self._levels.get(line[:-2])):
            return levels[-1], True
        return None

    def _changed(self) -> None:
        self._misses = 0
        self._expression = None
