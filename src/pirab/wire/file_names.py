"""File names that are safe to offer for saving. `Part.name` keeps what the sender wrote; this is what a
disk may see."""

import re
import unicodedata

_MAX_OCTETS = 240  # most file systems allow 255 octets; browsers add " (1)"
_UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff]"
)
_RESERVED = re.compile(r'[<>:"/\\|?*]')
_DEVICES = frozenset(
    {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))}
)
_EXTENSION = re.compile(r"\.[A-Za-z0-9]{1,10}\Z")


def safe_file_name(name: str | None, fallback: str = "attachment") -> str:
    """`name` as one harmless file name: no directories, no invisible or direction-changing characters, no
    device names.

    Never empty, at most 240 octets of UTF-8, the extension kept. A path gives its last part.
    """
    text = unicodedata.normalize("NFC", _UNSEEN.sub("", name or ""))
    text = text.replace("\\", "/").rstrip("/").rpartition("/")[2]
    text = _RESERVED.sub("_", text).strip(" .")
    if not text:
        return fallback
    if text.partition(".")[0].strip().lower() in _DEVICES:
        text = f"_{text}"
    return _shortened(text)


def _shortened(text: str) -> str:
    if len(text.encode()) <= _MAX_OCTETS:
        return text
    extension = _EXTENSION.search(text)
    ending = extension[0] if extension else ""
    stem = text.encode()[: _MAX_OCTETS - len(ending)].decode("utf-8", "ignore")
    return stem.rstrip(" .") + ending
