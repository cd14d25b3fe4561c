"""Names that are safe to offer for saving."""

import pytest

from pirab.wire.file_names import safe_file_name


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("หนังสือ ฉบับที่ ๑.pdf", "หนังสือ ฉบับที่ ๑.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Windows\\a.exe", "a.exe"),
        ("a/b\\c.txt", "c.txt"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ("a\0b\r\nc.txt", "abc.txt"),
        ('a"b<c>|d?.txt', "a_b_c__d_.txt"),
        ("CON.txt", "_CON.txt"),
        ("nul", "_nul"),
        (" .hidden. ", "hidden"),
        ("..", "attachment"),
        ("/", "attachment"),
        ("", "attachment"),
        (None, "attachment"),
        ("a\ud800.txt", "a.txt"),
    ],
)
def test_safe_names(name: str | None, safe: str) -> None:
    assert safe_file_name(name) == safe


def test_long_names_keep_their_extension() -> None:
    short = safe_file_name("ก" * 500 + ".pdf")
    assert short.endswith(".pdf")
    assert len(short.encode()) <= 240
    assert len(safe_file_name("x" * 5000).encode()) <= 240
