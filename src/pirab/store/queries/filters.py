"""Filters and sorts as SQL over `e` (store_email), `m` (the driving mailbox, if any) and `g` (store_message)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import msgspec

from pirab.core import db
from pirab.store.errors import UnsupportedFilter, UnsupportedSort
from pirab.store.indexing import MARKS
from pirab.store.keywords import FLAG_BITS, PERSONAL
from pirab.store.queries.header_filter import header_condition
from pirab.store.queries.phrases import MOST_READ, phrases_of, without_phrases
from pirab.store.queries.search import text_query, word_hits, words_condition
from pirab.store.types import Comparator, FilterCondition, FilterOperator
from pirab.store.viewing import personal_flags

DEEPEST: Final = 20
"""Levels of operators in one filter."""

FEW: Final = 400
"""Emails that hold the words of a search: up to here they are named one by one."""

_CLASSES: Final = {
    "text": "",
    "subject": "A",
    "from_": "B",
    "to": "C",
    "cc": "C",
    "bcc": "C",
    "body": "D",
    "attachment_name": "D",
}


class FilterSql:
    """One filter being turned into a condition; `params` grows along."""

    def __init__(self, account_id: int, email_id: str = "e.id", *, viewer: int | None = None) -> None:
        """`email_id` is the column of the driving table that names the email; `viewer` whose `$seen` and `$flagged`."""
        self._email_id = email_id
        self._viewer = viewer
        self.params: dict[str, Any] = {"account": account_id}
        if viewer is not None:
            self.params["viewer"] = viewer
        self.needs_message = False
        self.looks_for_words = False

    def bind(self, value: object) -> str:
        """A placeholder for `value`."""
        name = f"p{len(self.params)}"
        self.params[name] = value
        return f"%({name})s"

    def condition(self, wanted: FilterOperator | FilterCondition | None, depth: int = 0) -> str:
        """SQL that is true for the emails wanted. Raises `UnsupportedFilter`."""
        if wanted is None:
            return "true"
        if depth > DEEPEST:
            raise UnsupportedFilter(f"more than {DEEPEST} levels")
        if isinstance(wanted, FilterCondition):
            return self._all_of(wanted)
        parts = [self.condition(each, depth + 1) for each in wanted.conditions]
        if wanted.operator == "NOT":
            return f"not ({' or '.join(parts) or 'false'})"
        if wanted.operator == "OR":
            return f"({' or '.join(parts) or 'false'})"
        return f"({' and '.join(parts) or 'true'})"

    def _all_of(self, wanted: FilterCondition) -> str:
        parts = [
            build(self, getattr(wanted, name))
            for name, build in _CONDITIONS.items()
            if getattr(wanted, name) is not None
        ]
        parts += [
            self._text(name, getattr(wanted, name)) for name in _CLASSES if getattr(wanted, name) is not None
        ]
        return f"({' and '.join(parts) or 'true'})"

    def _text(self, name: str, text: str) -> str:
        words, query = text_query(text, ""), text_query(text, _CLASSES[name], MARKS.get(name))
        if words is None or query is None:
            return "false"
        self.looks_for_words = True
        found = self._with_words(words, query)
        phrases = phrases_of(text)
        if phrases:
            lacking = self._lacking(words, query, name, phrases)
            found = f"({found} and {self._email_id} <> all({self.bind(lacking)}::bigint[]))"
        return found

    def _lacking(self, words: str, query: str, name: str, phrases: tuple[str, ...]) -> list[int]:
        """Emails that hold the words, but not in the order of the phrases; the newest ones are looked at."""
        account_id = self.params["account"]
        probe = FilterSql(account_id)
        where = probe._with_words(words, query)
        newest = db.rows_planned_anew(
            f"select e.id from store_email e where e.account_id = %(account)s and {where}"  # noqa: S608
            f" order by e.received_at desc, e.id desc limit {probe.bind(MOST_READ)}",
            probe.params,
        )
        return list(without_phrases(account_id, [email_id for (email_id,) in newest], name, phrases))

    def _with_words(self, words: str, query: str) -> str:
        """True for the emails that answer `query`; those that hold its `words`, in whatever class, are never fewer.

        The planner can not tell a word that nobody wrote from one in every letter: left alone it reads all letters
        by date until it has found a page of them. Many are best met by date, few are best met by name.
        """
        account_id = self.params["account"]
        hits = word_hits(account_id, words, FEW)
        few = hits.at_most(FEW)
        # Where the words are common and no letter to many holds them, nothing more is to be learnt by asking again.
        if query != words and few != [] and (few is not None or hits.shared != []):
            hits = word_hits(account_id, query, FEW)
            few = None if few is None else hits.at_most(FEW)
        if few is not None:
            return f"{self._email_id} = any({self.bind(few)}::bigint[])"
        return words_condition(hits, self.bind(query), self.bind(hits.shared or []))

    def in_mailbox(self, mailbox_id: int) -> str:
        return (
            "exists (select from store_email_mailbox x where x.account_id = %(account)s and x.email_id = e.id"
            f" and x.mailbox_id = {self.bind(mailbox_id)})"
        )

    def in_other_mailbox(self, mailbox_ids: tuple[int, ...]) -> str:
        return (
            "exists (select from store_email_mailbox x where x.account_id = %(account)s and x.email_id = e.id"
            f" and x.mailbox_id <> all({self.bind(list(mailbox_ids))}::bigint[]))"
        )

    def has_keyword(self, keyword: str, table: str = "e") -> str:
        bit = FLAG_BITS.get(keyword.lower())
        if self._viewer is not None and keyword.lower() in PERSONAL:
            return f"({personal_flags(table)}) & {bit} <> 0"
        if bit is not None:
            return f"{table}.flags & {bit} <> 0"
        return f"coalesce({table}.keywords @> array[{self.bind(keyword.lower())}::text], false)"

    def has_header(self, header: tuple[str, ...]) -> str:
        self.needs_message = True
        return header_condition(header, self.bind)

    def some_in_thread(self, keyword: str) -> str:
        return (
            "exists (select from store_email t where t.account_id = %(account)s and t.thread_id = e.thread_id"
            f" and {self.has_keyword(keyword, 't')})"
        )

    def all_in_thread(self, keyword: str) -> str:
        return (
            "not exists (select from store_email t where t.account_id = %(account)s and t.thread_id = e.thread_id"
            f" and not ({self.has_keyword(keyword, 't')}))"
        )


_CONDITIONS: Final[dict[str, Callable[[FilterSql, Any], str]]] = {
    "in_mailbox": FilterSql.in_mailbox,
    "in_mailbox_other_than": FilterSql.in_other_mailbox,
    "before": lambda sql, moment: f"e.received_at < {sql.bind(moment)}",
    "after": lambda sql, moment: f"e.received_at >= {sql.bind(moment)}",
    "min_size": lambda sql, size: f"e.size >= {sql.bind(size)}",
    "max_size": lambda sql, size: f"e.size < {sql.bind(size)}",
    "all_in_thread_have_keyword": FilterSql.all_in_thread,
    "some_in_thread_have_keyword": FilterSql.some_in_thread,
    "none_in_thread_have_keyword": lambda sql, keyword: f"not {sql.some_in_thread(keyword)}",
    "has_keyword": FilterSql.has_keyword,
    "not_keyword": lambda sql, keyword: f"not ({sql.has_keyword(keyword)})",
    "has_attachment": lambda _, wanted: "e.has_attachment" if wanted else "not e.has_attachment",
    "header": FilterSql.has_header,
}

_MESSAGE_SORTS: Final = {
    "sentAt": "coalesce(g.sent_at, e.received_at)",
    "subject": "g.subject_key collate store_reading_order",
    "from": "g.from_key collate store_reading_order",
    "to": "g.to_key collate store_reading_order",
}


class Names(msgspec.Struct, frozen=True):
    """Where a listing finds the columns that both driving tables have."""

    email_id: str
    thread_id: str
    received_at: str


EMAIL_NAMES: Final = Names("e.id", "e.thread_id", "e.received_at")
MAILBOX_NAMES: Final = Names("m.email_id", "m.thread_id", "m.received_at")


class Order(msgspec.Struct, frozen=True):
    """ORDER BY of a sort, and of the same results from the last to the first."""

    forwards: str
    backwards: str


def order_by(sql: FilterSql, sort: tuple[Comparator, ...], names: Names) -> Order:
    """The order of a sort (rfc8621#4.4.2); the email's age and id make it total. Raises `UnsupportedSort`."""
    terms: list[tuple[str, str, str]] = []
    ways = ("desc", "asc")
    for key in sort:
        ways = ("asc", "desc") if key.is_ascending else ("desc", "asc")
        if key.property == "receivedAt":
            break  # nothing after it can matter but the id
        terms.append((_sort_expression(sql, key), *ways))
        ways = ("desc", "asc")
    terms += [(names.received_at, *ways), (names.email_id, *ways)]
    forwards, backwards = ([f"{term[0]} {term[way]}" for term in terms] for way in (1, 2))
    return Order(", ".join(forwards), ", ".join(backwards))


def _sort_expression(sql: FilterSql, key: Comparator) -> str:
    if key.property == "size":
        return "e.size"
    if key.property in _MESSAGE_SORTS:
        sql.needs_message = True
        return _MESSAGE_SORTS[key.property]
    if key.keyword is None:
        raise UnsupportedSort(key.property)
    if key.property == "hasKeyword":
        return f"({sql.has_keyword(key.keyword)})"
    if key.property == "allInThreadHaveKeyword":
        return f"({sql.all_in_thread(key.keyword)})"
    if key.property == "someInThreadHaveKeyword":
        return f"({sql.some_in_thread(key.keyword)})"
    raise UnsupportedSort(key.property)
