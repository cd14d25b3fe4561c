"""Properties of a part from its Content-* fields (rfc8621#4.1.4)."""

from pirab.wire.charset import decode_unlabelled
from pirab.wire.headers import as_message_ids, as_text, unfold
from pirab.wire.parameters import MimeValue


def charset_of(media: MimeValue, *, is_declared: bool) -> str | None:
    """The parameter; for text without one the implicit charset of rfc2046#4.1.2."""
    charset = media.parameters.get("charset")
    if charset:
        return charset.lower()
    return "us-ascii" if media.value.startswith("text/") or not is_declared else None


def content_id_of(value: bytes | None) -> str | None:
    """Content-ID without brackets (rfc2045#7)."""
    if value is None:
        return None
    ids = as_message_ids(value)
    return ids[0] if ids else decode_unlabelled(unfold(value)).strip().strip("<>") or None


def languages_of(value: bytes | None) -> tuple[str, ...] | None:
    """The tags of Content-Language (rfc3282#2)."""
    if value is None:
        return None
    tags = (tag.strip() for tag in as_text(value).split(","))
    return tuple(tag for tag in tags if tag) or None


def location_of(value: bytes | None) -> str | None:
    """Content-Location without the white space of its folding (rfc2557#4.4.1)."""
    if value is None:
        return None
    return "".join(as_text(value).split()) or None
