"""Header values of uploads and downloads: a media type that is one, and a file name every browser reads."""

from __future__ import annotations

import re
import unicodedata
from typing import Final
from urllib.parse import quote

OCTET_STREAM: Final = "application/octet-stream"
_WORD: Final = r"[A-Za-z0-9!#$&^_.+-]{1,127}"
_MEDIA_TYPE: Final = re.compile(
    rf"{_WORD}/{_WORD}(?:[ \t]*;[ \t]*{_WORD}=(?:{_WORD}|\"[^\"\\\x00-\x1f\x7f-\U0010ffff]{{0,127}}\"))*",
    re.ASCII,
)
_LONGEST_TYPE: Final = 255
_LONGEST_NAME: Final = 255
_DIRECTION_MARKS: Final = frozenset(
    map(chr, (0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)))
)
_ATTR_CHARS: Final = "!#$&+-.^_`|~"


def media_type(text: str | None) -> str:
    """`text` when it is a media type (rfc9110#8.3.1), else `application/octet-stream`."""
    stripped = (text or "").strip()
    if len(stripped) > _LONGEST_TYPE or not _MEDIA_TYPE.fullmatch(stripped):
        return OCTET_STREAM
    return stripped


def attachment_disposition(name: str) -> str:
    """Content-Disposition that always saves and never shows, with the name in both forms (rfc6266#4.3, #5).

    Path separators and control characters are replaced, so the name names one file in any folder.
    """
    safe = "".join(_safe(char) for char in name[:_LONGEST_NAME]).strip(" .") or "file"
    plain = "".join(char if " " <= char <= "~" and char not in '"\\%' else "_" for char in safe)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(safe, safe=_ATTR_CHARS)}"


def _safe(char: str) -> str:
    if char in "/\\":
        return "_"
    # Direction marks can show "exe.pdf" as "fdp.exe".
    is_misleading = unicodedata.category(char) in ("Cc", "Cs") or char in _DIRECTION_MARKS
    return "_" if is_misleading else char
