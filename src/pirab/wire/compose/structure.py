"""A tree of parts to octets (RFC 2045, RFC 2046)."""

import binascii
import hashlib
import re

import msgspec

from pirab.wire.charset import clean
from pirab.wire.compose.fields import LINE_LIMIT, ComposeError, FieldLine, fold, is_message_id, raw_field
from pirab.wire.compose.parameters import file_name_parameters, legacy_name_parameter, parameter

_MEDIA_TYPE = re.compile(
    r"[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,126}/[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,126}"
)  # rfc6838#4.2
_ATOM = re.compile(r"[A-Za-z0-9!#$&+.^_`|~-]{1,64}")
_LANGUAGE = re.compile(r"[A-Za-z0-9-]{1,60}")
_LOCATION = re.compile(r"[!-~]{1,900}")
_LINE_BREAK = re.compile(r"\r\n|\r|\n")
_BARE_BREAK = re.compile(rb"\r(?!\n)|(?<!\r)\n")
_DEEPEST = 100
_BASE64_LINE = 57


class MimeNode(msgspec.Struct, frozen=True):
    """One part to be written. A multipart has `children`, any other type has `content`.

    `content` as str is text: written in UTF-8 with CRLF line ends. As bytes it arrives octet for octet.
    `headers` come before the Content-* fields; a leaf may bring its own Content-Type there. `parameters`
    are further parameters of the Content-Type.
    """

    type: str = "text/plain"
    headers: tuple[FieldLine, ...] = ()
    content: bytes | str | None = None
    children: tuple["MimeNode", ...] = ()
    charset: str | None = None
    disposition: str | None = None
    name: str | None = None
    cid: str | None = None
    language: tuple[str, ...] | None = None
    location: str | None = None
    parameters: tuple[tuple[str, str], ...] = ()


class _Written(msgspec.Struct, frozen=True, gc=False):
    header: bytes
    body: bytes
    is_8bit: bool

    def octets(self) -> bytes:
        return self.header + b"\r\n" + self.body


def compose_structure(root: MimeNode) -> bytes:
    """The whole message whose header fields are `root.headers`. Raises ComposeError for what cannot be
    written."""
    written = _write(root, 0, is_root=True)
    return written.octets()


def _write(node: MimeNode, depth: int, *, is_root: bool = False) -> _Written:
    if depth > _DEEPEST:
        raise ComposeError("bodyStructure", "nested too deep")
    if not _MEDIA_TYPE.fullmatch(node.type):
        raise ComposeError("type", "not a media type")
    fields = list(node.headers)
    names = {field.name.lower() for field in fields}
    if names & {"mime-version", "content-transfer-encoding"}:
        raise ComposeError("Content-Transfer-Encoding", "is set by the writer")
    if is_root:
        fields.append(raw_field("MIME-Version", "1.0"))
    if node.type.lower().startswith("multipart/"):
        return _write_multipart(node, fields, names, depth)
    return _write_leaf(node, fields, names, is_root=is_root)


def _write_multipart(node: MimeNode, fields: list[FieldLine], names: set[str], depth: int) -> _Written:
    if not node.children or node.content is not None:
        raise ComposeError("subParts", "a multipart has parts and no content of its own")
    if "content-type" in names:
        raise ComposeError("Content-Type", "of a multipart is set by the writer")
    children = [_write(child, depth + 1) for child in node.children]
    pieces = [child.octets() for child in children]
    boundary = _boundary(pieces)
    is_8bit = any(child.is_8bit for child in children)
    parameters = [parameter(name, value) for name, value in node.parameters]
    fields.append(_joined("Content-Type", node.type.lower(), [*parameters, f'boundary="{boundary}"']))
    fields += _descriptive_fields(node, names)
    if is_8bit:
        fields.append(raw_field("Content-Transfer-Encoding", "8bit"))  # rfc2045#6.4
    delimiter = f"--{boundary}\r\n".encode()
    body = b"".join(delimiter + piece + b"\r\n" for piece in pieces) + f"--{boundary}--\r\n".encode()
    return _Written(_header(fields), body, is_8bit)


def _boundary(pieces: list[bytes]) -> str:
    """A line that occurs in none of `pieces` (rfc2046#5.1). "=_" cannot occur in quoted-printable or
    base64."""
    digest = hashlib.sha256(b"\0".join(pieces))
    while True:
        boundary = f"=_{digest.hexdigest()[:40]}"
        if not any(f"--{boundary}".encode() in piece for piece in pieces):
            return boundary
        digest.update(b"\0")


