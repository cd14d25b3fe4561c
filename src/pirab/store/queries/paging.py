"""Email/query (rfc8621#4.4): one page of the results, read from the end it is nearer to, and little more than it."""

from __future__ import annotations

from typing import Final

from pirab.store.errors import AnchorNotFound
from pirab.store.queries.listing import Listing, in_order, one_a_thread, up_to
from pirab.store.types import EmailQuery, QueryPage

OVERFETCH: Final = 3
"""How many rows are read for one wanted when threads collapse; four times as many until it is enough."""
NEAR: Final = 100
"""Where threads collapse, so many results from the end are cheaper to find from there: each thread is a look-up."""
DEEP: Final = 1_000
"""From this position on it pays to know the total: the page may lie behind the end, or nearer to it."""


def query_emails(account_id: int, query: EmailQuery, *, viewer: int | None = None) -> QueryPage:
    """One page of the emails that match, in order. Raises `AnchorNotFound`, `UnsupportedFilter`, `UnsupportedSort`.

    `viewer` is the person whose own `$seen` and `$flagged` filter and sort look at; None: those of the account itself.
    """
    listing = Listing(account_id, query, viewer)
    email_state, counters = listing.state()
    total = listing.total(query.collapse_threads, counters) if _wants_total(query) else None
    start = _start(listing, query, total or 0)
    ids = _page(listing, query, start, total)
    return QueryPage(ids, start, total, str(email_state))


def _wants_total(query: EmailQuery) -> bool:
    is_far = query.anchor is None and not 0 <= query.position < DEEP
    return query.calculate_total or query.limit is None or is_far


def _start(listing: Listing, query: EmailQuery, total: int) -> int:
    """Index of the first result wanted (rfc8620#5.5: an anchor goes before a position)."""
    if query.anchor is None:
        return query.position if query.position >= 0 else max(0, total + query.position)
    if not listing.among([query.anchor]):
        raise AnchorNotFound()
    ids = up_to(listing, query, {query.anchor})
    if query.anchor not in ids:  # another one stands for its thread
        raise AnchorNotFound()
    return max(0, ids.index(query.anchor) + query.anchor_offset)


def _page(listing: Listing, query: EmailQuery, start: int, total: int | None) -> list[int]:
    """The results from `start` on; `total` is None where nobody needs to know it, and then there is a limit."""
    if total is None:
        assert query.limit is not None
        return _from_start(listing, query, start, query.limit)
    wanted = total - start if query.limit is None else min(query.limit, total - start)
    behind = total - start - wanted
    is_near = behind < start and (not query.collapse_threads or wanted + behind <= NEAR)
    ids = _from_end(listing, query, wanted, behind) if is_near else None
    return _from_start(listing, query, start, wanted) if ids is None else ids


def _from_start(listing: Listing, query: EmailQuery, start: int, wanted: int) -> list[int]:
    if wanted <= 0:
        return []
    if query.collapse_threads:
        fetch, end = (start + wanted) * OVERFETCH, start + wanted
        return one_a_thread(listing, fetch, lambda ids: len(ids) >= end)[start:end]
    return in_order(listing.hits_behind(start, wanted) if start else listing.hits(wanted), collapse=False)


def _from_end(listing: Listing, query: EmailQuery, wanted: int, behind: int) -> list[int] | None:
    """The `wanted` results before the last `behind` ones; None where threads are so long that one look is too few."""
    if wanted <= 0:
        return []
    if not query.collapse_threads:
        return in_order(listing.last_hits(wanted, behind), collapse=False)
    fetch = (wanted + behind) * OVERFETCH
    hits = listing.last_hits(fetch, 0)
    # An email stands for its thread when no other one of it comes before.
    firsts = {email_id for email_id, _ in listing.firsts({thread_id for _, thread_id in hits}, ())}
    ids = [email_id for email_id, _ in hits if email_id in firsts]
    if len(ids) < wanted + behind and len(hits) == fetch:
        return None
    end = max(0, len(ids) - behind)
    return ids[max(0, end - wanted) : end]
