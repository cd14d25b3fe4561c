"""Markup rewritten within bounds, for bodies that would cost an HTML5 parser too much.

The rules of HTML5 take quadratic time for deep nesting and for very many attributes, and a formatting
element left open is repeated in every block after it: 12 kB of input can become 7 MB. Nearly no mail comes
near this. What does is rewritten here first: well nested, not deep, only the elements and attributes that
can stay, cut after `MAX_TAGS`. The result is markup for the parser, not for a reader: nothing is safe
because it went through here.
"""

import re

from pirab.wire.html.vocabulary import ATTRIBUTES, FORMATTING, TAGS, VOID, WITHOUT_CONTENT

MAX_TAGS = 20_000
_CALM_CHARACTERS = 200_000
_CALM_TAGS = 4_000
_CALM_REPETITIONS = 200_000
_MAX_DEPTH = 120
_MAX_FORMATTING = 16
_MAX_VALUE = 4_000
_MAX_DATA_URL = 2_000_000

_TAG_START = re.compile(r"<[a-zA-Z]")
_FORMATTING_START = re.compile(rf"<(?:{'|'.join(sorted(FORMATTING))})[\s/>]", re.IGNORECASE)
_MARKUP = re.compile(r"<(?:(?P<comment>!--)|(?P<slash>/?)(?P<name>[a-zA-Z][^\s/>]*)|[!?/])")
_ATTRIBUTE = re.compile(
    r"""[\s/]*+([^\s/>=][^\s/>=]*)(?:\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s>"'][^\s>]*)?))?"""
)
_TAG_END = re.compile(r"[\s/]*+>")
_COMMENT_END = re.compile(r"--!?>")
_CONTENT_END = {name: re.compile(rf"</{name}(?=[\s/>])[^>]*>?", re.IGNORECASE) for name in WITHOUT_CONTENT}
_UNNAMED = re.compile(r"<(?![a-zA-Z/!?])")
_CELLS = frozenset({"td", "th", "caption", "table"})
_TABLE_PARTS = frozenset({"td", "th", "tr", "tbody", "thead", "tfoot", "table", "caption", "colgroup"})
_ENDS_BEFORE: dict[str, frozenset[str]] = {
    "p": frozenset({"p"}),
    "li": frozenset({"li", "p"}),
    "dt": frozenset({"dt", "dd", "p"}),
    "dd": frozenset({"dt", "dd", "p"}),
    "td": frozenset({"td", "th", "p"}),
    "th": frozenset({"td", "th", "p"}),
    "tr": frozenset({"td", "th", "tr", "p"}),
    "tbody": frozenset({"td", "th", "tr", "tbody", "thead", "tfoot", "p"}),
}


def is_calm(markup: str) -> bool:
    """True when parsing `markup` is cheap whatever it holds."""
    if len(markup) > _CALM_CHARACTERS:
        return False
    tags = len(_TAG_START.findall(markup))
    return tags <= _CALM_TAGS and tags * len(_FORMATTING_START.findall(markup)) <= _CALM_REPETITIONS


def rewrite(markup: str) -> tuple[str, bool]:
    """`markup` within bounds, and whether its end had to be cut off. Linear in the length of `markup`."""
    writer = _Writer(markup)
    writer.run()
    return "".join(writer.pieces), writer.is_cut


class _Writer:
    def __init__(self, markup: str) -> None:
        self._markup = markup
        self._stack: list[str] = []
        self._unwritten: dict[str, int] = {}
        self._formatting = 0
        self._tags = 0
        self.pieces: list[str] = []
        self.is_cut = False

    def run(self) -> None:
        markup, position = self._markup, 0
        while not self.is_cut:
            found = _MARKUP.search(markup, position)
            if found is None:
                break
            self._text(position, found.start())
            position = self._pass(found)
        if not self.is_cut:
            self._text(position, len(markup))
        self._close_to(0)

    def _text(self, start: int, end: int) -> None:
        if start < end:
            self.pieces.append(self._markup[start:end].replace("<", "&lt;"))

    def _pass(self, found: re.Match[str]) -> int:
        """Takes one piece of markup; the offset after it."""
        if found["comment"]:
            end = _COMMENT_END.search(self._markup, found.start() + 2)
            return end.end() if end else len(self._markup)
        if not found["name"]:
            return self._after_bracket(found.end())
        name = found["name"].lower()
        if found["slash"]:
            self._end(name)
            return self._after_bracket(found.end())
        return self._start(name, found.end())

    def _after_bracket(self, position: int) -> int:
        bracket = self._markup.find(">", position)
        return bracket + 1 if bracket >= 0 else len(self._markup)

    def _start(self, name: str, position: int) -> int:
        attributes, position = self._attributes(name, position)
        if name in WITHOUT_CONTENT:
            end = _CONTENT_END[name].search(self._markup, position)
            return end.end() if end else len(self._markup)
        if name not in TAGS:
            return position
        self._tags += 1
        if self._tags > MAX_TAGS:
            self.is_cut = True
        elif name in VOID:
            self.pieces.append(f"<{name}{attributes}>")
        else:
            self._open(name, attributes)
        return position

    def _open(self, name: str, attributes: str) -> None:
        ended = _ENDS_BEFORE.get(name)
        while ended and self._stack and self._stack[-1] in ended:
            self._close_to(len(self._stack) - 1)
        if len(self._stack) >= _MAX_DEPTH or (name in FORMATTING and self._formatting >= _MAX_FORMATTING):
            self._unwritten[name] = self._unwritten.get(name, 0) + 1
            return
        self._formatting += name in FORMATTING
        self._stack.append(name)
        self.pieces.append(f"<{name}{attributes}>")

    def _end(self, name: str) -> None:
        if self._unwritten.get(name):
            self._unwritten[name] -= 1
            return
        for level in range(len(self._stack) - 1, -1, -1):
            if self._stack[level] == name:
                self._close_to(level)
                return
            if self._stack[level] in _CELLS and name not in _TABLE_PARTS:
                return

    def _close_to(self, level: int) -> None:
        while len(self._stack) > level:
            name = self._stack.pop()
            self._formatting -= name in FORMATTING
            self.pieces.append(f"</{name}>")

    def _attributes(self, tag: str, position: int) -> tuple[str, int]:
        """The attributes that may stay, written anew, and the offset after the tag. An unfinished tag has
        none."""
        markup, allowed = self._markup, ATTRIBUTES.get(tag, _NONE) | ATTRIBUTES["*"]
        kept: dict[str, str] = {}
        while not (end := _TAG_END.match(markup, position)):
            found = _ATTRIBUTE.match(markup, position)
            if found is None or found.end() == position:
                return "", self._after_bracket(position)
            position = found.end()
            name = found[1].lower()
            if name in allowed and name not in kept:
                value = found[2] or found[3] or found[4] or ""
                longest = _MAX_DATA_URL if name == "src" else _MAX_VALUE
                if len(value) <= longest:
                    kept[name] = value.replace('"', "&quot;")
        return "".join(f' {name}="{value}"' for name, value in kept.items()), end.end()


_NONE: set[str] = set()
