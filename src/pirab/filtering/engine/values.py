"""Variables, flags and the parts of addresses: what strings turn into while a script runs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

from pirab.filtering.engine.outcome import RunError
from pirab.wire.sieve import Argument

LONGEST_VARIABLE: Final = 4_000
"""Characters; what is longer is cut (rfc5229#6)."""
MOST_VARIABLES: Final = 128
MOST_FLAGS: Final = 50
LONGEST_STRING: Final = 40_000
_VARIABLE: Final = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]{0,63}|[0-9]{1,3})\}", re.ASCII)
_KEYWORD: Final = re.compile(r"[!#$&'+,\-./0-9:;<=>?@A-Z\[^_`a-z|}~]{1,255}", re.ASCII)
_SYSTEM_FLAGS: Final = {
    "\\seen": "$seen",
    "\\flagged": "$flagged",
    "\\answered": "$answered",
    "\\draft": "$draft",
}


class Variables:
    """Named and numbered variables of a run (rfc5229#3)."""

    def __init__(self) -> None:
        self._named: dict[str, str] = {}
        self.captures: tuple[str, ...] = ()

    def get(self, name: str) -> str:
        if name.isdigit():
            number = int(name)
            return self.captures[number] if number < len(self.captures) else ""
        return self._named.get(name.lower(), "")

    def set(self, name: str, value: str) -> None:
        """Raises `RunError` for one variable too many."""
        self._named[name.lower()] = value[:LONGEST_VARIABLE]
        if len(self._named) > MOST_VARIABLES:
            raise RunError(f"more than {MOST_VARIABLES} variables")

    def expand(self, text: str) -> str:
        """`text` with every variable replaced, once."""
        if "${" not in text:
            return text
        return _VARIABLE.sub(lambda found: self.get(found[1])[:LONGEST_VARIABLE], text)[:LONGEST_STRING]


def modified(value: str, tags: Mapping[str, Argument | bool]) -> str:
    """`value` as the modifiers of `set` change it, in their order of precedence (rfc5229#4)."""
    for name in ("lower", "upper"):
        if name in tags:
            value = getattr(value, name)()
    for name in ("lowerfirst", "upperfirst"):
        if name in tags:
            value = getattr(value[:1], name.removesuffix("first"))() + value[1:]
    if "quotewildcard" in tags:
        value = re.sub(r"([*?\\])", r"\\\1", value)
    return str(len(value)) if "length" in tags else value


def flags_in(texts: Iterable[str]) -> list[str]:
    """The flags a list of strings names, each string perhaps several (rfc5232#2), without repetition."""
    found: dict[str, str] = {}
    for text in texts:
        for flag in text.split():
            found.setdefault(flag.lower(), flag)
            if len(found) > MOST_FLAGS:
                raise RunError(f"more than {MOST_FLAGS} flags")
    return list(found.values())


def keywords_of(flags: Iterable[str]) -> frozenset[str]:
    r"""The keywords of rfc8621#4.1.1 for IMAP flags; \Deleted and what is no flag are nothing here (rfc5232#2)."""
    lowered = (flag.lower() for flag in flags)
    return frozenset(
        name for flag in lowered if (name := _SYSTEM_FLAGS.get(flag, flag)) and _KEYWORD.fullmatch(name)
    )


def address_part(address: str, part: str) -> str | None:
    """`part` of an address (rfc5228#2.7.4, rfc5233#4); None where it has no such part."""
    local, at, domain = address.rpartition("@")
    if part == "all":
        return address
    if not at:
        return None
    if part == "domain":
        return domain
    if part == "localpart":
        return local
    user, plus, detail = local.partition("+")
    if part == "user":
        return user
    return detail if plus else None