def _write_leaf(node: MimeNode, fields: list[FieldLine], names: set[str], *, is_root: bool) -> _Written:
    if node.children:
        raise ComposeError("subParts", "only a multipart has parts")
    media, charset, octets = _media_and_octets(node)
    encoding, body = _encode(octets, media, must_end_line=is_root)
    if encoding == "base64" and media == "message/rfc822":
        media = "message/global"  # rfc2046#5.2.1 forbids base64 there, rfc6532#3.7 allows it here
    if "content-type" not in names:
        parameters = [parameter(name, value) for name, value in node.parameters]
        if charset:
            parameters.append(parameter("charset", charset))
        if node.name:
            parameters.append(legacy_name_parameter(node.name))
        fields.append(_joined("Content-Type", media, parameters))
    fields += _descriptive_fields(node, names)
    if encoding != "7bit":
        fields.append(raw_field("Content-Transfer-Encoding", encoding))
    return _Written(_header(fields), body, encoding == "8bit")


def _media_and_octets(node: MimeNode) -> tuple[str, str | None, bytes]:
    media = node.type.lower()
    if isinstance(node.content, str):
        text = _LINE_BREAK.sub("\r\n", clean(node.content))
        return media, "utf-8", (text if text.endswith("\r\n") or not text else text + "\r\n").encode()
    return media, node.charset, node.content or b""


def _encode(octets: bytes, media: str, *, must_end_line: bool) -> tuple[str, bytes]:
    """The transfer encoding that keeps every octet, and the encoded body (rfc2045#6)."""
    if media.startswith(("text/", "message/")):
        has_lines = _has_sendable_lines(octets) and (
            not must_end_line or not octets or octets.endswith(b"\r\n")
        )
        if has_lines and octets.isascii():
            return "7bit", octets
        if has_lines and media.startswith("message/"):
            return "8bit", octets
    if media.startswith("text/") and b"\0" not in octets and not _BARE_BREAK.search(octets):
        quoted = binascii.b2a_qp(octets, istext=True)
        if b"\r\n" not in octets:  # without a line break to look at, soft ones come out bare
            quoted = quoted.replace(b"=\n", b"=\r\n")
        if len(quoted) < len(octets) * 4 // 3:
            return "quoted-printable", quoted
    return "base64", _base64(octets)


def _has_sendable_lines(octets: bytes) -> bool:
    if b"\0" in octets or _BARE_BREAK.search(octets):
        return False
    return len(octets) <= LINE_LIMIT or all(len(line) <= LINE_LIMIT for line in octets.split(b"\r\n"))


def _base64(octets: bytes) -> bytes:
    lines = (octets[start : start + _BASE64_LINE] for start in range(0, len(octets), _BASE64_LINE))
    return b"".join(binascii.b2a_base64(line, newline=False) + b"\r\n" for line in lines)


def _descriptive_fields(node: MimeNode, names: set[str]) -> list[FieldLine]:
    fields: list[FieldLine] = []
    if node.disposition or node.name:
        disposition = (node.disposition or "attachment").lower()
        if not _ATOM.fullmatch(disposition):
            raise ComposeError("disposition", "not a token")
        parameters = file_name_parameters(node.name) if node.name else []
        fields.append(_joined("Content-Disposition", disposition, parameters))
    if node.cid:
        if not is_message_id(node.cid):
            raise ComposeError("cid", "not a content id")
        fields.append(raw_field("Content-ID", f"<{node.cid}>"))
    if node.language:
        if not all(_LANGUAGE.fullmatch(tag) for tag in node.language):
            raise ComposeError("language", "not a language tag")
        fields.append(fold("Content-Language", [", ".join(node.language[:10])]))
    if node.location:
        if not _LOCATION.fullmatch(node.location):
            raise ComposeError("location", "not a URI of printable ASCII")
        fields.append(raw_field("Content-Location", node.location))
    return [field for field in fields if field.name.lower() not in names]


def _joined(name: str, value: str, parameters: list[str]) -> FieldLine:
    tokens = [value, *parameters]
    return fold(name, [f"{token};" for token in tokens[:-1]] + tokens[-1:])


def _header(fields: list[FieldLine]) -> bytes:
    return b"".join(field.octets() for field in fields)
