"""The box opens what offices send, and holds what attackers send."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from pirab.extraction import reader, sandbox
from pirab.extraction.sandbox import Limits, read_document
from pirab.extraction.types import Reading, SandboxUnavailable
from tests.integration.extraction import papers


@pytest.mark.parametrize(
    ("document", "words"),
    [
        (papers.pdf("การประชุมคณะรัฐมนตรี ครั้งที่ ๕"), ["ประชุม", "คณะรัฐมนตรี", "๕"]),
        (
            papers.docx("หนังสือเวียน", table="เบี้ยเลี้ยงเดินทาง", header="กระทรวงมหาดไทย"),
            ["หนังสือเวียน", "เบี้ยเลี้ยงเดินทาง", "กระทรวงมหาดไทย"],
        ),
        (papers.xlsx("ค่าสาธารณูปโภค", "1250000"), ["งบประมาณ", "ค่าสาธารณูปโภค", "1250000"]),
        (papers.pptx("แผนปฏิบัติราชการ", notes="กล่าวเปิดงาน"), ["แผนปฏิบัติราชการ", "กล่าวเปิดงาน"]),
    ],
    ids=["pdf", "docx", "xlsx", "pptx"],
)
def test_reads_what_offices_send(document: bytes, words: list[str]) -> None:
    extract = read_document(document)
    assert extract.reading is Reading.READ
    assert [word for word in words if word not in extract.text] == []


@pytest.mark.parametrize(
    "document",
    [b"", b"hello", b"\x00" * 100_000, papers.zipped({"a.txt": b"x"}), b"GIF89a" + b"\xff" * 64],
    ids=["empty", "text", "zeros", "other zip", "picture"],
)
def test_what_is_no_document_gives_nothing(document: bytes) -> None:
    assert read_document(document).reading is Reading.NOTHING


@pytest.mark.parametrize("cut", [0.1, 0.5, 0.95])
@pytest.mark.parametrize("make", [papers.pdf, papers.docx, papers.xlsx, papers.pptx])
def test_a_truncated_document_is_damaged_or_partly_read(cut: float, make: object) -> None:
    assert callable(make)
    document = make("งบประมาณ")
    assert read_document(document[: int(len(document) * cut)]).reading is not Reading.NOTHING


def test_a_bomb_ends_at_the_limit() -> None:
    sheet = (
        b"<worksheet><sheetData>" + b"<row><c><v>1</v></c></row>" * 20_000_000 + b"</sheetData></worksheet>"
    )
    bomb = papers.zipped({"xl/workbook.xml": b"<workbook/>", "xl/worksheets/sheet1.xml": sheet})
    assert len(bomb) < 2_000_000
    assert read_document(bomb).reading is Reading.TOO_MUCH


def test_output_stops_at_the_limit_of_characters() -> None:
    extract = read_document(papers.docx("ก" * 5_000), Limits(characters=1_000))
    assert len(extract.text) == 1_000


def test_xml_entities_are_not_followed() -> None:
    """Neither a file from outside nor a billion laughs."""
    evil = (
        b'<!DOCTYPE w [<!ENTITY a SYSTEM "file:///etc/passwd"><!ENTITY b "ha"><!ENTITY c "&b;&b;&b;&b;">]>'
        b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r>'
        b"<w:t>seen &a;&c;</w:t></w:r></w:p></w:body></w:document>"
    )
    plain = papers.docx("x")
    members = {name: content for name, content in _members(plain).items() if name != "word/document.xml"}
    extract = read_document(papers.zipped({**members, "word/document.xml": evil}))
    assert "root:" not in extract.text


def _members(document: bytes) -> dict[str, bytes]:
    import io
    import zipfile

    with zipfile.ZipFile(io.BytesIO(document)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.mark.parametrize(
    ("attempt", "allowed"),
    [
        ("print('in')", True),
        ("import socket; socket.create_connection(('127.0.0.1', 22), 1)", False),
        ("import socket; socket.getaddrinfo('example.com', 80)", False),
        ("open('/etc/passwd').read()", False),
        ("import os; assert os.listdir('/home') or True", False),
        ("open('/usr/evil', 'w')", False),
        ("import os; os.kill(1, 9) if os.getpid() != 2 else None; assert len([p for p in os.listdir('/proc') "
         "if p.isdigit()]) > 3", False),
        ("import os; assert os.environ.get('PATH')", False),
    ],
)  # fmt: skip
def test_code_in_the_box_reaches_nothing(attempt: str, allowed: bool) -> None:
    """A library taken over by a document can do no more than this."""
    command = [*sandbox._box(), "/usr/bin/python3", "-I", "-c", attempt]
    ended = subprocess.run(command, capture_output=True, check=False, env={"SECRET": "x"})
    assert (ended.returncode == 0) is allowed, ended.stderr


def test_a_reader_that_never_ends_is_stopped(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    endless = tmp_path / "reader.py"
    endless.write_text("import sys, time\nprint('before', flush=True)\nwhile True: time.sleep(1)\n")
    monkeypatch.setattr(reader, "__file__", str(endless))
    extract = read_document(b"%PDF-", Limits(wall_seconds=1.0))
    assert (extract.text, extract.reading) == ("before", Reading.TOO_MUCH)


@pytest.mark.parametrize("stream", ["stdout", "stderr"])
def test_a_reader_that_writes_for_ever_fills_no_memory_of_ours(
    stream: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    script = tmp_path / "reader.py"
    forever = f"while True: sys.{stream}.write('x' * 100_000)"
    script.write_text(
        Path(reader.__file__).read_text().replace("document = sys.stdin.buffer.read()", forever)
    )
    monkeypatch.setattr(reader, "__file__", str(script))
    extract = read_document(b"x" * 3_000_000, Limits(characters=1_000, cpu_seconds=1, wall_seconds=20))
    assert extract.reading is Reading.TOO_MUCH
    assert len(extract.text) <= 5_001


def test_a_reader_that_falls_silent_is_stopped(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    silent = tmp_path / "reader.py"
    silent.write_text(
        "import os, sys, time\nsys.stdin.read()\nos.close(1)\nos.close(2)\nwhile True: time.sleep(1)\n"
    )
    monkeypatch.setattr(reader, "__file__", str(silent))
    assert read_document(b"x", Limits(wall_seconds=1.0)).reading is Reading.TOO_MUCH


def test_memory_and_processor_end(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for body in ("held = bytearray(3_000_000_000)", "while True: pass"):
        script = tmp_path / "reader.py"
        script.write_text(
            Path(reader.__file__).read_text().replace("document = sys.stdin.buffer.read()", body)
        )
        with monkeypatch.context() as patch:
            patch.setattr(reader, "__file__", str(script))
            assert read_document(b"x", Limits(cpu_seconds=1)).reading is Reading.TOO_MUCH


def test_without_a_box_nothing_is_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(SandboxUnavailable):
        read_document(papers.docx("x"))
