"""The command grammar of LMTP: paths, parameters and XFORWARD attributes. Pure functions on one command line.

Lenient where real senders err (a space after the colon, a missing parameter value), strict where text could
mean two things: a path must be one pair of angle brackets, and no control character is accepted anywhere.
"""

import re
from collections.abc import Mapping
from typing import Final

import msgspec

LONGEST_PATH: Final = 1024
"""Octets in a path; RFC 5321 (#4.5.3.1.3) asks for 256, and a Thai letter takes three."""

_FORWARDED_ATTRIBUTES: Final = frozenset({"NAME", "ADDR", "PORT", "PROTO", "HELO", "IDENT", "SOURCE"})
_ATEXT: Final = r"[^\s\x00-\x1f\x7f()<>\[\]:;@\\,.\"]+"
_LOCAL_PART: Final = rf"(?:\.*{_ATEXT}(?:\.+{_ATEXT})*\.*|\"(?:[^\"\\\x00-\x1f\x7f]|\\[^\x00-\x1f\x7f])*\")"
_DOMAIN: Final = r"(?:[^\s\x00-\x1f\x7f()<>\[\]:;@\\,\"]+|\[[^\s\x00-\x1f\x7f<>\[\]\\]+\])"
_MAILBOX: Final = re.compile(rf"{_LOCAL_PART}(?:@{_DOMAIN})?")
_SOURCE_ROUTE: Final = re.compile(rf"@{_DOMAIN}(?:,@{_DOMAIN})*:")
_XTEXT_HEX: Final = re.compile(r"\+([0-9A-F]{2})")


class GrammarError(Exception):
    """The line does not follow the grammar; `reply_code` and `enhanced_status` say how."""

    def __init__(self, reply_code: int, enhanced_status: str, text: str) -> None:
        self.reply_code = reply_code
        self.enhanced_status = enhanced_status
        self.text = text
        super().__init__(text)


class MailParameters(msgspec.Struct, frozen=True):
    """What MAIL promised: `size` in octets (rfc1870), the body type (rfc6152) and SMTPUTF8 (rfc6531)."""

    size: int | None = None
    is_8bit: bool = False
    is_smtputf8: bool = False


class MailCommand(msgspec.Struct, frozen=True):
    """MAIL FROM: the reverse path without angle brackets, empty for the null path (rfc5321#4.5.5)."""

    reverse_path: str
    parameters: MailParameters


def split_verb(line: str) -> tuple[str, str]:
    """The verb in upper case and the rest of the line without surrounding blanks."""
    verb, _, rest = line.partition(" ")
    return verb.upper(), rest.strip(" ")


def parse_mail(arguments: str) -> MailCommand:
    """The argument of MAIL (rfc5321#4.1.1.2); raises `GrammarError`."""
    path, rest = _take_path(arguments, "FROM:")
    if path:
        path = _checked_mailbox(path, "5.1.7")
    return MailCommand(path, _mail_parameters(rest))


def parse_rcpt(arguments: str) -> str:
    """The forward path of RCPT (rfc5321#4.1.1.3), without parameters; raises `GrammarError`."""
    path, rest = _take_path(arguments, "TO:")
    if not path:
        raise GrammarError(501, "5.1.3", "Recipient address is empty")
    mailbox = _checked_mailbox(path, "5.1.3")
    if rest:
        raise GrammarError(555, "5.5.4", "Recipient parameter not recognized")
    return mailbox


def parse_xforward(arguments: str) -> Mapping[str, str]:
    """The attributes of one XFORWARD command, decoded; unavailable ones are absent. Raises `GrammarError`."""
    attributes: dict[str, str] = {}
    words = arguments.split()
    if not words:
        raise GrammarError(501, "5.5.4", "XFORWARD needs an attribute")
    for word in words:
        name, equals, value = word.partition("=")
        if not equals or name.upper() not in _FORWARDED_ATTRIBUTES:
            raise GrammarError(501, "5.5.4", "XFORWARD attribute not recognized")
        decoded = _decode_xtext(value)
        if decoded.upper() not in ("", "[UNAVAILABLE]", "[TEMPUNAVAIL]"):
            attributes[name.upper()] = decoded
    return attributes


def _take_path(arguments: str, keyword: str) -> tuple[str, str]:
    """Split `FROM:<path> parameters`; the path comes back without brackets and without its source route."""
    if arguments[: len(keyword)].upper() != keyword:
        raise GrammarError(501, "5.5.4", f"Syntax: {keyword}<address>")
    text = arguments[len(keyword) :].lstrip(" ")
    end = _closing_bracket(text)
    if not text.startswith("<") or end < 0:
        raise GrammarError(501, "5.5.4", f"Syntax: {keyword}<address>")
    path, rest = text[1:end], text[end + 1 :]
    if rest and not rest.startswith(" "):
        raise GrammarError(501, "5.5.4", f"Syntax: {keyword}<address>")
    if len(path.encode()) > LONGEST_PATH:
        raise GrammarError(501, "5.1.7" if keyword == "FROM:" else "5.1.3", "Path too long")
    # rfc5321#C: a source route is accepted and ignored.
    return _SOURCE_ROUTE.sub("", path, count=1) if path.startswith("@") else path, rest.strip(" ")


def _closing_bracket(text: str) -> int:
    """Index of the `>` that ends the path, looking past quoted strings; -1 where there is none."""
    quoted = escaped = False
    for index, char in enumerate(text):
        if escaped:
            escaped = False
        elif quoted and char == "\\":
            escaped = True
        elif char == '"':
            quoted = not quoted
        elif char == ">" and not quoted:
            return index
    return -1


def _checked_mailbox(path: str, enhanced_status: str) -> str:
    if not _MAILBOX.fullmatch(path):
        raise GrammarError(501, enhanced_status, "Bad address syntax")
    return path


def _mail_parameters(rest: str) -> MailParameters:
    size: int | None = None
    is_8bit = is_smtputf8 = False
    for word in rest.split():
        name, equals, value = word.partition("=")
        match name.upper():
            case "SIZE" if re.fullmatch(r"[0-9]{1,20}", value, re.ASCII):
                size = int(value)
            case "BODY" if value.upper() in ("7BIT", "8BITMIME"):
                is_8bit = value.upper() == "8BITMIME"
            case "SMTPUTF8" if not equals:
                is_smtputf8 = True
            case "SIZE" | "BODY" | "SMTPUTF8":
                raise GrammarError(501, "5.5.4", "Bad parameter value")
            case _:
                raise GrammarError(555, "5.5.4", "Sender parameter not recognized")
    return MailParameters(size, is_8bit, is_smtputf8)


def _decode_xtext(value: str) -> str:
    """Undo xtext (rfc3461#4); what does not decode to clean text is refused rather than guessed."""
    try:
        decoded = _XTEXT_HEX.sub(lambda match: chr(int(match[1], 16)), value)
        if not decoded.isascii():
            decoded = decoded.encode("latin-1").decode("utf-8")
    except (UnicodeEncodeError, UnicodeDecodeError):
        decoded = value
    if re.search(r"[\x00-\x1f\x7f]", decoded):
        raise GrammarError(501, "5.5.4", "XFORWARD value has control characters")
    return decoded
