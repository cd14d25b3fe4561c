"""Tables that people upload: CSV as spreadsheets write it (UTF-8 with or without a mark, UTF-16, TIS-620) and XLSX.

A cell is text and nothing else: what looks like a formula is kept as its letters and never calculated, here or later.
"""

from __future__ import annotations

import codecs
import csv
import io
import unicodedata
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from pirab.personnel.errors import TableTooLarge, TableUnreadable

MOST_OCTETS: Final = 40_000_000
MOST_ROWS: Final = 100_000
_MOST_COLUMNS: Final = 60
_LONGEST_CELL: Final = 1_000
_MOST_UNPACKED: Final = 400_000_000
_ZIP: Final = b"PK\x03\x04"
_SAMPLE: Final = 65_536


def read_table(content: bytes, columns: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """The rows below the heading, each with the columns that `columns` (heading, folded by `fold` -> name) knows.

    Empty rows are left out, but counted: `"#"` is the row's number in the sheet. Raises `TableUnreadable`, also where
    no heading is known, and `TableTooLarge`.
    """
    if len(content) > MOST_OCTETS:
        raise TableTooLarge()
    rows = _sheet(content) if content.startswith(_ZIP) else _separated(content)
    heading: list[str | None] | None = None
    taken = 0
    for number, cells in enumerate(rows, start=1):
        if heading is None:
            if any(cells):
                heading = _heading(cells, columns)
            continue
        if not any(cells):
            continue
        taken += 1
        if taken > MOST_ROWS:
            raise TableTooLarge()
        pairs = zip(heading, cells, strict=False)
        yield {"#": str(number)} | {name: cell for name, cell in pairs if name is not None}
    if heading is None:
        raise TableUnreadable()


def fold(heading: str) -> str:
    """What headings are compared by: no case, no spaces, no marks between words."""
    composed = unicodedata.normalize("NFKC", heading).casefold()
    return "".join(letter for letter in composed if letter.isalnum() or unicodedata.category(letter) == "Mn")


def _heading(cells: Sequence[str], columns: Mapping[str, str]) -> list[str | None]:
    known = [columns.get(fold(cell)) for cell in cells]
    found = [name for name in known if name is not None]
    if not found or len(set(found)) != len(found):
        raise TableUnreadable()
    return known


def _separated(content: bytes) -> Iterator[list[str]]:
    text = _decoded(content)
    sample = text[:_SAMPLE].partition("\n")[0]
    delimiter = max(",;\t", key=sample.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        for row in reader:
            yield _cells(row)
    except csv.Error as error:
        raise TableUnreadable() from error


def _decoded(content: bytes) -> str:
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        charsets = ["utf-16"]
    elif b"\0" in content:
        raise TableUnreadable()
    else:
        # Thai octets of TIS-620 are never sound UTF-8: what is both is the latter.
        charsets = ["utf-8-sig", "cp874"]
    for charset in charsets:
        try:
            return content.decode(charset)
        except UnicodeDecodeError:
            continue
    raise TableUnreadable()


def _sheet(content: bytes) -> Iterator[list[str]]:
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(member.file_size for member in archive.infolist()) > _MOST_UNPACKED:
                raise TableTooLarge()
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        for row in book.get_sheet_by_index(0).iter_rows():
            yield _cells([_text(value) for value in row])
    except (zipfile.BadZipFile, CalamineError, IndexError, ValueError, OSError) as error:
        raise TableUnreadable() from error


def _text(value: object) -> str:
    """Numbers as people typed them: 3100200012345 and not 3100200012345.0."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _cells(row: Sequence[str]) -> list[str]:
    if len(row) > _MOST_COLUMNS:
        raise TableUnreadable()
    return [unicodedata.normalize("NFC", cell[:_LONGEST_CELL]).replace("\u00a0", " ").strip() for cell in row]
