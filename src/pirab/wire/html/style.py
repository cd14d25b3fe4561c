"""Inline style declarations: those that change how text looks, and nothing else (CSS 2.2 and a little of
CSS 3).

A value may hold words, numbers, colours and quoted names. There is no way in it to load anything, to escape
a character, to compute, or to leave the flow of the page.
"""

import re
from functools import lru_cache

_LONGEST_STYLE = 4_000
_LONGEST_VALUE = 300
_MAX_DECLARATIONS = 60


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


_PLAIN_PROPERTIES = _names(
    "background background-color border-collapse border-radius border-spacing box-sizing caption-side clear color "
    "direction display empty-cells float font font-family font-size font-stretch font-style font-variant font-weight "
    "height letter-spacing line-break line-height list-style list-style-position list-style-type max-height "
    "max-width min-height min-width overflow-wrap page-break-after page-break-before quotes table-layout text-align "
    "text-align-last text-decoration text-decoration-color text-decoration-line text-decoration-style text-indent "
    "text-transform unicode-bidi vertical-align visibility white-space width word-break word-spacing word-wrap"
)
_SIDED_PROPERTIES = frozenset(
    f"{start}{side}{end}"
    for start, ends in (("margin", ("",)), ("padding", ("",)), ("border", ("", "-color", "-style", "-width")))
    for side in ("", "-top", "-right", "-bottom", "-left")
    for end in ends
)
_PROPERTIES = _PLAIN_PROPERTIES | _SIDED_PROPERTIES
_DISPLAYS = _names(
    "block inline inline-block inline-table list-item none table table-caption table-cell table-column "
    "table-column-group table-footer-group table-header-group table-row table-row-group initial inherit"
)
_COLOUR = re.compile(r"(?<![A-Za-z0-9-])(?:rgb|rgba|hsl|hsla)\([0-9.,%/ a-z-]*\)", re.IGNORECASE)
_VALUE = re.compile(
    r"""(?:[A-Za-z0-9#%.,+/! \-\u0e00-\u0e7f]|"[^"\\<>;{}@()]*"|'[^'\\<>;{}@()]*')+""",
)
_NEGATIVE = re.compile(r"(?:^|[\s,/])-\s*[0-9.]")
_SPACE = re.compile(r"\s+")
_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)


def filter_style(style: str) -> str:
    """The declarations of `style` that may stay, as a style attribute's value; empty when none may."""
    if len(style) > _LONGEST_STYLE:
        return ""
    return _filtered(style)


@lru_cache(maxsize=4096)
def _filtered(style: str) -> str:
    kept: list[str] = []
    for declaration in _COMMENT.sub(" ", style).split(";")[:_MAX_DECLARATIONS]:
        name, colon, value = declaration.partition(":")
        name, value = name.strip().lower(), _SPACE.sub(" ", value).strip()
        if colon and name in _PROPERTIES and _is_harmless(name, value):
            kept.append(f"{name}:{value}")
    return ";".join(kept)


def _is_harmless(name: str, value: str) -> bool:
    if not value or len(value) > _LONGEST_VALUE or not _VALUE.fullmatch(_COLOUR.sub("red", value)):
        return False
    if name == "display":
        return value.lower().removesuffix("!important").strip() in _DISPLAYS
    return not (name.startswith("margin") and _NEGATIVE.search(value))
