"""The results of an Email/query (rfc8621#4.4) in order, from either end, and as many as are asked for."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Final

import msgspec

from pirab.core import db
from pirab.store.errors import AccountUnknown
from pirab.store.queries.filters import EMAIL_NAMES, MAILBOX_NAMES, FilterSql, order_by
from pirab.store.types import EmailQuery, FilterCondition, FilterOperator

Filter = FilterOperator | FilterCondition | None
Hit = tuple[int, int]
"""Email id and thread id."""

FIRST_LOOK: Final = 200
"""Rows read at first to find where some email stands; four times as many until it is there."""


class Listing:
    """The SQL of one query, ready to run with different limits."""

    def __init__(self, account_id: int, query: EmailQuery, viewer: int | None = None) -> None:
        wanted, mailbox_id = _split_mailbox(query.filter)
        names = EMAIL_NAMES if mailbox_id is None else MAILBOX_NAMES
        self.account_id = account_id
        self._sql = FilterSql(account_id, names.email_id, viewer=viewer)
        self._mailbox_id = mailbox_id
        is_unfiltered = wanted in (None, FilterCondition()) and query.older_than is None
        self._is_whole_mailbox = mailbox_id is not None and is_unfiltered
        where = self._sql.condition(wanted)
        if query.older_than is not None:
            moment, email_id = (self._sql.bind(value) for value in query.older_than)
            where = f"({names.received_at}, {names.email_id}) < ({moment}, {email_id}) and {where}"
        if mailbox_id is None:
            source, scope = "store_email e", "e.account_id = %(account)s"
        else:
            scope = f"m.account_id = %(account)s and m.mailbox_id = {self._sql.bind(mailbox_id)}"
            is_plain = self._is_whole_mailbox and (not query.sort or query.sort[0].property == "receivedAt")
            # index store_email_mailbox_list alone answers the plain case
            source = "store_email_mailbox m" if is_plain else _JOINED_MAILBOX
        order = order_by(self._sql, query.sort, names)
        if self._sql.needs_message:
            source += " join store_message g on g.id = e.message_id"
        touched = _TOUCHED if mailbox_id is None else _touched_in(scope)
        if self._sql.needs_message:
            touched += " join store_message g on g.id = e.message_id"
        columns = f"{names.email_id}, {names.thread_id}"
        self._among = f"select {columns} from {touched} where {scope} and {where} order by {order.forwards}"  # noqa: S608
        self._firsts = (
            f"select distinct on ({names.thread_id}) {columns} from {_of_threads(scope, mailbox_id)}"  # noqa: S608
            f"{' join store_message g on g.id = e.message_id' if self._sql.needs_message else ''}"
            f" where {scope} and {where} and e.id <> all(%(touched)s::bigint[])"
            f" order by {names.thread_id}, {order.forwards}"
        )
        body = f"from {source} where {scope} and {where}"
        self._select = f"select {columns} {body}"
        self._others = f" and {names.thread_id} <> all(%(seen)s::bigint[])"
        self._forwards = f" order by {order.forwards}"
        self._backwards = f" order by {order.backwards}"
        self._count = f"select count(*), count(distinct {names.thread_id}) {body}"

    def hits(self, limit: int, seen: Collection[int] = ()) -> list[Hit]:
        """The first `limit` emails in order, threads not collapsed; those of the threads in `seen` left out."""
        others = self._others if seen else ""
        return self._some(others + self._forwards, limit, {"seen": list(seen)})

    def hits_behind(self, behind: int, limit: int) -> list[Hit]:
        """`limit` emails in order behind the first `behind` ones, threads not collapsed."""
        return self._some(f"{self._forwards} offset %(offset)s", limit, {"offset": behind})

    def last_hits(self, limit: int, before: int) -> list[Hit]:
        """The last `limit` emails before the last `before` ones, in order too: reads from the end."""
        return self._some(f"{self._backwards} offset %(offset)s", limit, {"offset": before})[::-1]

    def _some(self, rest: str, limit: int, values: dict[str, object]) -> list[Hit]:
        params = {**self._sql.params, **values, "limit": limit}
        # How common the words are decides the plan: none may be kept for the next words.
        ask = db.rows_planned_anew if self._sql.looks_for_words else db.rows
        return ask(f"{self._select}{rest} limit %(limit)s", params)

    def among(self, email_ids: Collection[int]) -> list[Hit]:
        """Those of these emails that match, in order: reads them and no others."""
        params = {**self._sql.params, "touched": list(email_ids)}
        ask = db.rows_planned_anew if self._sql.looks_for_words else db.rows
        return ask(self._among, params)

    def firsts(self, thread_ids: Collection[int], touched: Collection[int]) -> list[Hit]:
        """Of each of these threads the first email that matches, those in `touched` left out."""
        params = {**self._sql.params, "threads": list(thread_ids), "touched": list(touched)}
        ask = db.rows_planned_anew if self._sql.looks_for_words else db.rows
        return ask(self._firsts, params)

    def total(self, collapse: bool, counters: tuple[int, int]) -> int:
        """How many results there are; for a whole mailbox its `counters` (emails, threads) say so."""
        if self._is_whole_mailbox:
            return counters[collapse]
        return int(db.rows(self._count, self._sql.params)[0][collapse])

    def state(self) -> tuple[int, tuple[int, int]]:
        """The account's Email state, and the counters of the mailbox the query is about. Raises `AccountUnknown`."""
        found = db.row(_STATE, {"account": self._sql.params["account"], "mailbox": self._mailbox_id})
        if found is None:
            raise AccountUnknown()
        return found[0], (found[1] or 0, found[2] or 0)


