"""`sanitize_html`: nh3 with our vocabulary, and a decision about every URL."""

import html
import re
from collections.abc import Mapping
from urllib.parse import unquote

import msgspec
import nh3

from pirab.wire.charset import clean
from pirab.wire.html.bounded import is_calm, rewrite
from pirab.wire.html.style import filter_style
from pirab.wire.html.vocabulary import ATTRIBUTES, TAGS, WITHOUT_CONTENT

DEFAULT_MAX_CHARACTERS = 5_000_000
_LONGEST_URL = 4_000
_LONGEST_TEXT_VALUE = 2_000

# Marks between the parser and the last step: private-use characters that are taken out of the input first. A forged
# one (by a character reference) only ever changes text or an address that is not loaded.
_REMOTE = "\ue000"
_INSIDE = "\ue001"
_MARKED = re.compile(f' src="cid:([{_REMOTE}{_INSIDE}])([^"]*)"')
_REMOTE_URL = re.compile(r"https?://", re.IGNORECASE)
_LINK_URL = re.compile(r"(?:https?://|mailto:|tel:)", re.IGNORECASE)
_PICTURE_URL = re.compile(
    r"data:image/(?:png|jpeg|jpg|gif|webp|bmp|x-icon|avif);base64,[A-Za-z0-9+/=\s]*", re.IGNORECASE
)
_UNSEEN = re.compile("[\x00-\x20\x7f-\x9f\ue000\ue001]")


class SanitizedHtml(msgspec.Struct, frozen=True, gc=False):
    """A body to show. `remote_resources`: it has images elsewhere (`data-pirab-src`). `is_truncated`: its
    end is missing."""

    html: str
    remote_resources: bool
    is_truncated: bool = False


def sanitize_html(
    markup: str, cid_urls: Mapping[str, str], max_characters: int = DEFAULT_MAX_CHARACTERS
) -> SanitizedHtml:
    """`markup` made safe to show. `cid_urls` maps content ids (without brackets) to URLs of ours (rfc2392).

    What lies beyond `max_characters`, or beyond 20,000 elements, is cut off. Time is linear in what remains.
    """
    is_truncated = len(markup) > max_characters
    source = clean(markup[:max_characters]).replace(_REMOTE, "").replace(_INSIDE, "")
    if not is_calm(source):
        source, is_cut = rewrite(source)
        is_truncated = is_truncated or is_cut
    shown, remote = _resolve(_CLEANER.clean(source), cid_urls)
    return SanitizedHtml(shown, remote, is_truncated)


def _filter_attribute(tag: str, attribute: str, value: str) -> str | None:
    """What nh3 shall do with an allowed attribute: a value to write or None to drop it. Never raises."""
    if attribute == "style":
        return filter_style(value) or None
    if attribute == "src":
        return _picture(value)
    if attribute == "href":
        return _link(value)
    return value if len(value) <= _LONGEST_TEXT_VALUE else None


def _link(value: str) -> str | None:
    url = _UNSEEN.sub("", value)
    return url if _LINK_URL.match(url) and len(url) <= _LONGEST_URL else None


def _picture(value: str) -> str | None:
    value = value.strip()
    if value[:4].lower() == "cid:":
        return f"cid:{_INSIDE}{unquote(value[4:])}"  # rfc2392#2
    if _REMOTE_URL.match(value):
        url = _UNSEEN.sub("", value)
        return f"cid:{_REMOTE}{url}" if len(url) <= _LONGEST_URL else None
    return value if _PICTURE_URL.fullmatch(value) else None


def _resolve(markup: str, cid_urls: Mapping[str, str]) -> tuple[str, bool]:
    """Marks to addresses: pictures of the message from us, others to an attribute that loads nothing."""
    remote = False

    def address(match: re.Match[str]) -> str:
        nonlocal remote
        if match[1] == _REMOTE:
            remote = True
            return f' data-pirab-src="{match[2]}"'
        url = cid_urls.get(html.unescape(match[2]).strip().strip("<>"))
        return f' src="{html.escape(url)}"' if url else ""

    return _MARKED.sub(address, markup).replace("<img>", ""), remote


_CLEANER = nh3.Cleaner(
    tags=set(TAGS),
    clean_content_tags=set(WITHOUT_CONTENT),
    attributes=ATTRIBUTES,
    attribute_filter=_filter_attribute,
    strip_comments=True,
    link_rel="noopener noreferrer nofollow",
    set_tag_attribute_values={"a": {"target": "_blank"}},
    url_schemes={"http", "https", "mailto", "tel", "cid", "data"},
    url_relative="deny",
)
