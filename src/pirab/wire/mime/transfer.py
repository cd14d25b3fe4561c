"""Content transfer encodings (rfc2045#6): undoing them, and knowing the size without undoing."""

import binascii
import io
import itertools
import re

import pybase64

from pirab.wire.headers import unfold
from pirab.wire.types import Part

_BASE64_LETTERS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_NOT_BASE64 = bytes(octet for octet in range(256) if octet not in _BASE64_LETTERS + b"=")
_MAX_BASE64_RUNS = 10_000
_MAX_SPACED_BREAKS = 100_000
_MAX_UU_LINES = 2_000_000
_SPACE = b" \t\r\n"
_TRAILING_SPACE_AFTER_SOFT_BREAK = re.compile(rb"=[ \t]+(?=\r?\n)")
_UU_BEGIN = re.compile(rb"^begin [0-7]{3,4} [^\n]*\n", re.MULTILINE)

_ENCODINGS = {
    b"7bit": "7bit",
    b"8bit": "8bit",
    b"binary": "binary",
    b"base64": "base64",
    b"quoted-printable": "quoted-printable",
    b"x-uuencode": "x-uuencode",
    b"uuencode": "x-uuencode",
    b"x-uue": "x-uuencode",
}


def encoding_of(value: bytes) -> str | None:
    """The encoding a Content-Transfer-Encoding value names, or None when nobody knows it (rfc2045#6.1)."""
    token = re.split(rb"[(;]", unfold(value), maxsplit=1)[0].strip(b" \t\"'").lower()
    return _ENCODINGS.get(token)


def decode_part(raw: bytes, part: Part) -> bytes:
    """The octets of `part` with the transfer encoding undone; damaged encodings give what can be had.

    For a multipart: its body as it stands. The length is `part.size` for every leaf.
    """
    return decode_octets(raw[part.body_start : part.body_end], part.encoding)


def decode_octets(body: bytes, encoding: str) -> bytes:
    """`body` with `encoding` undone."""
    if encoding == "base64":
        return _base64(body)
    if encoding == "quoted-printable":
        return _quoted_printable(body)
    if encoding == "x-uuencode":
        return _uuencoded(body)
    return body


def decoded_size(raw: bytes, start: int, end: int, encoding: str) -> int:
    """The length of `decode_octets(raw[start:end], encoding)`, for base64 by counting only."""
    if encoding == "base64":
        return sum(len(run) * 3 // 4 for run in _base64_runs(raw[start:end]))
    if encoding in ("quoted-printable", "x-uuencode"):
        return len(decode_octets(raw[start:end], encoding))
    return end - start


def _base64(body: bytes) -> bytes:
    try:
        # What nearly every writer writes, at the speed of copying; anything else is read with patience below.
        return pybase64.b64decode(body.translate(None, _SPACE), validate=True)
    except binascii.Error:
        return b"".join(_base64_run(run) for run in _base64_runs(body))


def _base64_runs(body: bytes) -> list[bytes]:
    """The alphabet characters of `body`, in runs that end at padding.

    Padding ends the data (rfc2045#6.8), except where nothing but base64 follows: some writers join padded
    pieces. Other text after the padding is a footer that a mailing list put there; it is no data.
    """
    letters = body.translate(None, _NOT_BASE64)
    bare = letters.rstrip(b"=")
    if b"=" not in bare:
        return [bare]
    rest = body[body.index(b"=") :]
    if len(rest.translate(None, _SPACE)) != len(rest.translate(None, _NOT_BASE64)):
        return [bare[: bare.index(b"=")]]
    if bare.count(b"=") > _MAX_BASE64_RUNS:
        return [bare.translate(None, b"=")]
    return [run for run in bare.split(b"=") if run]


def _base64_run(run: bytes) -> bytes:
    remainder = len(run) % 4
    if remainder == 1:  # six bits make no octet
        run, remainder = run[:-1], 0
    return binascii.a2b_base64(run + b"=" * (-remainder % 4))


def _quoted_printable(body: bytes) -> bytes:
    if 0 < body.count(b"= ") + body.count(b"=\t") <= _MAX_SPACED_BREAKS:
        body = _TRAILING_SPACE_AFTER_SOFT_BREAK.sub(b"=", body)
    if b"=\r" in body:  # a CR alone breaks no line: without this the decoder would swallow what follows it
        body = body.replace(b"=\r\n", b"=\n").replace(b"=\r", b"=3D\r")
    return binascii.a2b_qp(body)


def _uuencoded(body: bytes) -> bytes:
    begin = _UU_BEGIN.search(body)
    decoded = bytearray()
    lines = io.BytesIO(body)
    lines.seek(begin.end() if begin else 0)
    for line in itertools.islice(lines, _MAX_UU_LINES):
        line = line.rstrip(b"\r\n")
        if line == b"end":
            break
        if line:
            decoded += _uu_line(line)
    return bytes(decoded)


def _uu_line(line: bytes) -> bytes:
    try:
        return binascii.a2b_uu(line)
    except binascii.Error:
        length = (line[0] - 32) & 63  # some writers add a checksum or cut trailing spaces
        wanted = (length + 2) // 3 * 4 + 1
        try:
            return binascii.a2b_uu(line[:wanted].ljust(wanted))
        except binascii.Error:
            return b""
