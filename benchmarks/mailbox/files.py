"""Attachments that are what they say: readable documents with incompressible pictures inside, of a wanted size."""

import io
import random
import zipfile
import zlib
from collections.abc import Callable
from typing import Final
from xml.sax.saxutils import escape

File = tuple[str, str, bytes]
"""Media type, file name extension, content."""

_EPOCH: Final = (2026, 1, 1, 0, 0, 0)
_OFFICE: Final = "application/vnd.openxmlformats-officedocument."
_MAIN: Final = "http://schemas.openxmlformats.org/"


def attachment(chance: random.Random, octets: int, text: str) -> File:
    """A file of about `octets`; which kind is left to `chance`. `text` stands in documents."""
    maker: Callable[[random.Random, int, str], File] = chance.choices(
        (pdf, docx, xlsx, picture), weights=(40, 20, 10, 30)
    )[0]
    return maker(chance, octets, text)


def pdf(chance: random.Random, octets: int, text: str) -> File:
    """One page of Latin text (`text` where it is ASCII) and one picture."""
    words = text if text.isascii() else "Annex to the letter"
    drawn = f"BT /F1 11 Tf 60 780 Td ({words[:200].translate(_ESCAPED)}) Tj ET".encode()
    samples = chance.randbytes(max(300, octets - 900))
    rows = len(samples) // 300
    image = zlib.compress(samples[: rows * 300], 0)
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources "
        b"<< /Font << /F1 5 0 R >> /XObject << /I1 6 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%b\nendstream" % (len(drawn), drawn),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        b"<< /Type /XObject /Subtype /Image /Width 100 /Height %d /ColorSpace /DeviceRGB /BitsPerComponent 8 "
        b"/Filter /FlateDecode /Length %d >>\nstream\n%b\nendstream" % (rows, len(image), image),
    ]
    return "application/pdf", "pdf", _pdf_file(objects)


def docx(chance: random.Random, octets: int, text: str) -> File:
    """A text document with `text` and a picture."""
    kind = f"{_OFFICE}wordprocessingml.document"
    body = f"<w:body><w:p><w:r><w:t>{escape(text)}</w:t></w:r></w:p></w:body>"
    document = f'<w:document xmlns:w="{_MAIN}wordprocessingml/2006/main">{body}</w:document>'
    return kind, "docx", _package(chance, octets, "word/document.xml", f"{kind}.main+xml", document)


def xlsx(chance: random.Random, octets: int, text: str) -> File:
    """A workbook that only says `text` in its shared strings, and a picture."""
    kind = f"{_OFFICE}spreadsheetml.sheet"
    book = f'<workbook xmlns="{_MAIN}spreadsheetml/2006/main"><sheets/></workbook>'
    strings = f'<sst xmlns="{_MAIN}spreadsheetml/2006/main"><si><t>{escape(text)}</t></si></sst>'
    content = _package(
        chance, octets, "xl/workbook.xml", f"{kind}.main+xml", book, ("xl/sharedStrings.xml", strings)
    )
    return kind, "xlsx", content


def picture(chance: random.Random, octets: int, text: str) -> File:
    """A PNG of noise, as photographs are to a compressor; `text` is its comment."""
    rows = max(1, (octets - 200) // 301)
    lines = b"".join(b"\0" + chance.randbytes(300) for _ in range(rows))
    header = (100).to_bytes(4) + rows.to_bytes(4) + bytes((8, 2, 0, 0, 0))
    chunks = ((b"IHDR", header), (b"iTXt", b"Comment\0\0\0\0\0" + text.encode()[:100]))
    data = ((b"IDAT", zlib.compress(lines, 0)), (b"IEND", b""))
    return "image/png", "png", b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*each) for each in (*chunks, *data))


_ESCAPED: Final = str.maketrans({"(": "[", ")": "]", "\\": "/"})


def _pdf_file(objects: list[bytes]) -> bytes:
    out = io.BytesIO(b"%PDF-1.5\n")
    out.seek(0, io.SEEK_END)
    places = []
    for number, content in enumerate(objects, 1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n%b\nendobj\n" % (number, content))
    start = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    out.writelines(b"%010d 00000 n \n" % place for place in places)
    out.write(b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start))
    return out.getvalue()


def _package(
    chance: random.Random, octets: int, name: str, kind: str, main: str, *more: tuple[str, str]
) -> bytes:
    types = (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="png" ContentType="image/png"/><Override PartName="/{name}" ContentType="{kind}"/></Types>'
    )
    relation = (
        f'<Relationships xmlns="{_MAIN}package/2006/relationships"><Relationship Id="r1" '
        f'Type="{_MAIN}officeDocument/2006/relationships/officeDocument" Target="{name}"/></Relationships>'
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for path, content in (("[Content_Types].xml", types), ("_rels/.rels", relation), (name, main), *more):
            package.writestr(zipfile.ZipInfo(path, _EPOCH), content)
        media = zipfile.ZipInfo(f"{name.partition('/')[0]}/media/image1.png", _EPOCH)
        package.writestr(media, picture(chance, max(600, octets - 1500), "")[2])
    return out.getvalue()


def _chunk(kind: bytes, content: bytes) -> bytes:
    return len(content).to_bytes(4) + kind + content + zlib.crc32(kind + content).to_bytes(4)
