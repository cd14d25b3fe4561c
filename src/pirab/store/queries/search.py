"""Words people type, as PostgreSQL's index understands them."""

from __future__ import annotations

from pirab.store.indexing import quote_lexeme
from pirab.store.tokens import query_tokens


def text_query(text: str, classes: str) -> str | None:
    """A tsquery literal that wants every word of `text` in one of the `classes` (A subject, B from, C to, D body).

    Without `classes` it wants them anywhere, which the index answers without a look at the rows.

    The last word also matches as the beginning of a longer one. None when `text` holds no word at all.
    """
    tokens = query_tokens(text)
    suffix = f":{classes}" if classes else ""
    terms = [f"{quote_lexeme(word)}{suffix}" for word in tokens.words]
    if tokens.prefix:
        terms.append(f"{quote_lexeme(tokens.prefix)}:*{classes}")
    return " & ".join(terms) or None


def words_of(text: str) -> tuple[str, ...]:
    """The words of a search text as the index knows them, for marking them in what was found (rfc8621#5)."""
    tokens = query_tokens(text)
    return tokens.words if tokens.prefix is None else (*tokens.words, tokens.prefix)
