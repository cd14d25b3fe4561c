"""Letters in what people bring along: a ZIP of EML files or Maildirs, an mbox, or one EML; never unpacked to disk."""

from __future__ import annotations

import lzma
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Final

import msgspec

from pirab.transfer import manifest
from pirab.transfer.parts import PartsFile
from pirab.transfer.types import ImportFormat

LARGEST_DIRECTORY: Final = 64_000_000
"""Octets of a ZIP's directory or manifest: about 500,000 letters."""
MOST_EXPANDED: Final = 40_000_000_000
"""Octets that the letters of a ZIP may claim to be together: its entries may lie on top of each other, and one small
run of octets be a hundred thousand large letters."""
_BROKEN: Final = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    RuntimeError,
    NotImplementedError,
    EOFError,
    OSError,
    ValueError,
    IndexError,
    MemoryError,
)
"""What the standard library raises for archives that are none."""

_LOST: Final = str.maketrans({"∕": "/", "∖": "\\", "∶": ":"})
_MAILDIR: Final = re.compile(r"[:;!]2,([A-Za-z]*)$")
_MAILDIR_FLAGS: Final = {"S": "$seen", "F": "$flagged", "R": "$answered", "P": "$forwarded", "D": "$draft"}
_STATUS: Final = {"R": "$seen", "A": "$answered", "F": "$flagged", "T": "$draft"}
_FROM: Final = re.compile(rb"^>(>*From )", re.MULTILINE)
_FIELD: Final = re.compile(
    rb"^(x-keywords|x-pirab-mailbox|x-pirab-received|status|x-status)[ \t]*:([^\n]*\n(?:[ \t][^\n]*\n)*)",
    re.MULTILINE | re.IGNORECASE,
)


class SourceBroken(Exception):
    """The file as a whole cannot be read; the argument is a problem code."""


class Letter(msgspec.Struct, frozen=True):
    """One letter found: `raw` is None when `problem` says why. `place` is where the next one begins, of `total`."""

    name: str
    place: int
    total: int
    raw: bytes | None = None
    problem: str = ""
    mailboxes: tuple[tuple[str, ...], ...] = ()
    keywords: frozenset[str] = frozenset()
    received_at: datetime | None = None


def letters(form: ImportFormat, source: PartsFile, place: int, largest: int) -> Iterator[Letter]:
    """The letters from `place` on; none may be larger than `largest` octets. Raises `SourceBroken`."""
    match form:
        case ImportFormat.ZIP:
            yield from _zip_letters(source, place, largest)
        case ImportFormat.MBOX:
            yield from _mbox_letters(source, place, largest)
        case ImportFormat.EML:
            if place == 0:
                too_large = source.size > largest
                yield Letter("", 1, 1, None if too_large else source.read(), "tooLarge" if too_large else "")


# -- ZIP ----------------------------------------------------------------------------------------------------


def _zip_letters(source: PartsFile, place: int, largest: int) -> Iterator[Letter]:
    _check_directory(source)
    try:
        archive = zipfile.ZipFile(source)
    except _BROKEN as error:
        raise SourceBroken("notZip") from error
    states = _states(archive)
    entries = archive.infolist()
    # No more is ever read of an entry than it claims to be.
    if sum(min(info.file_size, largest + 1) for info in entries) > MOST_EXPANDED:
        raise SourceBroken("tooMuch")
    for index, info in enumerate(entries[place:], place):
        name = _name(info)
        if info.is_dir() or name == manifest.PATH or name.startswith("__MACOSX/"):
            continue
        yield _zip_letter(archive, info, name, (index + 1, len(entries)), largest, states.get(name, {}))


def _check_directory(source: PartsFile) -> None:
    """Refuse a directory that would not fit into memory before anybody reads it."""
    source.seek(max(source.size - 65_600, 0))
    tail = source.read()
    end = tail.rfind(b"PK\x05\x06")
    if end < 0 or len(tail) - end < 22:
        raise SourceBroken("notZip")
    size = int.from_bytes(tail[end + 12 : end + 16], "little")
    wide = tail.rfind(b"PK\x06\x06", 0, end)
    if wide >= 0:
        size = max(size if size != 0xFFFFFFFF else 0, int.from_bytes(tail[wide + 40 : wide + 48], "little"))
    if size > LARGEST_DIRECTORY:
        raise SourceBroken("tooManyFiles")
    source.seek(0)


def _states(archive: zipfile.ZipFile) -> dict[str, dict[str, Any]]:
    try:
        with archive.open(manifest.PATH) as file:
            text = file.read(LARGEST_DIRECTORY)
        lines = [msgspec.json.decode(line) for line in text.splitlines() if line]
    except (KeyError, *_BROKEN):
        return {}
    except msgspec.MsgspecError:
        return {}
    return {
        line["file"]: line for line in lines if isinstance(line, dict) and isinstance(line.get("file"), str)
    }


