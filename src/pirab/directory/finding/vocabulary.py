"""Words and their keys. Words are only added: one that nobody has any longer finds nobody and costs a row."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from enum import IntEnum
from typing import Any, Final

import msgspec

from pirab.core import db
from pirab.directory.finding import near


class Kind(IntEnum):
    """What a word is, as stored. A word that is several things has the kind by which most can be asked."""

    PLAIN = 0
    NAME = 1
    MAIL = 2
    BEGINNING = 3


_MORE_USEFUL: Final = {Kind.NAME: 3, Kind.PLAIN: 2, Kind.MAIL: 1, Kind.BEGINNING: 0}


def more_useful(one: Kind, other: Kind) -> Kind:
    """The kind of a word that is both."""
    return max(one, other, key=_MORE_USEFUL.__getitem__)


def keys_of(words: Collection[str]) -> dict[str, tuple[int, Kind]]:
    """Key and kind of each of these words that is known."""
    rows = db.rows("select word, id, kind from finding_word where word = any(%s)", (list(words),))
    return {word: (key, Kind(kind)) for word, key, kind in rows}


def ensure(words: Mapping[str, Kind], known: dict[str, tuple[int, Kind]]) -> None:
    """Put keys of all `words` into `known`, making those that are missing there and in the table."""
    missing = words.keys() - known.keys()
    known.update(keys_of(missing))
    wanting = {
        word: kind
        for word, kind in words.items()
        if word not in known or more_useful(known[word][1], kind) != known[word][1]
    }
    if wanting:
        # In one order everywhere, so that two transactions never wait for each other crosswise.
        rows = [_row(word, wanting[word]) for word in sorted(wanting)]
        made = db.rows(_ENSURE, (msgspec.json.encode(rows).decode(),))
        known.update({word: (key, Kind(kind)) for word, key, kind in made})


def _row(word: str, kind: Kind) -> dict[str, Any]:
    return {"word": word, "kind": int(kind), "near": near.kept_keys(word) if kind is Kind.NAME else None}


_ENSURE: Final = """
    insert into finding_word (word, kind, near)
    select word, kind, near from jsonb_to_recordset(%s::text::jsonb) as w(word text, kind smallint, near text[])
        on conflict (word) do update set kind = excluded.kind, near = coalesce(excluded.near, finding_word.near)
    returning word, id, kind
"""
