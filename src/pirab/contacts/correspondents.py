"""Whom an account writes to, how often and how lately: counted when a person hands a letter in, never by what comes in.

A letter weighs 1 and half as much after `HALF_LIFE`. Kept is the logarithm of the sum, measured from one fixed moment,
so that rows need no renewal as time passes and stand in the right order at any time.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Final

import msgspec

from pirab.contacts.facts import sorted_words, sounds_of
from pirab.core import clock, db
from pirab.directory.queries import normal_form, own_account, people_at

HALF_LIFE: Final = timedelta(days=60)
MOST_IN_ONE_LETTER: Final = 50
"""Recipients of one letter that still are correspondents; a circular to more teaches nothing."""
MOST_WEIGHTS: Final = 300
LONGEST_NAME: Final = 200


class Correspondent(msgspec.Struct, frozen=True):
    """Somebody the account writes to. `weight` is what the letters weigh now."""

    address: str
    name: str
    letters: int
    last_at: datetime
    weight: float


def count(account_id: int, people: Mapping[str, str]) -> None:
    """A person of the account has written to these addresses (with these names). Call it in the sending transaction."""
    named = {address: name for given, name in people.items() if (address := normal_form(given))}
    if not 0 < len(named) <= MOST_IN_ONE_LETTER or not remembers(account_id):
        return
    now = clock.now()
    officials = people_at(named)
    for address, given in sorted(named.items()):
        name = given.strip()[:LONGEST_NAME]
        words = sorted_words(name)
        db.execute(
            _COUNT,
            {
                "account": account_id,
                "address": address,
                "name": name,
                "at": now,
                "age": _age(now),
                "person": officials.get(address),
                "words": list(words),
                "sounds": list(sounds_of(words)),
            },
        )


def remembers(account_id: int) -> bool:
    """Whether correspondents of the account are counted."""
    return (
        db.scalar("select remembers from contacts_setting where account_id = %s", (account_id,)) is not False
    )


def start_remembering(account_id: int) -> None:
    """Count from now on."""
    _switch(account_id, "true")


def stop_remembering(account_id: int) -> None:
    """Count no more, and forget whoever was counted."""
    with db.transaction():
        _switch(account_id, "false")
        forget_all(account_id)


def forget_all(account_id: int) -> None:
    """Forget whoever was counted."""
    db.execute("delete from contacts_correspondent where account_id = %s", (account_id,))


def forget(account_id: int, addresses: Iterable[str]) -> int:
    """Forget these addresses; returns how many were known."""
    normal = [address for each in addresses if (address := normal_form(each))]
    return db.execute(
        "delete from contacts_correspondent where account_id = %s and address = any(%s::text[])",
        (account_id, normal),
    )


def correspondents_of(account_id: int, limit: int) -> list[Correspondent]:
    """The account's correspondents, those written to most and latest first."""
    age = _age(clock.now())
    found = db.rows(
        """
        select address, name, letters, last_at, score from contacts_correspondent
         where account_id = %s order by score desc, address limit %s
        """,
        (account_id, limit),
    )
    return [
        Correspondent(address, name, letters, last_at, weight_of(score, age))
        for address, name, letters, last_at, score in found
    ]


def weights_of(person_id: int) -> dict[int, float]:
    """Officials the person writes to from their own account, with their weights (`finding.hooks`)."""
    account_id = own_account(person_id)
    if account_id is None:
        return {}
    age = _age(clock.now())
    found = db.rows(
        """
        select person_id, score from contacts_correspondent
         where account_id = %s and person_id is not null order by score desc limit %s
        """,
        (account_id, MOST_WEIGHTS),
    )
    return {key: weight_of(score, age) for key, score in found}


def weight_of(score: float, age: float | None = None) -> float:
    """What a kept score weighs now."""
    return math.exp2(max(score - (_age(clock.now()) if age is None else age), -60.0))


def _age(moment: datetime) -> float:
    """Half-lives from the fixed moment to this one."""
    return moment.timestamp() / HALF_LIFE.total_seconds()


def _switch(account_id: int, remembers: str) -> None:
    db.execute(
        """
        insert into contacts_setting (account_id, remembers) values (%s, %s::boolean)
        on conflict (account_id) do update set remembers = excluded.remembers
        """,
        (account_id, remembers),
    )


_COUNT: Final = """
    insert into contacts_correspondent as c
           (account_id, address, name, letters, last_at, score, person_id, words, sounds)
    values (%(account)s, %(address)s, %(name)s, 1, %(at)s, %(age)s, %(person)s, %(words)s::text[],
            %(sounds)s::text[])
    on conflict (account_id, address) do update
       set letters = c.letters + 1, last_at = excluded.last_at,
           score = excluded.score + ln(1 + power(2::float8, greatest(c.score - excluded.score, -60))) / ln(2::float8),
           person_id = excluded.person_id,
           name = case when excluded.name = '' then c.name else excluded.name end,
           words = case when excluded.name = '' then c.words else excluded.words end,
           sounds = case when excluded.name = '' then c.sounds else excluded.sounds end
"""
