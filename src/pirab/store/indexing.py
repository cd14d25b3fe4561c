"""The words of a message as PostgreSQL keeps them.

A tsvector knows four classes of words: A subject, B from, C to/cc/bcc, D body and names of attachments. Positions
carry nothing but the class.
"""

from __future__ import annotations

from itertools import islice
from typing import Final

from pirab.store.tokens import TOKENIZER_VERSION, tokenize
from pirab.wire.types import SearchText

_FIELD_POSITION: Final = {"A": 1, "B": 2, "C": 3, "D": 4}
MOST_TOKENS: Final = 20_000
"""Distinct words of one message that are indexed; PostgreSQL's tsvector ends at 1 MiB."""


LONGEST_ATTACHED: Final = 1_000_000
"""Characters of text from attachments that are indexed."""


def search_vector(text: SearchText) -> str:
    """The tsvector literal of a message."""
    by_class = {
        "A": tokenize(text.subject),
        "B": tokenize(text.from_),
        "C": tokenize(f"{text.to}\n{text.cc}\n{text.bcc}"),
    }
    body = tokenize(f"{text.attachment_names}\n{text.body}")
    named = list(islice(set().union(*by_class.values()), MOST_TOKENS))
    by_class["D"] = body
    terms = [f"{quote_lexeme(token)}:{_classes_of(token, by_class)}" for token in named]
    # Most words stand in the body alone: they are joined without a look at each.
    rest = list(islice(body.difference(named), MOST_TOKENS - len(named)))
    if rest:
        terms.append("'" + "':4D '".join(_escaped(rest)) + "':4D")
    return " ".join(terms)


def body_vector(text: str) -> str:
    """The tsvector literal of text that belongs to the body; empty when it has no words."""
    tokens = list(islice(tokenize(text, LONGEST_ATTACHED), MOST_TOKENS))
    return "'" + "':4D '".join(_escaped(tokens)) + "':4D" if tokens else ""


def _classes_of(token: str, by_class: dict[str, set[str]]) -> str:
    return ",".join(f"{_FIELD_POSITION[name]}{name}" for name, tokens in by_class.items() if token in tokens)


def _escaped(tokens: list[str]) -> list[str]:
    joined = "".join(tokens)
    if "'" not in joined and "\\" not in joined:
        return tokens
    return [quote_lexeme(token)[1:-1] for token in tokens]


def quote_lexeme(token: str) -> str:
    """A word inside a tsvector or tsquery literal."""
    return "'" + token.replace("\\", "\\\\").replace("'", "''") + "'"


__all__ = ["TOKENIZER_VERSION", "body_vector", "quote_lexeme", "search_vector"]
