"""What a recipient field offers while somebody types: cards, correspondents, groups, officials; each address once.

First whom the account knows by itself (correspondents by weight, then cards), then groups, then the directory in its
own order, which counts closeness and correspondence. Officials show their post and unit, wherever they were found.
Words match anywhere in names and addresses; where little is found, also names that sound alike or are nearly so.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Final

import msgspec

from pirab.contacts import queries
from pirab.contacts.correspondents import weight_of
from pirab.core import db
from pirab.directory import queries as directory
from pirab.directory.finding import near, searching
from pirab.directory.finding.entry import units_of
from pirab.directory.finding.folding import fold
from pirab.directory.finding.types import Asker, Card
from pirab.directory.queries import normal_form, people_at

MOST: Final = 20
_KNOWN: Final = 60
"""Cards and correspondents that are put in order."""
_FEW: Final = 3
"""Fewer than these, and misspelt names are looked for as well."""
_MOST_GROUPS: Final = 3
_LONGEST: Final = 200
_MOST_WORDS: Final = 6
_MOST_SHOWN_MEMBERS: Final = 200


class Somebody(msgspec.Struct, frozen=True):
    """A name and an address."""

    name: str
    email: str


class Suggestion(msgspec.Struct, frozen=True):
    """One offer. `kind`: official, contact, correspondent, list (a group of one's own with `members`) or group (one of
    the directory, written to by its address). Post and unit are empty where nothing is known of them."""

    kind: str
    name: str
    email: str = ""
    name_en: str = ""
    post_th: str = ""
    post_en: str = ""
    unit_th: str = ""
    unit_en: str = ""
    person_id: int | None = None
    card_id: int | None = None
    members: tuple[Somebody, ...] = ()


class _Known(msgspec.Struct, frozen=True):
    """A card or correspondent that fits."""

    kind: str
    name: str
    email: str
    weight: float
    card_id: int | None = None


def complete(
    account_id: int | None, asker: Asker, text: str, limit: int = 10, *, asks_directory: bool = True
) -> list[Suggestion]:
    """At most `limit` offers for what was typed, the likeliest first; cards and correspondents are the account's."""
    limit = min(limit, MOST)
    words = fold(text[:_LONGEST]).split(" ")[:_MOST_WORDS]
    if not words[0]:
        return []
    sources = _sources(account_id, asker)
    known = _known(sources, account_id, words)
    cards = searching.search(asker, text, 0, limit).cards if asks_directory else ()
    if len(known) + len(cards) < _FEW:
        known += _misspelt(sources, account_id, words, {each.email for each in known})
    officials = _officials(known, cards)
    groups = [*_lists(sources, words), *(_groups(words) if asks_directory else ())]
    offers = [*(_offer(each, officials) for each in known[: limit - min(_FEW, len(cards))])]
    offers += [*groups[:_MOST_GROUPS], *(_official(card, officials) for card in cards)]
    offers += [_offer(each, officials) for each in known]
    return list({each.email or (each.kind, each.card_id): each for each in reversed(offers)}.values())[::-1][
        :limit
    ]


def _sources(account_id: int | None, asker: Asker) -> dict[int, frozenset[int] | None]:
    """Accounts whose cards are looked at, with the books; None: all."""
    shown: dict[int, frozenset[int] | None] = (
        dict(queries.unit_books(asker.ancestry)) if asker.ancestry else {}
    )
    return shown | ({} if account_id is None else {account_id: None})


def _known(
    sources: Mapping[int, frozenset[int] | None], account_id: int | None, words: Sequence[str]
) -> list[_Known]:
    found = [row for source, books in sources.items() for row in _cards(source, books, words)]
    weights = _correspondents(account_id, words, [email for email, _, _ in found])
    named = {email: name for email, name, _ in weights}
    cards = {email: (name, key) for email, name, key in found}
    by_weight = {email: weight for email, _, weight in weights}
    rows = [
        _Known("contact", name, email, by_weight.get(email, 0.0), key) for email, (name, key) in cards.items()
    ]
    rows += [
        _Known("correspondent", named[email], email, weight)
        for email, weight in by_weight.items()
        if email not in cards
    ]
    return sorted(rows, key=lambda each: (-each.weight, not _begins(each, words[0]), each.name, each.email))[
        :_KNOWN
    ]


