"""Words people type, as PostgreSQL's index understands them."""

from __future__ import annotations

from collections.abc import Iterator

from pirab.store.indexing import quote_lexeme
from pirab.store.tokens import query_tokens
from pirab.store.types import FilterCondition, FilterOperator


def text_query(text: str, classes: str) -> str | None:
    """A tsquery literal that wants every word of `text` in one of the `classes` (A subject, B from, C to, D body).

    The last word also matches as the beginning of a longer one. None when `text` holds no word at all.
    """
    tokens = query_tokens(text)
    terms = [f"{quote_lexeme(word)}:{classes}" for word in tokens.words]
    if tokens.prefix:
        terms.append(f"{quote_lexeme(tokens.prefix)}:*{classes}")
    return " & ".join(terms) or None


def highlight_words(wanted: FilterOperator | FilterCondition | None) -> tuple[str, ...]:
    """The texts a filter looks for in subject or body, for SearchSnippet/get (rfc8621#5); NOT branches do not count."""
    return tuple(dict.fromkeys(_texts(wanted)))


def _texts(wanted: FilterOperator | FilterCondition | None) -> Iterator[str]:
    if isinstance(wanted, FilterCondition):
        for text in (wanted.text, wanted.subject, wanted.body):
            if text:
                yield text
    elif wanted is not None and wanted.operator != "NOT":
        for condition in wanted.conditions:
            yield from _texts(condition)
