"""Email/queryChanges (rfc8621#4.5): exact for every filter and sort, and read no further than the changes reach.

Whatever changed is looked at by name: what matches now is known without reading the list. Only to tell at which index
it stands is the list read, from its first result to the last that changed. So one new letter at the top of an inbox
costs one page, however many letters lie below.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from pirab.core import db
from pirab.store.errors import CannotCalculateChanges, TooManyChanges
from pirab.store.queries.changes import changes
from pirab.store.queries.listing import Listing, in_order, up_to
from pirab.store.types import ChangeSet, EmailQuery, FilterCondition, FilterOperator, ObjectType, QueryDelta

_IN_THREAD: Final = (
    "all_in_thread_have_keyword",
    "some_in_thread_have_keyword",
    "none_in_thread_have_keyword",
)
_MUTABLE: Final = (*_IN_THREAD, "in_mailbox", "in_mailbox_other_than", "has_keyword", "not_keyword")
_FIXED_SORTS: Final = frozenset({"receivedAt", "size", "sentAt", "subject", "from", "to"})


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
    listing = Listing(account_id, query, viewer)
    touched = _touched(listing, query, since, emails)
    if max_changes is not None and len(touched) > max_changes:
        raise TooManyChanges()
    added = _places(listing, query, touched, up_to_id)
    if max_changes is not None and len(touched) + len(added) > max_changes:
        raise TooManyChanges()
    total = None
    if query.calculate_total:
        _, counters = listing.state()
        total = listing.total(query.collapse_threads, counters)
    return QueryDelta(since_query_state, str(emails.new_state), total, sorted(touched), added)


def _touched(listing: Listing, query: EmailQuery, since: int, emails: ChangeSet) -> set[int]:
    """Every email whose place in the results may have changed."""
    touched = {*emails.created, *emails.updated, *emails.destroyed}
    if not (query.collapse_threads or _looks_at_threads(query)):
        return touched
    updated = changes(listing.account_id, ObjectType.THREAD, since).updated
    threads = _threads_of(listing.account_id, touched) | set(updated)
    if _looks_at_threads(query):
        return touched | _in_threads(listing.account_id, threads)
    # What nobody touched matched then if it matches now, and stood where it stands: of a thread only the first of those
    # may stand, or have stood, for it.
    return touched | {email_id for email_id, _ in listing.firsts(threads, touched)}


def _places(
    listing: Listing, query: EmailQuery, touched: set[int], up_to_id: int | None
) -> list[tuple[int, int]]:
    """Which of the touched emails are results now, and where."""
    # Where threads collapse, `touched` holds the first of each: see `_touched`.
    present = set(in_order(listing.among(touched), query.collapse_threads)) if touched else set()
    if not present:
        return []
    last = None if up_to_id is None or _is_mutable(query) or not listing.among([up_to_id]) else up_to_id
    ids = up_to(listing, query, present if last is None else {last})
    end = len(ids) if last is None else ids.index(last) + 1
    return [(email_id, index) for index, email_id in enumerate(ids[:end]) if email_id in present]


def _threads_of(account_id: int, email_ids: Collection[int]) -> set[int]:
    found = db.rows(_THREADS_OF, {"account": account_id, "emails": list(email_ids)})
    return {thread_id for (thread_id,) in found}


def _in_threads(account_id: int, thread_ids: Collection[int]) -> set[int]:
    """Every email of these threads: whether it matches may hang on any other of them."""
    found = db.rows(_IN_THREADS, {"account": account_id, "threads": list(thread_ids)})
    return {email_id for (email_id,) in found}


# Emails and threads by name: on skewed accounts a plan for "any of these" may read the whole account.
_THREADS_OF: Final = """
    select distinct t.thread_id from unnest(%(emails)s::bigint[]) as u(id)
     cross join lateral (select thread_id from store_email where account_id = %(account)s and id = u.id offset 0) t
"""

_IN_THREADS: Final = """
    select e.id from unnest(%(threads)s::bigint[]) as wanted(id)
     cross join lateral (select id from store_email where account_id = %(account)s and thread_id = wanted.id
                         offset 0) e
"""


def _looks_at_threads(query: EmailQuery) -> bool:
    return _asks_for(query.filter, _IN_THREAD) or any("InThread" in key.property for key in query.sort)


def _is_mutable(query: EmailQuery) -> bool:
    """Whether filter or sort look at something that can change in an email that stays (rfc8620#5.6 upToId)."""
    sorts = {key.property for key in query.sort}
    return query.collapse_threads or _asks_for(query.filter, _MUTABLE) or not sorts <= _FIXED_SORTS


def _asks_for(wanted: FilterOperator | FilterCondition | None, names: tuple[str, ...]) -> bool:
    if isinstance(wanted, FilterOperator):
        return any(_asks_for(condition, names) for condition in wanted.conditions)
    return wanted is not None and any(getattr(wanted, name) is not None for name in names)
