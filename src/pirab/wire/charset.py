"""Octets to text when the label may be missing, unknown or wrong.

Thai mail of thirty years is in TIS-620 under many labels, often under none or under a wrong one. The octets
are believed before the label: text that is valid UTF-8 is UTF-8, text that has the shape of Thai in TIS-620
is Thai.
"""

import re
from functools import lru_cache

from pirab.wire.types import DecodedText

_LABELS_BY_CODEC: dict[str, str] = {
    "ascii": "us-ascii ascii ansi_x3.4-1968 iso646-us 646",
    "utf-8": "utf-8 utf8 unicode-1-1-utf-8 cp65001 utf-8-sig utf8mb4 x-utf-8",
    "utf-7": "utf-7 unicode-1-1-utf-7 x-unicode-2-0-utf-7",
    "utf-16": "utf-16 ucs-2",
    "utf-16-le": "utf-16le",
    "utf-16-be": "utf-16be",
    "utf-32": "utf-32",
    "utf-32-le": "utf-32le",
    "utf-32-be": "utf-32be",
    "cp874": (
        "tis-620 tis620 tis-620.2533 iso-8859-11 iso8859-11 windows-874 cp874 cp-874 dos-874 "
        "ibm874 874 thai iso-ir-166 x-mac-thai macthai"
    ),
    "cp1252": "windows-1252 cp1252 ansi iso-8859-1 latin1 latin-1 iso8859-1 iso_8859-1 x-ansi",
    "gb18030": "gb2312 gbk gb18030 x-gbk cp936",
    "hz": "hz-gb-2312",
    "cp950": "big5 cp950 x-big5",
    "big5hkscs": "big5-hkscs",
    "cp949": "euc-kr ks_c_5601-1987 ks_c_5601 cp949 windows-949",
    "iso2022_kr": "iso-2022-kr",
    "cp932": "shift_jis shift-jis sjis x-sjis cp932 windows-31j",
    "euc_jp": "euc-jp",
    "iso2022_jp_2": "iso-2022-jp iso-2022-jp-1 iso-2022-jp-2",
    "iso2022_jp_3": "iso-2022-jp-3",
    "koi8_r": "koi8-r koi8",
    "koi8_u": "koi8-u",
    "mac_roman": "macintosh x-mac-roman",
    "mac_cyrillic": "x-mac-cyrillic",
    "cp1258": "viscii tcvn",
    "iso8859_8": "iso-8859-8-i iso-8859-8-e",
    "cp1254": "iso-8859-9",
}
_CODEC_BY_LABEL = {label: codec for codec, labels in _LABELS_BY_CODEC.items() for label in labels.split()}
_CODEC_BY_LABEL |= {f"iso-8859-{n}": f"iso8859_{n}" for n in (2, 3, 4, 5, 6, 7, 8, 10, 13, 14, 15, 16)}
_CODEC_BY_LABEL |= {f"windows-{n}": f"cp{n}" for n in (1250, 1251, 1253, 1254, 1255, 1256, 1257, 1258)}
_CODEC_BY_LABEL |= {
    f"cp{n}": f"cp{n}" for n in (437, 850, 852, 855, 857, 862, 866, 1250, 1251, 1253, 1254, 1256)
}
_CODEC_BY_LABEL |= {f"ibm{n}": f"cp{n}" for n in (437, 850, 852, 855, 857, 862, 866)}

_SAMPLE_OCTETS = 16_384
_THAI_CONSONANT = rb"\xa1-\xce"
_THAI_ABOVE_BELOW = rb"\xd1\xd4-\xda\xe7-\xee"
_THAI_OCTETS = re.compile(rb"[\xa1-\xda\xdf-\xfb]")
_HIGH_OCTETS = re.compile(rb"[\x80-\xff]")
_THAI_WELL_FORMED = re.compile(
    rb"[%b][%b]|[\xe0-\xe4][%b]" % (_THAI_CONSONANT, _THAI_ABOVE_BELOW, _THAI_CONSONANT)
)
_THAI_MALFORMED = re.compile(
    rb"(?<![%b%b\xe5])[%b]|[\xe0-\xe4](?![%b])"
    % (_THAI_CONSONANT, _THAI_ABOVE_BELOW, _THAI_ABOVE_BELOW, _THAI_CONSONANT)
)
_LATIN_BESIDE_HIGH = re.compile(rb"[\x80-\xff][A-Za-z|\[\\\]^{}~]")  # every other octet of a Chinese charset
_THAI_RUN = re.compile(rb"[\xa1-\xda\xdf-\xfb]{3,}")
_ASCII_SUPERSETS = frozenset({"ascii", "utf-8", "cp874", "cp1252"})