def _begins(each: _Known, word: str) -> bool:
    return fold(each.name).startswith(word) or each.email.startswith(word)


def _cards(source: int, books: frozenset[int] | None, words: Sequence[str]) -> list[tuple[str, str, int]]:
    """Address, name and key of cards with every word in their names or addresses."""
    conditions = " and ".join([_HOLDS_CARD] * len(words))
    rows = db.rows(
        f"{_CARDS} and {conditions} order by shown limit %s",
        (source, list(books or ()), books is None, *words, _KNOWN),
    )
    return [
        (email, shown, key)
        for key, shown, emails in rows
        for email in emails
        if len(emails) == 1 or _fits(f"{fold(shown)} {email}", words)
    ]


def _fits(text: str, words: Sequence[str]) -> bool:
    return all(word in text for word in words) or any(word in text for word in words if "@" in word)


def _correspondents(
    account_id: int | None, words: Sequence[str], also: Collection[str]
) -> list[tuple[str, str, float]]:
    """Address, name and weight of correspondents who fit, and of those at the addresses `also`."""
    if account_id is None:
        return []
    conditions = " and ".join([_HOLDS_CORRESPONDENT] * len(words))
    rows = db.rows(
        f"{_CORRESPONDENTS} and (address = any(%s::text[]) or ({conditions})) order by score desc limit %s",
        (account_id, list(also), *words, _KNOWN),
    )
    return [(address, name, weight_of(score)) for address, name, score in rows]


def _misspelt(
    sources: Mapping[int, frozenset[int] | None],
    account_id: int | None,
    words: Sequence[str],
    found: Collection[str],
) -> list[_Known]:
    """Names near to what was typed, the nearest first."""
    rows: list[tuple[str, str, str, int | None, list[str]]] = []
    keys = [near.asked_keys(word) for word in words]
    for source, books in sources.items():
        conditions = " and ".join(["sounds && %s::text[]"] * len(keys))
        rows += [
            ("contact", email, shown, key, card_words)
            for key, shown, emails, card_words in db.rows(
                f"{_NEAR_CARDS} and {conditions} limit %s",
                (source, list(books or ()), books is None, *keys, _KNOWN),
            )
            for email in emails[:1]
        ]
    if account_id is not None:
        conditions = " and ".join(["sounds && %s::text[]"] * len(keys))
        rows += [
            ("correspondent", address, name, None, near_words)
            for address, name, near_words in db.rows(
                f"{_NEAR_CORRESPONDENTS} and {conditions} limit %s",
                (account_id, *keys, _KNOWN),
            )
        ]
    scored = [(_nearness(words, row[4]), row) for row in rows if row[1] not in found]
    nearest = sorted((each for each in scored if each[0] > 0), key=lambda each: -each[0])
    return list({row[1]: _Known(row[0], row[2], row[1], 0.0, row[3]) for _, row in nearest}.values())


def _nearness(words: Sequence[str], theirs: Iterable[str]) -> float:
    each = [max((near.nearness(word, other) for other in theirs), default=0.0) for word in words]
    return min(each)


def _lists(sources: Mapping[int, frozenset[int] | None], words: Sequence[str]) -> list[Suggestion]:
    """Groups of one's own (cards of kind group), with their members."""
    found = []
    for source, books in sources.items():
        conditions = " and ".join(["strpos(array_to_string(words, ' '), %s) > 0"] * len(words))
        rows = db.rows(
            f"{_LISTS} and {conditions} order by shown limit %s",
            (source, list(books or ()), books is None, *words, _MOST_GROUPS),
        )
        for key, shown, content in rows:
            members = members_of(source, list(msgspec.json.decode(content).get("members", {})))
            if members:
                found.append(Suggestion("list", shown, card_id=key, members=tuple(members)))
    return found


