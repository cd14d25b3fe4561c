"""Encoded words in header values (RFC 2047): lenient reading, strict writing."""

import binascii
import re

from pirab.wire.charset import clean, decode, decode_unlabelled

# rfc2047#2, loosened: any length, spaces inside. rfc2231#5 adds "*language" to the charset.
_WORD = re.compile(rb"=\?([^?\s*]+)(?:\*[^?\s]*)?\?([bBqQ])\?([^?]*)\?=")
_BETWEEN_WORDS = re.compile(rb"[ \t\r\n]*")
_BASE64_LETTERS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_NOT_BASE64 = bytes(octet for octet in range(256) if octet not in _BASE64_LETTERS)
_MAX_ENCODED_TEXT = 63  # rfc2047#2: a word has at most 75 characters; "=?utf-8?B?" and "?=" take 12


def decode_words(value: bytes) -> str:
    """Text of an unfolded header value, encoded words decoded, raw octets by their look.

    White space between two words vanishes (rfc2047#6.2), and neighbours of one charset are joined before
    decoding, so that a character cut in two by a careless writer becomes whole again.
    """
    if b"=?" not in value:
        return decode_unlabelled(value)
    pieces: list[str] = []
    pending: list[bytes] = []
    pending_charset = ""
    position = 0
    for word in _WORD.finditer(value):
        between = value[position : word.start()]
        charset = word[1].decode("latin-1").lower()
        if pending and _BETWEEN_WORDS.fullmatch(between):
            between = b""
        if pending and (between or charset != pending_charset):
            pieces.append(decode(b"".join(pending), pending_charset).text)
            pending.clear()
        if between:
            pieces.append(decode_unlabelled(between))
        pending.append(_payload(word[2], word[3]))
        pending_charset = charset
        position = word.end()
    if pending:
        pieces.append(decode(b"".join(pending), pending_charset).text)
    pieces.append(decode_unlabelled(value[position:]))
    return "".join(pieces)


def _payload(encoding: bytes, text: bytes) -> bytes:
    if encoding in b"qQ":
        return binascii.a2b_qp(text.replace(b"\n", b"").replace(b"\r", b""), header=True)
    letters = text.translate(None, _NOT_BASE64)
    letters = letters[: len(letters) - (len(letters) % 4 == 1)]
    return binascii.a2b_base64(letters + b"=" * (-len(letters) % 4))


def encode_words(text: str) -> list[str]:
    """`text` as encoded words of at most 75 characters each, never cutting a character (rfc2047#5)."""
    words: list[str] = []
    for chunk in _chunks(clean(text)):
        encoded = binascii.b2a_base64(chunk.encode("utf-8"), newline=False).decode("ascii")
        words.append(f"=?utf-8?B?{encoded}?=")
    return words


def _chunks(text: str) -> list[str]:
    limit = _MAX_ENCODED_TEXT // 4 * 3
    chunks: list[str] = []
    start = size = 0
    for position, character in enumerate(text):
        octets = len(character.encode("utf-8"))
        if size + octets > limit:
            chunks.append(text[start:position])
            start, size = position, 0
        size += octets
    if start < len(text):
        chunks.append(text[start:])
    return chunks
