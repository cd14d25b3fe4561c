"""Text of a part."""

from pirab.wire.charset import decode
from pirab.wire.mime.fields import header_fields
from pirab.wire.mime.transfer import decode_octets, decode_part, encoding_of
from pirab.wire.types import DecodedText, Part


def part_text(raw: bytes, part: Part) -> DecodedText:
    """The text of `part`, line ends as LF (rfc8621#4.1.4 bodyValues). Wrong and missing charsets are seen
    through."""
    decoded = _with_lf(decode(decode_part(raw, part), part.charset))
    if part.encoding == "8bit" and not decoded.is_encoding_problem and _has_unknown_encoding(raw, part):
        return DecodedText(decoded.text, True)
    return decoded


def part_text_start(raw: bytes, part: Part, max_characters: int) -> str:
    """The beginning of the text of `part`: at most `max_characters`, decoding no more than is needed for
    them."""
    enough = max_characters * 4  # octets a character takes at most
    ratio = 3 if part.encoding == "quoted-printable" else 2
    if part.body_end - part.body_start <= enough * ratio:
        return part_text(raw, part).text[:max_characters]
    body = raw[part.body_start : part.body_start + enough * ratio]
    octets = decode_octets(body, part.encoding)[:enough]
    line = octets.rfind(b"\n")  # do not cut a character in two
    whole = octets[: line + 1] if line > enough // 2 else octets
    return _with_lf(decode(whole, part.charset)).text[:max_characters]


def _has_unknown_encoding(raw: bytes, part: Part) -> bool:
    """rfc2045#6.4: an encoding nobody knows; its octets are shown as they are."""
    fields = (
        field for field in header_fields(raw, part) if field.name.lower() == "content-transfer-encoding"
    )
    first = next(fields, None)
    return first is not None and encoding_of(first.value) is None


def _with_lf(decoded: DecodedText) -> DecodedText:
    if "\r" not in decoded.text:
        return decoded
    return DecodedText(decoded.text.replace("\r\n", "\n"), decoded.is_encoding_problem)
