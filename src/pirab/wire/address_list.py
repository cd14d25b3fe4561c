"""Address lists in header fields (rfc5322#3.4, #4.4), read leniently and in linear time."""

import re

from pirab.wire.encoded_words import decode_words
from pirab.wire.types import Address, AddressGroup

# The commonest form, one mailbox: [phrase] <local@domain>.
_SIMPLE = re.compile(
    rb'(?:\s*"([^"\\]*)"\s*|([^"\\(),:;<>@\[\]]*))<([^\s"\\(),:;<>@]+@[^\s"\\(),:;<>@]+)>\s*'
)
_TOKEN = re.compile(
    rb"(?P<space>[ \t\r\n]+)"
    rb"|(?P<word>=\?[^?\s]+\?[bBqQ]\?[^?]*\?=)"
    rb'|(?P<quoted>"(?:[^"\\]|\\.)*+"?)'
    rb"|(?P<angle><[^<>]*>?)"
    rb"|(?P<literal>\[[^\]\[]*\]?)"
    rb"|(?P<special>[,;:()])"
    rb'|(?P<atom>(?:[^ \t\r\n",;:()<\[=]|=(?!\?))+|.)',
    re.DOTALL,
)
_CLOSED = re.compile(rb'"(?:[^"\\]|\\.)*+"', re.DOTALL)
_QUOTED_PAIR = re.compile(rb"\\(.)", re.DOTALL)
_SPACES = re.compile(r"\s+")
_ROUTE = re.compile(rb"\s*@[^:<>]*:")  # rfc5322#4.4


def parse_groups(value: bytes) -> tuple[AddressGroup, ...]:
    """Groups and the runs of mailboxes between them, in order."""
    simple = _SIMPLE.fullmatch(value)
    if simple:
        phrase = simple[1] if simple[1] is not None else simple[2]
        return (AddressGroup(None, (Address(_phrase(phrase), _text(simple[3])),)),)
    reader = _Reader()
    unclosed = _feed(reader, value)
    if unclosed:  # a quote without its twin is no quote; nor are those after it
        _feed(reader, unclosed.replace(b'"', b""))
    return reader.finish()


def _feed(reader: "_Reader", value: bytes) -> bytes:
    """Gives the tokens of `value` to `reader`; what follows a quote that is never closed is given back."""
    for match in _TOKEN.finditer(value):
        kind, token = match.lastgroup or "atom", match[0]
        if kind == "quoted" and not _CLOSED.fullmatch(token):
            return token[1:]
        reader.take(kind, token)
    return b""


def parse_addresses(value: bytes) -> tuple[Address, ...]:
    """Every mailbox in `value`, groups flattened."""
    groups = parse_groups(value)
    if len(groups) == 1:
        return groups[0].addresses
    return tuple(address for group in groups for address in group.addresses)


def _phrase(raw: bytes) -> str | None:
    text = _SPACES.sub(" ", decode_words(raw)).strip()
    return text or None


def _text(raw: bytes) -> str:
    return decode_words(raw).strip()


class _Reader:
    """Collects tokens until a comma, semicolon or the end makes a mailbox of them."""

    def __init__(self) -> None:
        self._groups: list[AddressGroup] = []
        self._addresses: list[Address] = []
        self._group_name: str | None = None
        self._in_group = False
        self._depth = 0
        self._reset()

    def _reset(self) -> None:
        self._words: list[bytes] = []
        self._angle: bytes | None = None
        self._comment: list[bytes] = []
        self._after_angle: list[bytes] = []
        self._has_quoted = False

    def take(self, kind: str, token: bytes) -> None:
        if token == b"(":
            self._depth += 1
            if self._depth == 1:
                self._comment.append(b" ")
                return
        elif token == b")" and self._depth:
            self._depth -= 1
            if not self._depth:
                return
        if self._depth:
            self._comment.append(token)
        elif kind == "special":
            self._special(token)
        elif kind == "angle":
            self._take_angle(token)
        else:
            self._take_word(kind, token)

    def _take_word(self, kind: str, token: bytes) -> None:
        if self._angle is None:
            self._has_quoted = self._has_quoted or kind == "quoted"
            self._words.append(token)
        else:
            self._after_angle.append(token)

    def _take_angle(self, token: bytes) -> None:
        if self._angle is not None:  # two addresses and no comma between them
            words = self._after_angle
            self._end_mailbox()
            self._words = words
        self._angle = token[1:-1] if token.endswith(b">") else token[1:]

    def _special(self, token: bytes) -> None:
        if token == b",":
            self._end_mailbox()
        elif token == b";":
            self._end_mailbox()
            self._end_group()
        elif token == b":" and self._angle is None and not self._in_group and not self._looks_like_address():
            name = self._display_name()
            self._reset()
            self._flush_plain()
            self._group_name, self._in_group = name, True
        else:
            self._words.append(token)

    def _looks_like_address(self) -> bool:
        return any(b"@" in word for word in self._words if not word.startswith(b'"'))

    def _display_name(self) -> str | None:
        parts = [_unquote(word) if word.startswith(b'"') else word for word in self._words]
        return _phrase(b"".join(parts))

    def _end_mailbox(self) -> None:
        address = self._mailbox()
        if address is not None:
            self._addresses.append(address)
        self._reset()

    def _mailbox(self) -> Address | None:
        if self._angle is not None:
            route = _ROUTE.match(self._angle)
            angle = self._angle[route.end() :] if route else self._angle
            name = self._display_name() or self._comment_name()
            email = _text(angle)
            return Address(name, email) if email or name else None
        bare = b"".join(self._words).strip()
        if not bare:
            return None
        if b"@" in bare or not (self._has_quoted or b" " in bare):
            email = _text(bare if self._has_quoted else b"".join(bare.split()))
            return Address(self._comment_name(), email)
        return Address(self._display_name(), "")

    def _comment_name(self) -> str | None:
        return _phrase(_QUOTED_PAIR.sub(rb"\1", b"".join(self._comment))) if self._comment else None

    def _flush_plain(self) -> None:
        if self._addresses:
            self._groups.append(AddressGroup(None, tuple(self._addresses)))
            self._addresses = []

    def _end_group(self) -> None:
        if self._in_group:
            self._groups.append(AddressGroup(self._group_name, tuple(self._addresses)))
            self._addresses = []
        self._group_name, self._in_group = None, False

    def finish(self) -> tuple[AddressGroup, ...]:
        self._end_mailbox()
        self._end_group()
        self._flush_plain()
        return tuple(self._groups)


def _unquote(token: bytes) -> bytes:
    inner = token[1:-1] if len(token) > 1 and token.endswith(b'"') else token[1:]
    return _QUOTED_PAIR.sub(rb"\1", inner)
