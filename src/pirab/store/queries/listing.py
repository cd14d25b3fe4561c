"""Email/query and Email/queryChanges (rfc8621#4.4, #4.5)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import msgspec

from pirab.core import db
from pirab.store.errors import AccountUnknown, AnchorNotFound, CannotCalculateChanges, TooManyChanges
from pirab.store.queries.changes import changes
from pirab.store.queries.filters import EMAIL_NAMES, MAILBOX_NAMES, FilterSql, order_by
from pirab.store.types import (
    EmailQuery,
    FilterCondition,
    FilterOperator,
    ObjectType,
    QueryDelta,
    QueryPage,
)

Filter = FilterOperator | FilterCondition | None
Hit = tuple[int, int]
"""Email id and thread id."""

OVERFETCH: Final = 3
"""How many rows are read for one wanted when threads collapse; doubled until it is enough."""


class _Listing:
    """The SQL of one query, ready to run with different limits."""

    def __init__(self, account_id: int, query: EmailQuery, viewer: int | None = None) -> None:
        wanted, mailbox_id = _split_mailbox(query.filter)
        names = EMAIL_NAMES if mailbox_id is None else MAILBOX_NAMES
        self._sql = FilterSql(account_id, names.email_id, viewer=viewer)
        self._mailbox_id = mailbox_id
        self._is_whole_mailbox = mailbox_id is not None and wanted in (None, FilterCondition())
        where = self._sql.condition(wanted)
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
        body = f"from {source} where {scope} and {where}"
        self._select = f"select {names.email_id}, {names.thread_id} {body} order by {order}"
        self._count = f"select count(*), count(distinct {names.thread_id}) {body}"

    def hits(self, limit: int | None) -> list[Hit]:
        """The first `limit` emails in order, threads not collapsed."""
        params = {**self._sql.params, "limit": limit}
        # How common the words are decides the plan: none may be kept for the next words.
        ask = db.rows_planned_anew if self._sql.looks_for_words else db.rows
        return ask(self._select + " limit %(limit)s", params)

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


def query_emails(account_id: int, query: EmailQuery, *, viewer: int | None = None) -> QueryPage:
    """One page of the emails that match, in order. Raises `AnchorNotFound`, `UnsupportedFilter`, `UnsupportedSort`.

    `viewer` is the person whose own `$seen` and `$flagged` filter and sort look at; None: those of the account itself.
    """
    listing = _Listing(account_id, query, viewer)
    email_state, counters = listing.state()
    state = str(email_state)
    if query.anchor is not None or query.position < 0 or query.limit is None:
        ids = _everything(listing, query)
        start = _start(ids, query)
        end = None if query.limit is None else start + query.limit
        return QueryPage(ids[start:end], start, len(ids), state)
    ids = _first(listing, query, query.position + query.limit)[query.position :]
    total = listing.total(query.collapse_threads, counters) if query.calculate_total else None
    return QueryPage(ids, query.position, total, state)


def query_changes(
    account_id: int,
    query: EmailQuery,
    since_query_state: str,
    max_changes: int | None = None,
    up_to_id: int | None = None,
    *,
    viewer: int | None = None,
) -> QueryDelta:
    """How the results differ from those at `since_query_state`.

    Everything that has changed is in `removed`; what of it is in the results now is in `added` with its index. That is
    exact for every filter and sort, the ones that depend on keywords too. Raises `CannotCalculateChanges`,
    `TooManyChanges`.
    """
    if not since_query_state.isascii() or not since_query_state.isdigit() or len(since_query_state) > 18:
        raise CannotCalculateChanges()
    since = int(since_query_state)
    emails = changes(account_id, ObjectType.EMAIL, since)
    touched = {*emails.created, *emails.updated, *emails.destroyed}
    listing = _Listing(account_id, query, viewer)
    if query.collapse_threads or _looks_at_threads(query):
        touched |= _in_threads(account_id, touched, changes(account_id, ObjectType.THREAD, since).updated)
    ids = _everything(listing, query)
    added = [(email_id, index) for index, email_id in enumerate(ids) if email_id in touched]
    if up_to_id is not None and up_to_id in ids and not _is_mutable(query):
        last = ids.index(up_to_id)
        added = [(email_id, index) for email_id, index in added if index <= last]
    removed = sorted(touched)
    if max_changes is not None and len(removed) + len(added) > max_changes:
        raise TooManyChanges()
    total = len(ids) if query.calculate_total else None
    return QueryDelta(since_query_state, str(emails.new_state), total, removed, added)


def _in_threads(account_id: int, touched: set[int], thread_ids: Iterable[int]) -> set[int]:
    """Every email of the threads that changed: any of them may stand, or have stood, for its thread."""
    return {
        email_id
        for (email_id,) in db.rows(
            """
            select id from store_email where account_id = %(account)s and thread_id in
                (select thread_id from store_email where account_id = %(account)s and id = any(%(emails)s::bigint[])
                 union all select unnest(%(threads)s::bigint[]))
            """,
            {"account": account_id, "emails": list(touched), "threads": list(thread_ids)},
        )
    }


def _looks_at_threads(query: EmailQuery) -> bool:
    text = repr(query.filter)
    names = ("all_in_thread_have_keyword", "some_in_thread_have_keyword", "none_in_thread_have_keyword")
    return any(f"{name}='" in text or f'{name}="' in text for name in names) or any(
        "InThread" in key.property for key in query.sort
    )


def _is_mutable(query: EmailQuery) -> bool:
    """Whether filter or sort look at something that can change in an email that stays (rfc8620#5.6 upToId)."""
    simple = isinstance(query.filter, FilterCondition) or query.filter is None
    keys = {key.property for key in query.sort}
    return query.collapse_threads or not simple or not keys <= {"receivedAt", "size", "sentAt", "subject"}


def _everything(listing: _Listing, query: EmailQuery) -> list[int]:
    return _in_order(listing.hits(None), query.collapse_threads)


def _first(listing: _Listing, query: EmailQuery, wanted: int) -> list[int]:
    """At least `wanted` ids where there are so many, reading little more than needed."""
    if wanted <= 0:
        return []
    if not query.collapse_threads:
        return _in_order(listing.hits(wanted), False)
    fetch = wanted * OVERFETCH
    while True:
        hits = listing.hits(fetch)
        ids = _in_order(hits, True)
        if len(ids) >= wanted or len(hits) < fetch:
            return ids[:wanted]
        fetch *= 4


def _in_order(hits: list[Hit], collapse: bool) -> list[int]:
    if not collapse:
        return [email_id for email_id, _ in hits]
    firsts: dict[int, int] = {}
    for email_id, thread_id in hits:
        firsts.setdefault(thread_id, email_id)
    return list(firsts.values())


def _start(ids: list[int], query: EmailQuery) -> int:
    """Index of the first result wanted (rfc8620#5.5)."""
    if query.anchor is not None:
        try:
            return max(0, ids.index(query.anchor) + query.anchor_offset)
        except ValueError:
            raise AnchorNotFound() from None
    return max(0, len(ids) + query.position) if query.position < 0 else query.position


def _split_mailbox(wanted: Filter) -> tuple[Filter, int | None]:
    """The mailbox that must hold every result, and what else is asked of it."""
    if not isinstance(wanted, FilterCondition) or wanted.in_mailbox is None:
        return wanted, None
    return msgspec.structs.replace(wanted, in_mailbox=None), wanted.in_mailbox
