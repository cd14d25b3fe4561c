"""What may be asked of cards (rfc9610#3.3.1), and how it is asked of the database."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any, Final

import msgspec
from psycopg import sql

from pirab.directory.finding.folding import fold

TEXTS: Final = (
    "text",
    "name",
    "name/given",
    "name/surname",
    "name/surname2",
    "nickname",
    "organization",
    "email",
    "phone",
    "onlineService",
    "address",
    "note",
)
"""Conditions that look for words in part of a card."""
MOST_WORDS: Final = 20
_TOKEN: Final = re.compile('"([^"]*)"|(\\S+)')


class InBook(msgspec.Struct, frozen=True):
    """The card is in this book."""

    book_ids: tuple[int, ...]


class Is(msgspec.Struct, frozen=True):
    """A column has exactly this value: uid or kind."""

    column: str
    value: str


class HasMember(msgspec.Struct, frozen=True):
    """The group has a member of this uid."""

    uid: str


class When(msgspec.Struct, frozen=True):
    """Created or updated before (or, on or after) a moment."""

    column: str
    is_before: bool
    moment: datetime


class Contains(msgspec.Struct, frozen=True):
    """Every word, and every phrase in quotes, stands in this part of the card."""

    field: str
    text: str


class Every(msgspec.Struct, frozen=True):
    """All of these."""

    conditions: tuple[Any, ...]


class Some(msgspec.Struct, frozen=True):
    """One of these at least."""

    conditions: tuple[Any, ...]


class NoneOf(msgspec.Struct, frozen=True):
    """None of these."""

    conditions: tuple[Any, ...]


Condition = InBook | Is | HasMember | When | Contains | Every | Some | NoneOf
_NEVER: Final = sql.SQL("false")
_COLUMNS: Final = {
    "uid": sql.SQL("uid"),
    "kind": sql.SQL("kind"),
    "created": sql.SQL("created_at"),
    "updated": sql.SQL("updated_at"),
}


def compiled(condition: Condition | None) -> tuple[sql.Composable, list[Any]]:
    """The condition as SQL over `contacts_card`, with its values."""
    values: list[Any] = []
    return (sql.SQL("true") if condition is None else _sql(condition, values)), values


def tokens(text: str) -> list[str]:
    """The folded words and quoted phrases of a text."""
    found = (fold(phrase or word) for phrase, word in _TOKEN.findall(text))
    return [token for token in found if token][:MOST_WORDS]


def _sql(condition: Condition, values: list[Any]) -> sql.Composable:
    match condition:
        case Every(inner):
            return _joined(inner, " and ", values, "true")
        case Some(inner):
            return _joined(inner, " or ", values, "false")
        case NoneOf(inner):
            return sql.SQL("not ({})").format(_joined(inner, " or ", values, "false"))
        case _:
            return _leaf(condition, values)


def _joined(inner: tuple[Any, ...], word: str, values: list[Any], nothing: str) -> sql.Composable:
    parts = [_sql(each, values) for each in inner]
    joiner = sql.SQL(" and ") if word == " and " else sql.SQL(" or ")
    empty = sql.SQL("true") if nothing == "true" else sql.SQL("false")
    return sql.SQL("({})").format(joiner.join(parts)) if parts else empty


def _leaf(condition: Condition, values: list[Any]) -> sql.Composable:
    match condition:
        case InBook(book_ids):
            values.append(list(book_ids))
            return sql.SQL("book_ids && %s::bigint[]")
        case Is(column, value):
            values.append(value)
            return _COLUMNS[column] + sql.SQL(" = %s")
        case HasMember(uid):
            values.append(uid)
            return sql.SQL("(kind = 'group' and coalesce((content::jsonb -> 'members') ? %s, false))")
        case When(column, is_before, moment):
            values.append(moment)
            return _COLUMNS[column] + (sql.SQL(" < %s") if is_before else sql.SQL(" >= %s"))
        case Contains(field, text):
            return _contains(field, tokens(text), values)
    return _NEVER


def _contains(field: str, words: list[str], values: list[Any]) -> sql.Composable:
    if not words:
        return _NEVER
    for word in words:
        values += [field, word]
    return sql.SQL(" and ").join([sql.SQL("strpos(coalesce(fields ->> %s, ''), %s) > 0")] * len(words))
