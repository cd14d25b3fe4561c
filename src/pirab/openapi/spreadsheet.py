"""Tables to take away as CSV (rfc4180), in UTF-8 with the mark by which spreadsheets know it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Final

_BEGINS_A_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")
"""What a spreadsheet would calculate rather than show."""
BYTE_ORDER_MARK: Final = "\ufeff"


def csv_rows(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """The whole table. No cell is a formula: one that begins like it gets an apostrophe before it."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(headings)
    writer.writerows([safe_cell(cell) for cell in row] for row in rows)
    return (BYTE_ORDER_MARK + out.getvalue()).encode("utf-8", "replace")


def safe_cell(text: str) -> str:
    """`text` as a spreadsheet shows it and never calculates it."""
    return f"'{text}" if text.lstrip(" ").startswith(_BEGINS_A_FORMULA) else text
