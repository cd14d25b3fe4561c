"""A second opinion on cleaned HTML: it is parsed again, by another parser, and anything but the harmless is
an error."""

import re
from html.parser import HTMLParser

from pirab.wire.html.vocabulary import ATTRIBUTES, TAGS

_ADDED = {"a": {"target", "rel"}, "img": {"data-pirab-src"}}
_LINK = re.compile(r"(?:https?://|mailto:|tel:)[^\x00-\x20]*", re.IGNORECASE)
_PICTURE = re.compile(r"data:image/(?:png|jpe?g|gif|webp|bmp|avif);base64,[A-Za-z0-9+/=\s]*", re.IGNORECASE)
_BAD_CSS = re.compile(
    r"url|expression|behavior|binding|@|\\|javascript|position|/\*|<|image|var\(|calc", re.IGNORECASE
)


class _Inspector(HTMLParser):
    def __init__(self, own_urls: frozenset[str]) -> None:
        super().__init__(convert_charrefs=True)
        self.dangers: list[str] = []
        self._own_urls = own_urls

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in TAGS:
            self.dangers.append(f"<{tag}>")
        allowed = ATTRIBUTES["*"] | ATTRIBUTES.get(tag, set()) | _ADDED.get(tag, set())
        for name, value in attrs:
            if name not in allowed:
                self.dangers.append(f"{tag}[{name}]")
            elif not self._is_harmless(name, value or ""):
                self.dangers.append(f"{tag}[{name}={value}]")
        if tag == "a" and dict(attrs).get("rel") != "noopener noreferrer nofollow":
            self.dangers.append("a without rel")

    def _is_harmless(self, name: str, value: str) -> bool:
        if name == "href":
            return bool(_LINK.fullmatch(value))
        if name == "src":
            return value in self._own_urls or bool(_PICTURE.fullmatch(value))
        if name == "data-pirab-src":
            return value.lower().startswith(("http://", "https://"))
        return name != "style" or not _BAD_CSS.search(value)

    def handle_comment(self, data: str) -> None:
        self.dangers.append(f"comment {data!r}")

    def handle_decl(self, decl: str) -> None:
        self.dangers.append(f"declaration {decl!r}")

    def handle_pi(self, data: str) -> None:
        self.dangers.append(f"instruction {data!r}")

    def unknown_decl(self, data: str) -> None:
        self.dangers.append(f"declaration {data!r}")


def dangers_in(markup: str, own_urls: frozenset[str] = frozenset()) -> list[str]:
    """Everything in `markup` that must not be in a body that is shown; empty when all is well."""
    inspector = _Inspector(own_urls)
    inspector.feed(markup)
    inspector.close()
    return inspector.dangers
