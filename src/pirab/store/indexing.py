"""The words of a message as PostgreSQL keeps them.

A tsvector knows four classes of words: A subject, B from, C to/cc/bcc, D body and names of attachments. Positions
carry nothing but the class.
"""

from __future__ import annotations

from typing import Final

from pirab.store.tokens import TOKENIZER_VERSION, tokenize
from pirab.wire.types import SearchText

_FIELD_POSITION: Final = {"A": 1, "B": 2, "C": 3, "D": 4}
MOST_TOKENS: Final = 20_000
"""Distinct words of one message that are indexed; PostgreSQL's tsvector ends at 1 MiB."""


def search_vector(text: SearchText) -> str:
    """The tsvector literal of a message."""
    classes: dict[str, list[str]] = {}
    fields = (
        ("A", text.subject),
        ("B", text.from_),
        ("C", f"{text.to}\n{text.cc}\n{text.bcc}"),
        ("D", f"{text.attachment_names}\n{text.body}"),
    )
    for weight, content in fields:
        for token in tokenize(content):
            if token in classes:
                classes[token].append(weight)
            elif len(classes) < MOST_TOKENS:
                classes[token] = [weight]
    return " ".join(
        f"{quote_lexeme(token)}:{','.join(f'{_FIELD_POSITION[weight]}{weight}' for weight in weights)}"
        for token, weights in classes.items()
    )


def quote_lexeme(token: str) -> str:
    """A word inside a tsvector or tsquery literal."""
    return "'" + token.replace("\\", "\\\\").replace("'", "''") + "'"


__all__ = ["TOKENIZER_VERSION", "quote_lexeme", "search_vector"]
