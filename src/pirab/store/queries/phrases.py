"""Phrases in quotes (rfc8621#4.4.1): the index finds the letters that hold the words, their text decides.

A text is compared as it is indexed: folded, one spelling, invisible characters left out, white space one space. A
phrase stands on whole letters of Thai and on whole words of other scripts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from pirab.blob.errors import BlobCorrupt, BlobMissing
from pirab.core import db
from pirab.core.thai import LETTERS
from pirab.store.queries.attachment_text import attachment_text
from pirab.store.queries.messages import message_bytes
from pirab.store.tokens import folded_text
from pirab.wire.mime import parse_message
from pirab.wire.types import SearchText

MOST_READ: Final = 200
"""Letters that one phrase has read, the newest ones; older ones are answered for by their words."""
MOST_OCTETS: Final = 64_000_000
"""Octets of letters that one phrase has read; a larger letter is answered for by its words."""

_QUOTED: Final = re.compile(r"""["“”]([^"“”]+)["“”]|(?<!\w)'((?:[^'\\]|\\.)+)'(?!\w)""")
_FIELDS: Final = {
    "text": ("subject", "from_", "to", "cc", "bcc", "attachment_names", "body"),
    "from_": ("from_",),
    "to": ("to",),
    "cc": ("cc",),
    "bcc": ("bcc",),
    "subject": ("subject",),
    "body": ("body",),
    "attachment_name": ("attachment_names",),
}
_WITH_ATTACHED: Final = frozenset({"text", "body"})
_MARKS: Final = "\u0e30-\u0e3a\u0e45\u0e47-\u0e4e"
_VOWELS_BEFORE: Final = "\u0e40-\u0e44"


def phrases_of(text: str) -> tuple[str, ...]:
    """The phrases in quotes of a search text, folded; those without any letter or digit are none."""
    found = (_flat(match[1] or match[2]) for match in _QUOTED.finditer(text))
    return tuple(dict.fromkeys(phrase for phrase in found if any(map(str.isalnum, phrase))))


def without_phrases(
    account_id: int, email_ids: Iterable[int], name: str, phrases: tuple[str, ...]
) -> Iterator[int]:
    """Those of the emails, as far as the limits of reading go, whose `name` (a text condition) lacks a phrase."""
    patterns = [_pattern(phrase) for phrase in phrases]
    room = MOST_OCTETS
    for email_id, message_id, digest, size in _sources(account_id, list(email_ids)):
        room -= size
        if room < 0:
            return
        try:
            searched = parse_message(message_bytes(bytes(digest))).search_text
        except (BlobMissing, BlobCorrupt):  # `blob verify` tells of that
            continue
        text = _flat("\n".join(_texts(searched, message_id, name)))
        if not all(pattern.search(text) for pattern in patterns):
            yield email_id


def _sources(account_id: int, email_ids: list[int]) -> list[tuple[int, int, bytes, int]]:
    return db.rows(
        """
        select e.id, g.id, g.digest, g.size
          from unnest(%(ids)s::bigint[]) with ordinality as wanted(id, place)
         cross join lateral (select * from store_email where account_id = %(account)s and id = wanted.id offset 0) e
         cross join lateral (select id, digest, size from store_message where id = e.message_id offset 0) g
         order by wanted.place
        """,
        {"account": account_id, "ids": email_ids},
    )


def _texts(searched: SearchText, message_id: int, name: str) -> Iterator[str]:
    for field in _FIELDS[name]:
        yield getattr(searched, field)
    if name in _WITH_ATTACHED:
        yield attachment_text(message_id)


def _flat(text: str) -> str:
    return " ".join(folded_text(text).split())


def _pattern(phrase: str) -> re.Pattern[str]:
    """`phrase` where it is no part of a longer word or of a Thai letter."""
    is_thai = re.compile(f"[{LETTERS}]").match
    before = (
        f"(?<![{_VOWELS_BEFORE}])" if is_thai(phrase[0]) else r"(?<![^\W_])" if phrase[0].isalnum() else ""
    )
    after = f"(?![{_MARKS}])" if is_thai(phrase[-1]) else r"(?![^\W_])" if phrase[-1].isalnum() else ""
    return re.compile(before + re.escape(phrase) + after)
