"""Header fields from values (rfc5322#2.2, #3.4, rfc2047, rfc6532). One function for each form of
rfc8621#4.1.2."""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime

import msgspec

from pirab.wire.address import AddressError, normalize_address, quote_local
from pirab.wire.charset import clean
from pirab.wire.dates import format_date
from pirab.wire.encoded_words import encode_words
from pirab.wire.types import Address, AddressGroup

LINE_WISH = 78  # rfc5322#2.1.1
LINE_LIMIT = 998
_LONGEST_NAME = 76
_FIELD_NAME = re.compile(r"[!-9;-~]+")
_ATOM = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+")
_PRINTABLE = re.compile(r"[ -~]*")
_BREAK = re.compile(r"[\r\n]")
_MESSAGE_ID = re.compile(r"[!-;=?-~]+")
_URL = re.compile(r"[!-;=?-~]+")
_UNFINISHED = re.compile('[^\\s<>()\\[\\],;:\\\\"\x00-\x20\x7f-\x9f\ud800-\udfff]{1,320}')
_RAW_FOLD = re.compile(r"\r\n(?=[ \t]+[^ \t\r\n])")


class ComposeError(ValueError):
    """This value cannot be written into a message. `field` names the header field or part that holds it."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}")
        self.field = field
        self.reason = reason


class FieldLine(msgspec.Struct, frozen=True, gc=False):
    """A header field ready to be written: `value` is folded and has no last line break."""

    name: str
    value: str

    def octets(self) -> bytes:
        return f"{self.name}:{self.value}\r\n".encode()


def raw_field(name: str, value: str) -> FieldLine:
    """`value` as it is (rfc8621#4.1.2.1). ASCII, line breaks only as folding; ComposeError otherwise."""
    _check_name(name)
    bare = _RAW_FOLD.sub("", value)
    if "\r" in bare or "\n" in bare or "\0" in bare:
        raise ComposeError(name, "a line break that does not fold, or NUL")
    if not value.isascii():
        raise ComposeError(name, "a raw value must be ASCII")
    value = value if value[:1] in (" ", "\t") else f" {value}"
    lines = f"{name}:{value}".split("\r\n")
    if any(len(line) > LINE_LIMIT for line in lines):
        raise ComposeError(name, "a line is longer than 998 octets")
    return FieldLine(name, value)


def text_field(name: str, text: str) -> FieldLine:
    """Unstructured text (rfc5322#3.2.5), encoded where it is not plain ASCII (rfc2047#5)."""
    _check_name(name)
    if _BREAK.search(text):
        raise ComposeError(name, "a line break in the value")
    words = text.split(" ")
    is_plain = bool(_PRINTABLE.fullmatch(text)) and "=?" not in text and (all(words) or not text)
    if is_plain and all(len(word) < LINE_LIMIT - _LONGEST_NAME - 2 for word in words):
        return _folded(name, words)
    return _folded(name, encode_words(text))


def address_field(name: str, addresses: Iterable[Address]) -> FieldLine:
    """Mailboxes separated by commas (rfc5322#3.4)."""
    _check_name(name)
    return _folded(name, _address_tokens(name, list(addresses), ","))


def group_field(name: str, groups: Sequence[AddressGroup]) -> FieldLine:
    """Groups and mailboxes in order (rfc5322#3.4, rfc6854)."""
    _check_name(name)
    tokens: list[str] = []
    for index, group in enumerate(groups):
        ending = "," if index < len(groups) - 1 else ""
        if group.name is None:
            tokens += _address_tokens(name, list(group.addresses), ",", ending)
            continue
        phrase = _phrase(name, group.name) or ['""']
        tokens += [*phrase[:-1], f"{phrase[-1]}:"]
        inner = _address_tokens(name, list(group.addresses), ",", f";{ending}")
        if inner:
            tokens += inner
        else:
            tokens[-1] += f";{ending}"
    return _folded(name, tokens)


def message_ids_field(name: str, ids: Iterable[str]) -> FieldLine:
    """Message ids given without brackets (rfc5322#3.6.4)."""
    _check_name(name)
    tokens = []
    for item in ids:
        if not is_message_id(item):
            raise ComposeError(name, "not a message id")
        tokens.append(f"<{item}>")
    return _folded(name, tokens)


def is_message_id(text: str) -> bool:
    """True when `text` can stand between the brackets of a message id."""
    return bool(_MESSAGE_ID.fullmatch(text)) and len(text) < LINE_LIMIT - _LONGEST_NAME - 4


def date_field(name: str, moment: datetime) -> FieldLine:
    """An aware date-time (rfc5322#3.3)."""
    _check_name(name)
    if moment.tzinfo is None:
        raise ComposeError(name, "a date without a zone")
    return FieldLine(name, f" {format_date(moment)}")


def urls_field(name: str, urls: Iterable[str]) -> FieldLine:
    """URLs in angle brackets (rfc2369#2)."""
    _check_name(name)
    items = list(urls)
    if not all(_URL.fullmatch(url) and len(url) < LINE_LIMIT - _LONGEST_NAME - 4 for url in items):
        raise ComposeError(name, "not a URL of printable ASCII")
    return _folded(
        name, [f"<{url}>{',' if index < len(items) - 1 else ''}" for index, url in enumerate(items)]
    )


def fold(name: str, tokens: Iterable[str]) -> FieldLine:
    """Checked tokens joined by spaces, folded before the token that would pass column 78."""
    _check_name(name)
    return _folded(name, tokens)


def _folded(name: str, tokens: Iterable[str]) -> FieldLine:
    lines: list[str] = []
    line = ""
    column = len(name) + 1
    for token in tokens:
        if line and column + 1 + len(token.encode()) > LINE_WISH:
            lines.append(line)
            line, column = "", 0
        line = f"{line} {token}"
        column += 1 + len(token.encode())
    lines.append(line or " ")
    return FieldLine(name, "\r\n".join(lines))


def _check_name(name: str) -> None:
    if not _FIELD_NAME.fullmatch(name) or len(name) > _LONGEST_NAME:  # rfc5322#3.6.8
        raise ComposeError("header", "not a header field name")


def _address_tokens(name: str, addresses: list[Address], separator: str, ending: str = "") -> list[str]:
    tokens: list[str] = []
    for index, address in enumerate(addresses):
        last = ending if index == len(addresses) - 1 else separator
        phrase = _phrase(name, address.name) if address.name else []
        spelled = _spelled(name, address.email)
        tokens += phrase
        tokens.append(f"<{spelled}>{last}" if phrase or "@" not in spelled else f"{spelled}{last}")
    return tokens


def _spelled(name: str, email: str) -> str:
    """An address as it goes into a header: ASCII unless its local part is not (rfc6532#3.2).

    An address somebody has not finished typing may be in a draft; it is kept when it can do no harm.
    """
    try:
        address = normalize_address(email)
    except AddressError as error:
        if not email or _UNFINISHED.fullmatch(email):
            return email
        raise ComposeError(name, "not an address") from error
    if address.local.isascii():
        return address.transmissible
    return f"{quote_local(address.local)}@{address.domain_unicode}"


def _phrase(name: str, text: str) -> list[str]:
    """A display name: atoms, a quoted string or encoded words (rfc5322#3.2.5, rfc2047#5)."""
    if _BREAK.search(text):
        raise ComposeError(name, "a line break in a name")
    text = clean(text).strip()
    words = text.split(" ")
    if "=?" not in text and all(_ATOM.fullmatch(word) and len(word) < LINE_WISH for word in words):
        return words
    if _PRINTABLE.fullmatch(text) and "=?" not in text and len(text) < LINE_WISH - 2:
        escaped = text.replace("\\", "\\\\").replace('"', '\\"')
        return [f'"{escaped}"']
    return encode_words(text)