@lru_cache(maxsize=512)
def codec_of(label: str) -> str | None:
    """The codec for a charset label, or None when the label is unknown.

    Only listed codecs are ever used: Python would also accept `idna` or `unicode_escape` as a charset.
    """
    cleaned = label.strip().strip("'\"").lower()
    return _CODEC_BY_LABEL.get(cleaned) or _CODEC_BY_LABEL.get(cleaned.replace("_", "-"))


def decode(data: bytes, label: str | None) -> DecodedText:
    """Text of `data` labelled `label`; None and unknown labels mean that the octets must speak for
    themselves."""
    codec = codec_of(label) if label else "ascii"
    if data.isascii() and (codec is None or codec in _ASCII_SUPERSETS):
        return DecodedText(clean(data.decode("ascii")), codec is None)
    if codec is None or codec in _ASCII_SUPERSETS:
        return _decode_doubted(data, codec)
    return _decode_trusted(data, codec)


def decode_unlabelled(data: bytes) -> str:
    """Text of octets that carry no label at all: raw header values, file names (rfc6532#3.2 first, then
    history)."""
    if data.isascii():
        return clean(data.decode("ascii"))
    return _decode_doubted(data, None).text


def clean(text: str) -> str:
    """`text` fit for PostgreSQL and JSON: NUL and lone surrogates become U+FFFD."""
    if "\0" in text:
        text = text.replace("\0", "\ufffd")
    if text.isascii():
        return text
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return _SURROGATE.sub("\ufffd", text)
    return text


_SURROGATE = re.compile("[\ud800-\udfff]")


def looks_thai(data: bytes) -> bool:
    """True when the high octets of `data` have the shape of Thai writing in TIS-620 (vowels and tones on
    consonants)."""
    sample = data[:_SAMPLE_OCTETS]
    high = len(_HIGH_OCTETS.findall(sample))
    if not high or len(_THAI_OCTETS.findall(sample)) < high * 0.97:
        return False
    mixed = len(_LATIN_BESIDE_HIGH.findall(sample))
    if mixed > 1 and mixed * 5 > high:
        return False
    malformed = len(_THAI_MALFORMED.findall(sample))
    if malformed > high * 0.03:
        return False
    well_formed = len(_THAI_WELL_FORMED.findall(sample))
    in_runs = sum(
        len(run) for run in _THAI_RUN.findall(sample)
    )  # no European word has three such octets in a row
    return well_formed * 12 >= high or in_runs * 10 >= high * 6


def _decode_doubted(data: bytes, codec: str | None) -> DecodedText:
    """Labels that are often wrong: the octets decide first."""
    try:
        return DecodedText(clean(data.decode("utf-8")), codec != "utf-8")
    except UnicodeDecodeError:
        pass
    if codec == "cp874":
        return _replaced(data, "cp874", is_problem=False)
    if looks_thai(data):
        return _replaced(data, "cp874", is_problem=True)
    if codec == "cp1252":
        return DecodedText(clean(data.decode("latin-1" if _has_c1(data) else "cp1252", "replace")), False)
    if _mostly_utf8(data, 1 if codec == "utf-8" else 4):
        return _replaced(data, "utf-8", is_problem=True)
    return _replaced(data, "cp1252", is_problem=True)


def _has_c1(data: bytes) -> bool:
    return any(octet in data for octet in (b"\x81", b"\x8d", b"\x8f", b"\x90", b"\x9d"))


def _mostly_utf8(data: bytes, factor: int) -> bool:
    sample = data[:_SAMPLE_OCTETS].decode("utf-8", "replace")
    wrong = sample.count("\ufffd")
    right = sum(1 for character in sample if character > "\x7f") - wrong
    return right >= wrong * factor


def _decode_trusted(data: bytes, codec: str) -> DecodedText:
    """Labels nobody writes by accident."""
    try:
        return DecodedText(clean(data.decode(codec)), False)
    except UnicodeDecodeError:
        pass
    try:
        return DecodedText(clean(data.decode("utf-8")), True)
    except UnicodeDecodeError:
        return _replaced(data, codec, is_problem=True)


def _replaced(data: bytes, codec: str, *, is_problem: bool) -> DecodedText:
    text = clean(data.decode(codec, "replace"))
    return DecodedText(text, is_problem or "\ufffd" in text)
