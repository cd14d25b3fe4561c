"""What people bring along, mangled: letters or problem codes, never a failure, and never a place that stands still."""

from __future__ import annotations

import io
import zipfile
from typing import Final, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from pirab.openapi.imports import REASONS
from pirab.transfer.incoming import SourceBroken, letters
from pirab.transfer.parts import PartsFile
from pirab.transfer.types import ImportFormat

LARGEST: Final = 100_000
LETTER: Final = b"Subject: x\nStatus: RO\nX-Keywords: a\n\nbody\n\nFrom here\n"


class Source(io.BytesIO):
    """A file in memory, as `PartsFile` is one in the blob store."""

    @property
    def size(self) -> int:
        return len(self.getbuffer())


def archive(method: int) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as made:
        made.writestr("Maildir/cur/1:2,S", LETTER * 20)
        made.writestr("งาน/a.eml", LETTER)
        made.writestr("manifest.jsonl", b'{"file": "x", "mailboxes": [1], "keywords": {}}\n')
    return target.getvalue()


METHODS: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)
ARCHIVES: Final = tuple(archive(method) for method in METHODS)
Mangling = list[tuple[int, bytes]]
manglings: Final = some.lists(some.tuples(some.integers(0, 2_000), some.binary(max_size=6)), max_size=6)


def read(form: ImportFormat, content: bytes) -> list[str]:
    """The problem codes met on the way to the end."""
    place, codes = -1, []
    try:
        for letter in letters(form, cast("PartsFile", Source(content)), 0, LARGEST):
            assert place < letter.place <= letter.total
            assert (letter.raw is None) == bool(letter.problem)
            assert letter.raw is None or len(letter.raw) <= 2 * LARGEST
            assert all(part not in ("", ".", "..") for path in letter.mailboxes for part in path)
            place = letter.place
            codes.append(letter.problem)
    except SourceBroken as error:
        codes.append(str(error))
    assert set(codes) <= {*REASONS, ""}
    return codes


def mangled(content: bytes, mangling: Mangling) -> bytes:
    octets = bytearray(content)
    for place, piece in mangling:
        at = place % len(octets)
        octets[at : at + len(piece)] = piece
    return bytes(octets)


@settings(max_examples=400, deadline=None)
@given(some.sampled_from(ARCHIVES), manglings, some.integers(0, 40))
def test_a_mangled_archive(content: bytes, mangling: Mangling, cut: int) -> None:
    broken = mangled(content, mangling)
    read(ImportFormat.ZIP, broken[: len(broken) - cut])


@settings(max_examples=200, deadline=None)
@given(
    some.lists(
        some.sampled_from((b"From ", b"\n", b"\r\n", b">From x", b"\nFrom a\n", LETTER, b"\xff\0", b" ")),
        max_size=40,
    )
)
def test_any_mbox(pieces: list[bytes]) -> None:
    read(ImportFormat.MBOX, b"".join(pieces))


@pytest.mark.parametrize("method", METHODS)
def test_damage_inside_an_entry_is_told(method: int) -> None:
    """Every way of packing has errors of its own."""
    content = archive(method)
    name = "งาน/a.eml".encode()
    start = content.find(name) + len(name)
    damaged = content[:start] + b"\xff" * 20 + content[start + 20 :]
    assert read(ImportFormat.ZIP, damaged) == ["", "broken"]
    name_damaged = content.replace(name, b"\xff" + name[1:], 1)
    assert read(ImportFormat.ZIP, name_damaged) == ["", "broken"]
