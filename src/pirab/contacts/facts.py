"""What is derived from a card and kept beside it: the texts of each filter condition, sort keys, addresses, words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any, Final

import msgspec

from pirab.directory.finding import near
from pirab.directory.finding.folding import fold, phone_numbers, sorting_key
from pirab.directory.finding.terms import name_words
from pirab.directory.queries import normal_form

NAME_KINDS: Final = ("given", "surname", "surname2")
LONGEST_FIELD: Final = 20_000
"""Characters of one condition's text that are searched."""
_LONGEST_KEY: Final = 200
MOST_WORDS: Final = 12
"""Words of a name that are also found misspelt."""
PERSON: Final = "pirab.go.th:person"
"""The vendor property that ties a card to an official's entry: their id."""


class Facts(msgspec.Struct, frozen=True):
    """The derived columns of one card."""

    fields: dict[str, str]
    given_key: str
    surname_key: str
    surname2_key: str
    shown: str
    emails: tuple[str, ...]
    words: tuple[str, ...]
    sounds: tuple[str, ...]


def facts_of(card: dict[str, Any]) -> Facts:
    """The facts of a valid card."""
    parts = {kind: " ".join(_components(card, kind)) for kind in NAME_KINDS}
    shown = shown_name(card)
    emails = tuple(addresses(card))
    nicknames = [each["name"] for each in _entries(card, "nicknames")]
    words = sorted_words(shown, *parts.values(), *nicknames)
    return Facts(
        _fields(card, parts),
        sorting_key(parts["given"])[:_LONGEST_KEY],
        sorting_key(parts["surname"])[:_LONGEST_KEY],
        sorting_key(parts["surname2"])[:_LONGEST_KEY],
        shown,
        emails,
        words,
        sounds_of(words),
    )


def shown_name(card: dict[str, Any]) -> str:
    """The name as lists show it; of a card without one its organisation or first address."""
    name = card.get("name") or {}
    if name.get("full", "").strip():
        return str(name["full"]).strip()
    found = [
        each["value"] for each in name.get("components", ()) if each["kind"] != "separator" and each["value"]
    ]
    if found:
        separator = name.get("defaultSeparator", " ") if name.get("isOrdered") else " "
        return str(separator).join(found).strip()
    for entry, member in (("nicknames", "name"), ("organizations", "name"), ("emails", "address")):
        for each in _entries(card, entry):
            if each.get(member, "").strip():
                return str(each[member]).strip()
    return ""


def addresses(card: dict[str, Any]) -> Iterator[str]:
    """The addresses of a card in normal form, preferred ones first, each once."""
    entries = sorted(_entries(card, "emails"), key=lambda each: each.get("pref", 101))
    found = (normal_form(each["address"].strip()) for each in entries)
    yield from dict.fromkeys(address for address in found if address)


def sorted_words(*names: str) -> tuple[str, ...]:
    """The folded words of names, each once."""
    return tuple(sorted(name_words(*names))[:MOST_WORDS])


def sounds_of(words: Iterable[str]) -> tuple[str, ...]:
    """What the words are found by when they are misspelt."""
    return tuple(sorted({key for word in words for key in _kept(word)}))


@lru_cache(maxsize=65536)
def _kept(word: str) -> tuple[str, ...]:
    return tuple(near.kept_keys(word))


def _fields(card: dict[str, Any], parts: dict[str, str]) -> dict[str, str]:
    """Folded text by name of the filter's condition (rfc9610#3.3.1)."""
    found: dict[str, list[str]] = {
        "name": [shown_name(card) if card.get("name") else "", *_components(card, None)],
        "nickname": [each["name"] for each in _entries(card, "nicknames")],
        "organization": list(_organizations(card)),
        "email": [
            text for each in _entries(card, "emails") for text in (each["address"], each.get("label", ""))
        ],
        "phone": [text for each in _entries(card, "phones") for text in _phone(each)],
        "onlineService": [
            each.get(member, "")
            for each in _entries(card, "onlineServices")
            for member in ("service", "uri", "user", "label")
        ],
        "address": [text for each in _entries(card, "addresses") for text in _postal(each)],
        "note": [each["note"] for each in _entries(card, "notes")],
    } | {f"name/{kind}": [text] for kind, text in parts.items()}
    rest = [each["name"] for each in _entries(card, "titles")] + list(card.get("keywords", ()))
    texts = {name: _folded(values) for name, values in found.items()}
    every = " ".join([*texts.values(), _folded(rest)])
    return {name: text for name, text in texts.items() if text} | {"text": every[: 2 * LONGEST_FIELD]}


def _folded(values: Iterable[str]) -> str:
    return " ".join(filter(None, (fold(value[:LONGEST_FIELD]) for value in values)))[:LONGEST_FIELD]


def _entries(card: dict[str, Any], name: str) -> list[dict[str, Any]]:
    return list(card.get(name, {}).values())


def _components(card: dict[str, Any], kind: str | None) -> list[str]:
    components = (card.get("name") or {}).get("components", ())
    return [each["value"] for each in components if kind in (None, each["kind"])]


def _organizations(card: dict[str, Any]) -> Iterator[str]:
    for each in _entries(card, "organizations"):
        yield each.get("name", "")
        yield from (unit["name"] for unit in each.get("units", ()))


def _phone(entry: dict[str, Any]) -> Iterator[str]:
    yield entry["number"]
    yield from phone_numbers(entry["number"])


def _postal(entry: dict[str, Any]) -> Iterator[str]:
    yield entry.get("full", "")
    yield from (each["value"] for each in entry.get("components", ()))
