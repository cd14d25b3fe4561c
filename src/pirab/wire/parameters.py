"""Structured MIME header values: `token; name=value; …` (rfc2045#5.1), with RFC 2231 names and the usual
mistakes."""

import re
from functools import lru_cache
from urllib.parse import unquote_to_bytes

import msgspec

from pirab.wire.charset import clean, codec_of, decode, decode_unlabelled
from pirab.wire.encoded_words import decode_words

_ATOM = r"[!#$%&'*+.^_`|~0-9A-Za-z{}-]+"
_MEDIA_TYPE = re.compile(rf"\s*({_ATOM})\s*/\s*({_ATOM})")
_BARE = re.compile(rf"\s*({_ATOM})")
_PARAMETER = re.compile(r';\s*([^\s=;*"]+)(\*\d{0,3}\*?)?\s*=\s*("(?:[^"\\]|\\.)*+"?|[^;]*)', re.DOTALL)
_COMMENT = re.compile(r"\([^()]*\)")
_QUOTED_PAIR = re.compile(r'\\(["\\])')  # only these two: many write "C:\path" and mean it
_FOLD = re.compile(r"\r?\n(?=[ \t])")
_MAX_PARAMETERS = 200
_CACHED_LENGTH = 256


class MimeValue(msgspec.Struct, frozen=True, gc=False):
    """A value and its parameters, both lower-case where case does not matter. Parameter values keep their
    case."""

    value: str
    parameters: dict[str, str]


def parse_media_type(raw: bytes) -> MimeValue | None:
    """`type/subtype` with parameters, or None when there is no media type in `raw` (rfc2045#5.2 says what
    then)."""
    return _media_type_cached(raw) if len(raw) <= _CACHED_LENGTH else _media_type(raw)


def parse_disposition(raw: bytes) -> MimeValue | None:
    """A disposition (rfc2183#2), or None when there is none in `raw`."""
    return _disposition_cached(raw) if len(raw) <= _CACHED_LENGTH else _disposition(raw)


def _media_type(raw: bytes) -> MimeValue | None:
    text = raw.decode("latin-1")
    match = _MEDIA_TYPE.match(text)
    if match:
        return MimeValue(f"{match[1]}/{match[2]}".lower(), parse_parameters(text, match.end()))
    bare = _BARE.match(text)
    if bare and bare[1].lower() == "text":
        return MimeValue("text/plain", parse_parameters(text, bare.end()))
    return None


def _disposition(raw: bytes) -> MimeValue | None:
    text = raw.decode("latin-1")
    match = _BARE.match(text)
    if match and not text[match.end() :].lstrip().startswith("="):
        return MimeValue(match[1].lower(), parse_parameters(text, match.end()))
    parameters = parse_parameters(";" + text, 0)  # the token is missing: "filename=x.pdf"
    return MimeValue("attachment", parameters) if parameters else None


_media_type_cached = lru_cache(maxsize=4096)(_media_type)
_disposition_cached = lru_cache(maxsize=1024)(_disposition)


def parse_parameters(text: str, position: int) -> dict[str, str]:
    """The parameters in `text` (octets as latin-1) from `position` on. The first of two equal names wins."""
    plain: dict[str, str] = {}
    sectioned: dict[str, list[tuple[int, bool, str]]] = {}
    for count, match in enumerate(_PARAMETER.finditer(text, position)):
        if count == _MAX_PARAMETERS:
            break
        name, section = match[1].lower(), match[2]
        value = _unquote(match[3])
        if section:
            sectioned.setdefault(name, []).append(_section(section, value))
        else:
            plain.setdefault(name, _decode_plain(name, value))
    for name, sections in sectioned.items():
        plain[name] = _join_sections(sections)  # rfc6266#4.3, appendix D: the extended form is preferred
    return plain


def _unquote(value: str) -> str:
    value = _FOLD.sub("", value)
    if value.startswith('"'):
        inner = value[1:-1] if len(value) > 1 and value.endswith('"') else value[1:]
        return _QUOTED_PAIR.sub(r"\1", inner)
    return value.strip()


def _decode_plain(name: str, value: str) -> str:
    if name in ("name", "filename"):
        if "=?" not in value and value.isascii():
            return clean(value)
        return decode_words(value.encode("latin-1", "replace"))
    if name in ("boundary", "charset"):
        value = _COMMENT.sub("", value).strip() if "(" in value and name == "charset" else value
        return value.strip() if name == "charset" else value.rstrip()
    return decode_unlabelled(value.encode("latin-1", "replace"))


def _section(mark: str, value: str) -> tuple[int, bool, str]:
    digits = mark.strip("*")
    return (int(digits) if digits else 0, mark.endswith("*"), value)


def _join_sections(sections: list[tuple[int, bool, str]]) -> str:
    """rfc2231#3, #4: sections in the order of their numbers, percent-encoded octets where marked."""
    octets: list[bytes] = []
    label = ""
    for index, (_, is_extended, value) in enumerate(sorted(sections, key=lambda section: section[0])):
        if is_extended and index == 0 and value.count("'") >= 2:
            label, _, value = value.split("'", 2)
        piece = value.encode("latin-1", "replace")
        octets.append(unquote_to_bytes(piece) if is_extended else piece)
    joined = b"".join(octets)
    if label and codec_of(label):
        return decode(joined, label).text
    return decode_words(joined)
