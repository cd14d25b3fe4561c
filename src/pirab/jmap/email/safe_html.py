"""The vendor properties `pirab:safeHtml` and `pirab:hasRemoteResources`: a body a browser may show.

A client that asked for `https://pirab.go.th/jmap/mail-safety` gets one HTML fragment for the whole body: HTML parts
sanitised by `pirab.wire.html`, text parts escaped with their links made clickable, pictures of the body itself shown
from the download address. Nothing in it runs, loads from elsewhere, or leaves the frame it is shown in.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import quote

import msgspec

from pirab.jmap.email.body_part import part_blob_id, walk
from pirab.jmap.email.body_values import truncate_text
from pirab.wire.html import sanitize_html
from pirab.wire.mime import part_text
from pirab.wire.types import Part

MAX_TEXT_BYTES: Final = 4_000_000
"""Octets of one plain text that are shown; a longer one is cut, and stays whole in the download."""

_SHOWN_IMAGES: Final = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
_LINK: Final = re.compile(
    r"\bhttps?://[^\s<>\"'\u201c\u201d]{1,2000}|\bmailto:[^\s<>\"']{3,320}", re.IGNORECASE
)
_TRAILING: Final = ".,;:!?)]}"


class SafeHtml(msgspec.Struct, frozen=True):
    """`html` is None when the message has no body that can be shown."""

    html: str | None
    has_remote_resources: bool


def render_safe_html(
    raw: bytes, root: Part, body: list[Part], *, digest: bytes, offset: int, account_id: str
) -> SafeHtml:
    """The parts of `body` (of the message `raw` that lies in blob `digest` at `offset`) as one safe fragment."""
    urls = {
        part.cid: _download_path(account_id, digest, part, offset)
        for part in walk(root)
        if part.cid and part.part_id is not None
    }
    fragments: list[str] = []
    has_remote = False
    for part in body:
        if part.type == "text/html":
            clean = sanitize_html(part_text(raw, part).text, urls)
            fragments.append(clean.html)
            has_remote = has_remote or clean.remote_resources
        elif part.type.startswith("text/"):
            fragments.append(text_as_html(truncate_text(part_text(raw, part).text, MAX_TEXT_BYTES)))
        elif part.type in _SHOWN_IMAGES and not _is_referenced(part, fragments, urls):
            source = html.escape(_download_path(account_id, digest, part, offset))
            fragments.append(f'<img src="{source}" alt="{html.escape(part.name or "")}">')
    return SafeHtml("\n".join(fragments) if fragments else None, has_remote)


def text_as_html(text: str) -> str:
    """Plain text as HTML: escaped, line breaks kept, web and mail addresses clickable."""
    pieces: list[str] = []
    position = 0
    for match in _LINK.finditer(text):
        address = match.group().rstrip(_TRAILING)
        pieces.append(html.escape(text[position : match.start()]))
        escaped = html.escape(address)
        pieces.append(f'<a href="{escaped}" rel="noopener noreferrer" target="_blank">{escaped}</a>')
        position = match.start() + len(address)
    pieces.append(html.escape(text[position:]))
    return f'<div style="white-space: pre-wrap">{"".join(pieces)}</div>'


def _is_referenced(part: Part, fragments: list[str], urls: Mapping[str, str]) -> bool:
    """Whether an HTML part before it already shows the picture by its Content-Id."""
    url = html.escape(urls[part.cid]) if part.cid else None
    return url is not None and any(url in fragment for fragment in fragments)


def _download_path(account_id: str, digest: bytes, part: Part, offset: int) -> str:
    """The path of the part in `downloadUrl` of the session (rfc8620#6.2), on our own origin."""
    name = quote(part.name or "part", safe="")
    return (
        f"/jmap/download/{account_id}/{part_blob_id(digest, part, offset)}/{name}"
        f"?accept={quote(part.type, safe='')}"
    )
