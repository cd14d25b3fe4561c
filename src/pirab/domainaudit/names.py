"""Which domain names may be claimed, and what is odd about them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

from pirab.domainaudit.errors import NameInvalid, NameLookalike, NameReserved
from pirab.domainaudit.types import Name, Oddity
from pirab.wire.address import AddressError, normalize_domain

_LONGEST: Final = 253 - len("_imaps._tcp.")
"""Octets a name may have, so that every record below it still fits (rfc1035#2.3.4)."""

_REGISTRIES: Final = frozenset(
    {
        *("th", "go.th", "mi.th", "ac.th", "or.th", "in.th", "co.th", "net.th"),
        *("com", "net", "org", "info", "gov", "edu", "int", "mil", "biz", "asia"),
        *("ไทย", "รัฐบาล.ไทย", "ทหาร.ไทย", "ศึกษา.ไทย", "องค์กร.ไทย", "ธุรกิจ.ไทย", "เน็ต.ไทย"),
    }
)
"""Suffixes under which registries give names: nobody's own domain."""
_PUBLIC_BODIES: Final = ("go.th", "mi.th", "ac.th", "or.th", "รัฐบาล.ไทย", "ทหาร.ไทย", "ศึกษา.ไทย", "องค์กร.ไทย")
_RESERVED_ENDS: Final = frozenset(
    {
        *("example", "invalid", "localhost", "local", "internal", "onion", "alt", "arpa"),
        *("lan", "home", "corp", "localdomain"),
    }
)
"""rfc2606#2, those of RFC 6761, 6762, 7686 and 9476, and what private networks call themselves."""
_RESERVED_NAMES: Final = ("example.com", "example.net", "example.org")
_TEST: Final = "test"

_THAI: Final = re.compile(r"[\u0e01-\u0e3a\u0e40-\u0e4e]")
_LATIN: Final = re.compile(r"[a-z]")
_LABEL: Final = re.compile(r"[a-z0-9\u0e01-\u0e3a\u0e40-\u0e4e\u0e50-\u0e59-]+")
_TWICE_E: Final = "เเ"
"""Two of the one vowel, which look exactly like the other (แ)."""
_ALIKE: Final = str.maketrans("01i๐๑๒๓๔๕๖๗๘๙", "ollol23456789")
"""Signs that are taken for others at a glance; Thai digits for the others of their value."""


def checked(text: str, own_host: str, *, is_production: bool) -> Name:
    """The name `text` (U-label or A-label) means. `own_host` is the name of this service's mail server.

    Raises `NameInvalid`, `NameReserved`, `NameLookalike` where its letters are of several scripts.
    """
    try:
        ascii_name, shown = normalize_domain(text.strip().rstrip("."))
    except AddressError as error:
        raise NameInvalid(text[:80]) from error
    labels = shown.split(".")
    if (
        "[" in ascii_name
        or len(labels) < 2
        or len(ascii_name) > _LONGEST
        or labels[-1].isdigit()
        or "_" in ascii_name
    ):
        raise NameInvalid(text[:80])
    _require_one_script(labels)
    _require_free(ascii_name, shown, own_host, is_production=is_production)
    return Name(ascii_name, shown, tuple(_oddities(ascii_name, shown)))


def _require_one_script(labels: list[str]) -> None:
    for label in labels:
        is_mixed = bool(_THAI.search(label) and _LATIN.search(label))
        if is_mixed or not _LABEL.fullmatch(label) or _TWICE_E in label:
            raise NameLookalike(label)


def _require_free(ascii_name: str, shown: str, own_host: str, *, is_production: bool) -> None:
    end = shown.rpartition(".")[2]
    if shown in _REGISTRIES or end in _RESERVED_ENDS or (end == _TEST and is_production):
        raise NameReserved(shown)
    if any(_is_in(shown, name) for name in _RESERVED_NAMES) or ascii_name == own_host:
        raise NameReserved(shown)


def _oddities(ascii_name: str, shown: str) -> Iterable[Oddity]:
    if not any(_is_in(shown, suffix) for suffix in (*_PUBLIC_BODIES, _TEST)):
        yield Oddity.NOT_GOVERNMENTAL
    if ascii_name != shown:
        yield Oddity.THAI_SCRIPT


def _is_in(name: str, zone: str) -> bool:
    return name == zone or name.endswith(f".{zone}")


def lies_below(name: str, zones: Iterable[str]) -> bool:
    """Whether `name` is below one of `zones`."""
    above = set(zones)
    labels = name.split(".")
    return any(".".join(labels[start:]) in above for start in range(1, len(labels)))


def outline(name: str) -> str:
    """What `name` (A-label or U-label) looks like: names with one outline can be mistaken for each other."""
    try:
        shown = normalize_domain(name)[1]
    except AddressError:
        shown = name
    folded = unicodedata.normalize("NFKD", shown).translate(_ALIKE)
    for pair, single in (("rn", "m"), ("vv", "w"), ("cl", "d")):
        folded = folded.replace(pair, single)
    return folded.replace("-", "")