def members_of(account_id: int, uids: Sequence[str]) -> list[Somebody]:
    """The members of a group of one's own who can be written to."""
    mailto = [Somebody("", uid.removeprefix("mailto:")) for uid in uids if uid.startswith("mailto:")]
    rows = db.rows(
        """
        select shown, emails[1] from contacts_card
         where account_id = %s and uid = any(%s::text[]) and cardinality(emails) > 0 order by shown limit %s
        """,
        (account_id, list(uids[:_MOST_SHOWN_MEMBERS]), _MOST_SHOWN_MEMBERS),
    )
    written = [each for each in mailto if normal_form(each.email)]
    return [*(Somebody(*row) for row in rows), *written][:_MOST_SHOWN_MEMBERS]


def _groups(words: Sequence[str]) -> list[Suggestion]:
    return [
        Suggestion("group", group.facts.name_th, group.address, name_en=group.facts.name_en)
        for group in directory.groups_named(words, _MOST_GROUPS)
    ]


class _Officials(msgspec.Struct, frozen=True):
    """Directory cards by address, and the units they name."""

    by_address: dict[str, Card]
    units: dict[int, Any]


def _officials(known: Sequence[_Known], cards: Sequence[Card]) -> _Officials:
    there = {card.email for card in cards}
    people = people_at([each.email for each in known if each.email not in there])
    more = searching.cards(list(people.values())) if people else []
    found = {card.person_id: card for card in more}
    by_address = {email: found[key] for email, key in people.items() if key in found}
    by_address |= {card.email: card for card in cards if card.email}
    return _Officials(by_address, units_of([*cards, *more]))


def _offer(each: _Known, officials: _Officials) -> Suggestion:
    card = officials.by_address.get(each.email)
    if card is None:
        return Suggestion(each.kind, each.name or each.email, each.email, card_id=each.card_id)
    shown = _official(card, officials)
    name = each.name if each.kind == "contact" else shown.name
    return msgspec.structs.replace(shown, kind=each.kind, name=name, email=each.email, card_id=each.card_id)


def _official(card: Card, officials: _Officials) -> Suggestion:
    post = card.posts[0] if card.posts else None
    unit_id = post.agency_id if post else card.agency_id
    unit = officials.units.get(unit_id) if unit_id is not None else None
    return Suggestion(
        "official",
        card.name_th,
        card.email,
        name_en=card.name_en,
        post_th=post.title_th if post else "",
        post_en=post.title_en if post else "",
        unit_th=unit.name_th if unit else "",
        unit_en=unit.name_en if unit else "",
        person_id=card.person_id,
    )


_BOUNDS: Final = "account_id = %s and (book_ids && %s::bigint[] or %s)"
_CARDS: Final = f"select id, shown, emails from contacts_card where {_BOUNDS} and cardinality(emails) > 0"  # noqa: S608
_NEAR_CARDS: Final = (
    f"select id, shown, emails, words from contacts_card where {_BOUNDS} and cardinality(emails) > 0"  # noqa: S608
)
_LISTS: Final = f"select id, shown, content from contacts_card where {_BOUNDS} and kind = 'group'"  # noqa: S608
_HOLDS_CARD: Final = "strpos(array_to_string(words || emails, ' '), %s) > 0"
_CORRESPONDENTS: Final = "select address, name, score from contacts_correspondent where account_id = %s"
_NEAR_CORRESPONDENTS: Final = "select address, name, words from contacts_correspondent where account_id = %s"
_HOLDS_CORRESPONDENT: Final = "strpos(array_to_string(words || address, ' '), %s) > 0"