def _zip_letter(
    archive: zipfile.ZipFile,
    info: zipfile.ZipInfo,
    name: str,
    place_of: tuple[int, int],
    largest: int,
    state: dict[str, Any],
) -> Letter:
    place, total = place_of
    *folders, last = [part for part in re.split(r"[/\\]", name) if part not in ("", ".", "..")] or [""]
    in_maildir = bool(folders) and folders[-1] in ("cur", "new")
    if not (in_maildir or last.lower().endswith((".eml", ".msg.eml"))):
        return Letter(name, place, total, problem="notMail")
    if info.flag_bits & 1:
        return Letter(name, place, total, problem="encrypted")
    try:
        with archive.open(info) as file:
            raw = file.read(largest + 1)
    except _BROKEN:
        return Letter(name, place, total, problem="broken")
    if len(raw) > largest:
        return Letter(name, place, total, problem="tooLarge")
    keywords = frozenset[str]()
    if in_maildir:
        flags = _MAILDIR.search(last)
        keywords = frozenset(
            _MAILDIR_FLAGS[each] for each in (flags[1] if flags else "") if each in _MAILDIR_FLAGS
        )
        folders = folders[:-1]
        folders = folders[:-1] + [each for each in folders[-1].split(".") if each] if folders else []
    paths = _texts(state.get("mailboxes")) or ["/".join(folders)]
    return Letter(
        name,
        place,
        total,
        raw,
        "",
        tuple(_path(path) for path in paths),
        keywords | frozenset(_texts(state.get("keywords"))),
        _moment(state.get("receivedAt")),
    )


def _name(info: zipfile.ZipInfo) -> str:
    """The name as it was meant: many programs write UTF-8 or Thai Windows names without saying so."""
    if info.flag_bits & 0x800:
        return info.filename
    try:
        octets = info.filename.encode("cp437")
    except UnicodeEncodeError:
        return info.filename
    for charset in ("utf-8", "cp874"):
        try:
            return octets.decode(charset)
        except UnicodeDecodeError:
            continue
    return info.filename


def _path(text: str) -> tuple[str, ...]:
    parts = [part.translate(_LOST) for part in text.split("/") if part not in ("", ".", "..")]
    return tuple("".join(char if char >= " " else "_" for char in part)[:80] for part in parts[:15])


def _texts(value: Any) -> list[str]:
    return [each for each in value[:100] if isinstance(each, str)] if isinstance(value, list) else []


def _moment(value: Any) -> datetime | None:
    try:
        moment = datetime.strptime(value, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except (TypeError, ValueError):
        return None
    return moment if 1970 <= moment.year < 9999 else None


# -- mbox ---------------------------------------------------------------------------------------------------


def _mbox_letters(source: PartsFile, place: int, largest: int) -> Iterator[Letter]:
    """Letters begin at a line that begins with `From ` and follows an empty one (or begins the file)."""
    while place < source.size:
        content, end = _until_next(source, place, largest)
        name = f"@{place}"
        place = end
        if content is None:
            yield Letter(name, place, source.size, problem="tooLarge")
        elif not content.startswith(b"From "):
            if content.strip():
                yield Letter(name, place, source.size, problem="notMail")
        else:
            yield _mbox_letter(name, (place, source.size), content.partition(b"\n")[2])


def _until_next(source: PartsFile, place: int, largest: int) -> tuple[bytes | None, int]:
    """The octets up to the next letter (None when they are too many), and where that begins."""
    source.seek(place)
    kept, seen, tail = bytearray(), 0, b""
    while chunk := source.read(1_000_000):
        window = tail + chunk
        mark = re.search(rb"\n\r?\nFrom ", window)
        if mark is not None:
            end = place + seen - len(tail) + mark.end() - 5
            kept += chunk[: max(mark.end() - 5 - len(tail), 0)]
            length = end - place
            return (bytes(kept[:length]) if length <= largest else None), end
        if seen <= largest:
            kept += chunk
        seen += len(chunk)
        tail = window[-8:]
    return (bytes(kept) if seen <= largest else None), place + seen


def _mbox_letter(name: str, place_of: tuple[int, int], content: bytes) -> Letter:
    text = content.replace(b"\r\n", b"\n")
    text = text.removesuffix(b"\n")
    header, blank, body = text.partition(b"\n\n")
    fields = [(key.lower().decode(), _text(value)) for key, value in _FIELD.findall(header + b"\n")]
    kept = _FIELD.sub(b"", header + b"\n")
    raw = _FROM.sub(rb"\1", kept + (b"\n" + body if blank else b"")).replace(b"\n", b"\r\n")
    values = dict(fields)
    keywords = {
        _STATUS[each] for each in values.get("status", "") + values.get("x-status", "") if each in _STATUS
    }
    keywords |= set(values.get("x-keywords", "").split())
    paths = tuple(_path(value) for key, value in fields if key == "x-pirab-mailbox")
    return Letter(
        name, *place_of, raw, "", paths, frozenset(keywords), _moment(values.get("x-pirab-received"))
    )


def _text(value: bytes) -> str:
    return " ".join(value.decode("utf-8", "replace").split())
