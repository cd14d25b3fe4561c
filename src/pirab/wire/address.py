"""E-mail addresses one at a time: strict checking and the one spelling used for comparing (rfc5321#4.1.2,
rfc6531#3.3).

Lists of addresses in header fields are read leniently by `address_list`; this module is for addresses that
mail will be sent to, and for those people type.
"""

import ipaddress
import re
import unicodedata
from functools import lru_cache

import idna
import msgspec

from pirab.wire.address_list import parse_addresses
from pirab.wire.types import Address

MAX_LOCAL_OCTETS = 64  # rfc5321#4.5.3.1.1
MAX_DOMAIN_OCTETS = 255  # rfc5321#4.5.3.1.2
MAX_ADDRESS_OCTETS = 254  # rfc5321#4.5.3.1.3 less the angle brackets

_LONGEST_INPUT = 1_000  # characters worth looking at

_ATEXT = r"A-Za-z0-9!#$%&'*+/=?^_`{|}~\-\u0080-\U0010ffff"
_DOT_ATOM = re.compile(rf"[{_ATEXT}]+(?:\.[{_ATEXT}]+)*")
_QUOTED = re.compile(r'"((?:[ !#-\[\]-~\u0080-\U0010ffff]|\\[ -~])*)"')
_QUOTED_PAIR = re.compile(r"\\(.)")
_FORBIDDEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffd\ud800-\udfff]"
)


class AddressError(ValueError):
    """This is not a valid e-mail address."""


class NormalizedAddress(msgspec.Struct, frozen=True, gc=False):
    """An address in one spelling: NFC everywhere, domain in lower case in both its forms, local part's case
    kept."""

    local: str
    domain_ascii: str
    domain_unicode: str

    @property
    def readable(self) -> str:
        """local@domain as people read it."""
        return f"{quote_local(self.local)}@{self.domain_unicode}"

    @property
    def transmissible(self) -> str:
        """local@domain with the domain in A-labels: ASCII unless the local part is not."""
        return f"{quote_local(self.local)}@{self.domain_ascii}"


def normalize_address(text: str) -> NormalizedAddress:
    """The one spelling of `text`. Raises AddressError when it is no address mail can be sent to."""
    if len(text) > _LONGEST_INPUT:
        raise AddressError("the address is longer than 254 octets")
    text = unicodedata.normalize("NFC", text.strip())
    if _FORBIDDEN.search(text):
        raise AddressError("the address contains characters that cannot be part of one")
    local, at, domain = text.rpartition("@")
    if not at:
        raise AddressError("the address has no @")
    local = _normal_local(local)
    domain_ascii, domain_unicode = normalize_domain(domain)
    if len(local.encode()) + 1 + len(domain_ascii) > MAX_ADDRESS_OCTETS:
        raise AddressError("the address is longer than 254 octets")
    return NormalizedAddress(local, domain_ascii, domain_unicode)


@lru_cache(maxsize=2048)  # a server meets the same few domains all day, and IDNA is slow
def normalize_domain(text: str) -> tuple[str, str]:
    """The A-label and U-label form of a domain name, lower case, or an address literal twice (rfc5321#4.1.3).

    Raises AddressError. IDNA 2008 with the mapping of UTS 46, so that full-width and upper-case input works.
    """
    if len(text) > _LONGEST_INPUT:
        raise AddressError("the domain is longer than 255 octets")
    if text.startswith("["):
        literal = _literal(text)
        return literal, literal
    try:
        ascii_form = idna.encode(text, uts46=True, std3_rules=True).decode("ascii").lower().rstrip(".")
        unicode_form = unicodedata.normalize("NFC", idna.decode(ascii_form))
    except (idna.IDNAError, UnicodeError) as error:
        raise AddressError(f"the domain is not valid: {error}") from error
    if not ascii_form or len(ascii_form) > MAX_DOMAIN_OCTETS:
        raise AddressError("the domain is empty or longer than 255 octets")
    return ascii_form, unicode_form


def readable_address(text: str) -> str:
    """`text` with its domain as people read it (ทดสอบ.ไทย, not xn--…); `text` itself when it is no
    address."""
    if "xn--" not in text.lower():
        return text
    try:
        return normalize_address(text).readable
    except AddressError:
        return text


def parse_mailbox(text: str) -> Address:
    """`Name <local@domain>` or `local@domain`, exactly one and valid. Raises AddressError."""
    addresses = parse_addresses(text.encode("utf-8", "replace"))
    if len(addresses) != 1:
        raise AddressError("one address is wanted")
    normalize_address(addresses[0].email)
    return addresses[0]


def needs_smtputf8(addresses: list[str] | tuple[str, ...]) -> bool:
    """True when one of `addresses` can only travel by SMTPUTF8 (rfc6531): its local part is not ASCII."""
    return any(not address.rpartition("@")[0].isascii() for address in addresses)


def quote_local(local: str) -> str:
    """A local part as it is written in an address: quoted when it is no dot-atom (rfc5321#4.1.2)."""
    if _DOT_ATOM.fullmatch(local):
        return local
    return '"' + local.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _normal_local(local: str) -> str:
    quoted = _QUOTED.fullmatch(local)
    if quoted:
        local = _QUOTED_PAIR.sub(r"\1", quoted[1])
    elif not _DOT_ATOM.fullmatch(local):
        raise AddressError("the part before the @ is not valid")
    if not local or len(local.encode()) > MAX_LOCAL_OCTETS:
        raise AddressError("the part before the @ is empty or longer than 64 octets")
    return local


def _literal(text: str) -> str:
    inner = text[1:-1]
    if not text.endswith("]"):
        raise AddressError("the address literal is not closed")
    try:
        if inner[:5].lower() == "ipv6:":
            return f"[IPv6:{ipaddress.IPv6Address(inner[5:])}]"
        return f"[{ipaddress.IPv4Address(inner)}]"
    except ValueError as error:
        raise AddressError("the address literal is no IP address") from error
