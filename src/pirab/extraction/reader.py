"""The reader inside the box: a document on standard input, its text as UTF-8 on standard output.

A script of its own, run by `sandbox` in a process that sees only the Python libraries. It imports nothing of Pirab, so
that nothing of Pirab has to be in the box. Exit status: 0 read, 3 nothing of a kind we read, 4 damaged; anything else
is a limit.

    python reader.py MEMORY_BYTES CPU_SECONDS MAX_CHARACTERS < document
"""

from __future__ import annotations

import io
import os
import resource
import sys
import zipfile
from collections.abc import Callable, Iterator

NOTHING = 3
DAMAGED = 4
_LARGEST_MEMBERS = 400_000_000
"""Octets that all members of an office file may claim to unpack to."""


def read_pdf(document: bytes) -> Iterator[str]:
    """Text page by page, in the order of the page's content."""
    import pypdfium2

    with pypdfium2.PdfDocument(document) as pdf:
        for page in pdf:
            text = page.get_textpage()
            yield text.get_text_bounded()
            text.close()
            page.close()


def read_docx(document: bytes) -> Iterator[str]:
    """Paragraph by paragraph: body, tables and text boxes, headers, footers, notes and comments."""
    from docx import Document
    from docx.oxml import parse_xml
    from docx.oxml.ns import qn

    paragraph, text, gap = qn("w:p"), qn("w:t"), (qn("w:tab"), qn("w:br"), qn("w:cr"))
    for part in Document(io.BytesIO(document)).part.package.iter_parts():
        if "wordprocessingml" not in part.content_type or not part.blob.startswith((b"<", b"\xef\xbb\xbf")):
            continue
        for found in parse_xml(part.blob).iter(paragraph):
            pieces = (each.text if each.tag == text else " " for each in found.iter(text, *gap))
            yield "".join(piece or "" for piece in pieces)


def read_pptx(document: bytes) -> Iterator[str]:
    """Slide by slide: shapes, groups, tables, and the speaker's notes."""
    from pptx import Presentation

    for slide in Presentation(io.BytesIO(document)).slides:
        yield from _texts_of(slide.shapes)
        if slide.has_notes_slide and slide.notes_slide.notes_text_frame is not None:
            yield slide.notes_slide.notes_text_frame.text


def _texts_of(shapes: object) -> Iterator[str]:
    from pptx.shapes.group import GroupShape

    for shape in shapes:  # type: ignore[attr-defined]
        if isinstance(shape, GroupShape):
            yield from _texts_of(shape.shapes)
        elif shape.has_text_frame:
            yield shape.text_frame.text
        elif shape.has_table:
            yield from (cell.text for row in shape.table.rows for cell in row.cells)


def read_sheets(document: bytes) -> Iterator[str]:
    """Sheet by sheet, row by row: names of sheets, and the values as they were last computed."""
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_filelike(io.BytesIO(document))
    for name in book.sheet_names:
        yield name
        for row in book.get_sheet_by_name(name).iter_rows():
            yield " ".join(str(cell) for cell in row if cell != "")


_BEGINNINGS = (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PK\x03\x04")
"""Of the old compound files, and of ZIP."""


def may_be_read(document: bytes) -> bool:
    """Whether the first octets are those of a kind we read; safe to ask outside the box."""
    return b"%PDF-" in document[:1024] or document.startswith(_BEGINNINGS)


def reader_of(document: bytes) -> Callable[[bytes], Iterator[str]] | None:
    """Who can read this, told by its bytes: what the letter says of it counts for nothing."""
    if b"%PDF-" in document[:1024]:
        return read_pdf
    if document.startswith(_BEGINNINGS[0]):
        return read_sheets  # of the old compound files only workbooks are read
    if not document.startswith(_BEGINNINGS[1]):
        return None
    with zipfile.ZipFile(io.BytesIO(document)) as archive:
        if sum(member.file_size for member in archive.infolist()) > _LARGEST_MEMBERS:
            raise MemoryError
        names = frozenset(archive.namelist())
    if "word/document.xml" in names:
        return read_docx
    if "ppt/presentation.xml" in names:
        return read_pptx
    if "xl/workbook.xml" in names or "xl/workbook.bin" in names or "content.xml" in names:
        return read_sheets
    return None


def main(memory: int, seconds: int, characters: int) -> int:
    """Read standard input under these limits; returns the exit status."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # nobody reads complaints, and a library may have millions
    document = sys.stdin.buffer.read()
    try:
        read = reader_of(document)
        if read is None:
            return NOTHING
        for text in read(document):
            piece = text[:characters]
            sys.stdout.buffer.write(piece.encode("utf-8", "replace") + b"\n")
            sys.stdout.buffer.flush()  # what is read before a limit strikes is not lost
            characters -= len(piece)
            if characters <= 0:
                break
    except MemoryError:
        return 5
    except Exception:  # noqa: BLE001 - a library may raise anything on a hostile file: it is the file's fault
        return DAMAGED
    return 0


if __name__ == "__main__":
    raise SystemExit(main(*(int(argument) for argument in sys.argv[1:4])))
