"""HTML to plain text for previews, search and plain alternatives. The result is text: it is never shown as
HTML."""

import html
import re

from pirab.wire.charset import clean

_HIDDEN = re.compile(
    r"<!--|<(style|script|title|template|noframes|textarea|select|object|svg|math)\b", re.IGNORECASE
)
_CLOSING = {
    name: re.compile(rf"</{name}\b[^<>]*>?", re.IGNORECASE)
    for name in (
        "style",
        "script",
        "title",
        "template",
        "noframes",
        "textarea",
        "select",
        "object",
        "svg",
        "math",
    )
}
_COMMENT_END = re.compile(r"--!?>")
_ATTRIBUTES = r"""[^<>"']*+(?:(?:"[^"<]*+"?|'[^'<]*+'?)[^<>"']*+)*+"""
_BREAK = re.compile(
    r"</?(?:p|div|br|tr|table|ul|ol|li|dl|dt|dd|h[1-6]|hr|blockquote|pre|article|section|header|footer|address|center|"
    rf"figure|figcaption|aside|nav|main|form|fieldset)\b{_ATTRIBUTES}>?",
    re.IGNORECASE,
)
_CELL = re.compile(r"</t[dh]\s*>", re.IGNORECASE)
_TAG = re.compile(rf"<[a-zA-Z/!?]{_ATTRIBUTES}>?")
_DESCRIPTION = re.compile(
    r"""[\s"'](?:alt|title)\s*=\s*(?:"([^"<>]{1,500})"|'([^'<>]{1,500})')""", re.IGNORECASE
)
_SPACES = re.compile(r"[ \t\r\n\f]+")
_SPACED_BREAKS = re.compile(r" *\n[ \n]*")


def html_to_text(markup: str) -> str:
    """The text a reader of `markup` sees, blocks on lines of their own. Linear in the length of `markup`."""
    text = _SPACES.sub(" ", _without_hidden(markup))
    text = _CELL.sub(" ", _BREAK.sub("\n", text))
    text = _TAG.sub("", text)
    if "&" in text:
        text = html.unescape(text)
    return clean(_SPACED_BREAKS.sub("\n", text.replace("\xa0", " ")).strip())


def descriptions(markup: str) -> str:
    """What `markup` says of its pictures and parts to those who point at them or cannot see them: attributes `alt` and
    `title` (rfc8621#4.4.1), one a line."""
    if "alt" not in markup and "title" not in markup and "ALT" not in markup and "TITLE" not in markup:
        return ""
    found = (match[1] or match[2] for match in _DESCRIPTION.finditer(_without_hidden(markup)))
    return clean("\n".join(html.unescape(text).strip() for text in found))


def _without_hidden(markup: str) -> str:
    """`markup` without comments and the elements whose content is not shown as text; unclosed ones reach to
    the end."""
    opening = _HIDDEN.search(markup)
    if opening is None:
        return markup
    kept: list[str] = []
    position = 0
    while opening is not None:
        kept.append(markup[position : opening.start()])
        closing = _CLOSING[opening[1].lower()] if opening[1] else _COMMENT_END
        end = closing.search(markup, opening.end() if opening[1] else opening.start() + 2)
        position = end.end() if end else len(markup)
        opening = _HIDDEN.search(markup, position)
    kept.append(markup[position:])
    return "".join(kept)
