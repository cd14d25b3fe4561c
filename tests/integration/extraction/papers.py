"""Documents as offices make them, each holding the words it is given."""

from __future__ import annotations

import io
import zipfile
from xml.sax.saxutils import escape

import typst
import xlsxwriter
from pptx import Presentation
from pptx.util import Cm

_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/word/document.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/>'
    "{more}</Types>"
)
_RELATIONSHIPS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELATION = '<Relationship Id="{id}" Type="' + _RELATIONSHIPS + '/{kind}" Target="{target}"/>'
_RELATIONS = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{all}</Relationships>'
_WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def pdf(text: str) -> bytes:
    """A page with `text` in a Thai font."""
    source = f'#set text(font: ("Garuda", "Loma"), lang: "th")\n#"{text}"'
    made = typst.compile(source.encode())
    assert isinstance(made, bytes)
    return made


def docx(text: str, *, table: str = "", header: str = "") -> bytes:
    """A letter with `text` as a paragraph, a table of one cell and a page header."""
    rows = f"<w:tbl><w:tr><w:tc>{_paragraph(table)}</w:tc></w:tr></w:tbl>" if table else ""
    section = (
        f'<w:sectPr><w:headerReference w:type="default" r:id="h1" xmlns:r="{_RELATIONSHIPS}"/></w:sectPr>'
    )
    override = (
        '<Override PartName="/word/header1.xml" ContentType='
        '"application/vnd.openxmlformats-officedocument.wordprocessingml.header+xml"/>'
    )
    body = f"{_paragraph(text)}{rows}{section if header else ''}"
    members = {
        "[Content_Types].xml": _TYPES.format(more=override if header else ""),
        "_rels/.rels": _RELATIONS.format(
            all=_RELATION.format(id="r1", kind="officeDocument", target="word/document.xml")
        ),
        "word/_rels/document.xml.rels": _RELATIONS.format(
            all=_RELATION.format(id="h1", kind="header", target="header1.xml") if header else ""
        ),
        "word/document.xml": f"<w:document {_WORD}><w:body>{body}</w:body></w:document>",
    }
    if header:
        members["word/header1.xml"] = f"<w:hdr {_WORD}>{_paragraph(header)}</w:hdr>"
    return zipped({name: text.encode() for name, text in members.items()})


def _paragraph(text: str) -> str:
    return f"<w:p><w:r><w:t>{escape(text)}</w:t></w:r></w:p>"


def xlsx(*cells: str) -> bytes:
    """A workbook with a Thai sheet name and one row."""
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as book:
        book.add_worksheet("งบประมาณ").write_row(0, 0, cells)
    return made.getvalue()


def pptx(text: str, *, notes: str = "") -> bytes:
    """A slide with a text box and notes."""
    show = Presentation()
    slide = show.slides.add_slide(show.slide_layouts[6])
    slide.shapes.add_textbox(Cm(1), Cm(1), Cm(9), Cm(3)).text_frame.text = text
    if notes:
        frame = slide.notes_slide.notes_text_frame
        assert frame is not None
        frame.text = notes
    made = io.BytesIO()
    show.save(made)
    return made.getvalue()


def zipped(members: dict[str, bytes]) -> bytes:
    """An archive of these members."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return made.getvalue()
