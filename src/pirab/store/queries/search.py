"""Words people type, as PostgreSQL's index understands them."""

from __future__ import annotations

from typing import Final

import msgspec

from pirab.core import db
from pirab.store.indexing import quote_lexeme
from pirab.store.tokens import QueryTokens, query_tokens


def text_query(text: str, classes: str, mark: str | None = None) -> str | None:
    """A tsquery literal that wants every word of `text` in one of the `classes` (A subject, B from, C to, D body), and
    right behind a `mark` where one is given (`indexing.MARKS`).

    Without `classes` it wants them anywhere, which the index answers without a look at the rows.

    The last word also matches as the beginning of a longer one. None when `text` holds no word at all.
    """
    tokens = query_tokens(text)
    ways = [_all_of(way, classes, mark) for way in (tokens, *tokens.others)]
    return " | ".join(f"({way})" if len(ways) > 1 else way for way in ways if way) or None


def _all_of(tokens: QueryTokens, classes: str, mark: str | None) -> str:
    suffix = f":{classes}" if classes else ""
    terms = [f"{quote_lexeme(word)}{suffix}" for word in tokens.words]
    if tokens.prefix:
        terms.append(f"{quote_lexeme(tokens.prefix)}:*{classes}")
    if mark is not None:
        terms = [f"({quote_lexeme(mark)} <-> {term})" for term in terms]
    return " & ".join(terms)


def words_of(text: str) -> tuple[str, ...]:
    """The words of a search text as the index knows them, for marking them in what was found (rfc8621#5)."""
    tokens = query_tokens(text)
    ways = (tokens, *tokens.others)
    return tuple(dict.fromkeys(word for way in ways for word in way.words_and_prefix()))


MOST_SHARED: Final = 2_000
"""Letters to many of one account, or with the words of a search: up to here each is looked at by name."""


class WordHits(msgspec.Struct, frozen=True):
    """Emails of an account that answer a tsquery.

    `own` have their words to themselves, one more than asked for at most. `shared` are letters to many, whose words are
    kept once for everybody; None when so many of those answer that nobody should ask for each.
    """

    own: list[int]
    shared: list[int] | None

    def at_most(self, many: int) -> list[int] | None:
        """All emails when there are no more than `many`, else None."""
        if self.shared is None or len(self.own) + len(self.shared) > many:
            return None
        return list({*self.own, *self.shared})


def word_hits(account_id: int, query: str, most: int) -> WordHits:
    """Which emails of the account answer the tsquery: `most` and one more of its own at most."""
    found = db.rows_planned_anew(
        _WORD_HITS, {"account": account_id, "query": query, "own": most + 1, "shared": MOST_SHARED}
    )
    own = [email_id for kind, email_id in found if kind == "own"]
    if any(kind == "too many" for kind, _ in found):
        return WordHits(own, None)
    return WordHits(own, [email_id for kind, email_id in found if kind == "shared"])


# Letters to many: from those of the account, however many others there are in the whole service; where the account has
# very many, from those with the words. An account that has none does not look.
_WORD_HITS: Final = """
    with own as materialized (
        select email_id from store_email_search where account_id = %(account)s and tokens @@ %(query)s::tsquery
    ), mine as materialized (
        select message_id from store_email where account_id = %(account)s and has_shared_words
         limit %(shared)s::bigint + 1
    ), fits as materialized (
        select count(*) <= %(shared)s::bigint as ok from mine
    ), hits as materialized (
        (select h.message_id from mine join store_message_search h on h.message_id = mine.message_id
          where (select ok from fits) and h.tokens @@ %(query)s::tsquery)
        union all
        (select message_id from store_message_search
          where not (select ok from fits) and tokens @@ %(query)s::tsquery limit %(shared)s::bigint + 1)
    )
    (select 'own', email_id from own limit %(own)s)
    union all
    select 'shared', e.id
      from hits
     cross join lateral (select id from store_email where message_id = hits.message_id
                            and account_id = %(account)s offset 0) e
    union all
    select 'too many', 0 where (select count(*) from hits) > %(shared)s::bigint
"""


def words_condition(hits: WordHits, query: str, shared: str) -> str:
    """SQL that is true for the emails `e` that answer a tsquery many letters answer.

    `query` and `shared` are the placeholders of the tsquery and of the shared hits.
    """
    if hits.shared == []:
        return (
            "e.id in (select s.email_id from store_email_search s where s.account_id = %(account)s"  # noqa: S608
            f" and s.tokens @@ {query}::tsquery)"
        )
    own = (
        "exists (select from store_email_search s where s.account_id = %(account)s and s.email_id = e.id"
        f" and s.tokens @@ {query}::tsquery offset 0)"
    )
    if hits.shared is not None:
        return f"({own} or e.id = any({shared}::bigint[]))"
    return (
        f"({own} or exists (select from store_message_search h where h.message_id = e.message_id"
        f" and h.tokens @@ {query}::tsquery offset 0))"
    )
