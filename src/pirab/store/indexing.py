"""The words of a message as PostgreSQL keeps them.

A tsvector knows four classes of words: A subject, B from, C to/cc/bcc, D body and names of attachments. Positions
tell what a class leaves open: the words of To, Cc, Bcc and of the names of attachments stand right behind a mark of
their field (`MARKS`), so that "mark followed by word" finds them and nothing else.
"""

from __future__ import annotations

from itertools import islice
from typing import Final

from pirab.store.tokens import TOKENIZER_VERSION, tokenize
from pirab.wire.types import SearchText

_BODY: Final = "4D"
MARKS: Final = {"to": ":to", "cc": ":cc", "bcc": ":bcc", "attachment_name": ":file"}
"""Lexemes that are no word of any text, one for each field that shares its class."""
_MARK_POSITIONS: Final = {":to": 6, ":cc": 9, ":bcc": 12, ":file": 15}
"""Apart from one another and from all else; the words of the field have the next one."""
MOST_TOKENS: Final = 20_000
"""Distinct words of one message that are indexed; PostgreSQL's tsvector ends at 1 MiB."""


LONGEST_ATTACHED: Final = 1_000_000
"""Characters of text from attachments that are indexed."""


def search_vector(text: SearchText) -> str:
    """The tsvector literal of a message."""
    by_place = {"1A": tokenize(text.subject), "2B": tokenize(text.from_)}
    marks = []
    for mark, value, kind in (
        (":to", text.to, "C"),
        (":cc", text.cc, "C"),
        (":bcc", text.bcc, "C"),
        (":file", text.attachment_names, "D"),
    ):
        if value and (tokens := tokenize(value)):
            place = _MARK_POSITIONS[mark]
            by_place[f"{place + 1}{kind}"] = tokens
            marks.append(f"'{mark}':{place}")
    body = tokenize(text.body)
    named = list(islice(set().union(*by_place.values()), MOST_TOKENS))
    by_place[_BODY] = body
    terms = [f"{quote_lexeme(token)}:{_places_of(token, by_place)}" for token in named]
    # Most words stand in the body alone: they are joined without a look at each.
    rest = list(islice(body.difference(named), MOST_TOKENS - len(named)))
    if rest:
        terms.append("'" + "':4D '".join(_escaped(rest)) + "':4D")
    return " ".join(terms + marks)


def body_vector(text: str) -> str:
    """The tsvector literal of text that belongs to the body; empty when it has no words."""
    tokens = list(islice(tokenize(text, LONGEST_ATTACHED), MOST_TOKENS))
    return "'" + "':4D '".join(_escaped(tokens)) + "':4D" if tokens else ""


def _places_of(token: str, by_place: dict[str, set[str]]) -> str:
    return ",".join(place for place, tokens in by_place.items() if token in tokens)


def _escaped(tokens: list[str]) -> list[str]:
    joined = "".join(tokens)
    if "'" not in joined and "\\" not in joined:
        return tokens
    return [quote_lexeme(token)[1:-1] for token in tokens]


def quote_lexeme(token: str) -> str:
    """A word inside a tsvector or tsquery literal."""
    return "'" + token.replace("\\", "\\\\").replace("'", "''") + "'"


__all__ = ["TOKENIZER_VERSION", "body_vector", "quote_lexeme", "search_vector"]