# One round trip for both: a list of mail is opened more often than anything else happens.
_STATE: Final = """
    select a.email_state, b.total_emails, b.total_threads
      from store_account a left join store_mailbox b on b.account_id = %(account)s and b.id = %(mailbox)s
     where a.account_id = %(account)s
"""

_JOINED_MAILBOX: Final = (
    "store_email_mailbox m cross join lateral"
    " (select * from store_email where account_id = %(account)s and id = m.email_id offset 0) e"
)


# By name, one after the other: a plan for "any of these" may read the whole account.
_TOUCHED: Final = (
    "unnest(%(touched)s::bigint[]) as u(id) cross join lateral"
    " (select * from store_email where account_id = %(account)s and id = u.id offset 0) e"
)


def _touched_in(scope: str) -> str:
    return (
        f"{_TOUCHED} cross join lateral (select * from store_email_mailbox m"  # noqa: S608
        f" where {scope} and m.email_id = u.id offset 0) m"
    )


def _of_threads(scope: str, mailbox_id: int | None) -> str:
    emails = (
        "unnest(%(threads)s::bigint[]) as u(id) cross join lateral"
        " (select * from store_email where account_id = %(account)s and thread_id = u.id offset 0) e"
    )
    if mailbox_id is None:
        return emails
    return (
        f"{emails} cross join lateral (select * from store_email_mailbox m"  # noqa: S608
        f" where {scope} and m.email_id = e.id offset 0) m"
    )


def up_to(listing: Listing, query: EmailQuery, wanted: set[int]) -> list[int]:
    """The results from the first one on, as far as needed to see all of `wanted`; all of them where one is missing."""
    if query.collapse_threads:
        return one_a_thread(listing, FIRST_LOOK, wanted.issubset)
    fetch = FIRST_LOOK
    while True:
        hits = listing.hits(fetch)
        ids = in_order(hits, collapse=False)
        if wanted.issubset(ids) or len(hits) < fetch:
            return ids
        fetch *= 4


def one_a_thread(listing: Listing, fetch: int, is_enough: Callable[[Collection[int]], bool]) -> list[int]:
    """The results from the first one on, the first email of each thread; read until `is_enough`, or all of them.

    Threads that are in already are passed over where they lie: one of thousands of letters is not carried here.
    """
    firsts: dict[int, int] = {}
    while True:
        hits = listing.hits(fetch, firsts)
        for email_id, thread_id in hits:
            firsts.setdefault(thread_id, email_id)
        if len(hits) < fetch or is_enough(firsts.values()):
            return list(firsts.values())
        fetch *= 4


def in_order(hits: list[Hit], collapse: bool) -> list[int]:
    """Their emails; where threads collapse, the first one of each thread."""
    if not collapse:
        return [email_id for email_id, _ in hits]
    firsts: dict[int, int] = {}
    for email_id, thread_id in hits:
        firsts.setdefault(thread_id, email_id)
    return list(firsts.values())


def _split_mailbox(wanted: Filter) -> tuple[Filter, int | None]:
    """The mailbox that must hold every result, and what else is asked of it."""
    if not isinstance(wanted, FilterCondition) or wanted.in_mailbox is None:
        return wanted, None
    return msgspec.structs.replace(wanted, in_mailbox=None), wanted.in_mailbox
