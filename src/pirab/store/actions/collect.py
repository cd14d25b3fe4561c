"""Removing what nobody holds any more. The bytes themselves are the blob collector's work."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from pirab.core import clock, db
from pirab.store.queries.messages import decode_envelope
from pirab.store.references import thread_references

UPLOAD_LIFETIME: Final = timedelta(hours=24)
"""How long an upload that no message uses stays (rfc8620#6.1 asks for at least an hour)."""

BATCH: Final = 1_000


def collect_messages(grace: timedelta) -> int:
    """Delete messages that nobody has held for `grace`; returns how many."""
    total, before = 0, clock.now() - grace
    while True:
        with db.transaction():
            candidates = [row[0] for row in db.rows(_CANDIDATES, (before, BATCH))]
            total += _collect(candidates)
        if len(candidates) < BATCH:
            return total


def expire_uploads() -> int:
    """Forget uploads older than `UPLOAD_LIFETIME`; returns how many."""
    return db.execute("delete from store_upload where created_at < %s", (clock.now() - UPLOAD_LIFETIME,))


_CANDIDATES: Final = """
    delete from store_orphan where message_id in
        (select message_id from store_orphan where since < %s limit %s for update skip locked)
    returning message_id
"""


def _collect(candidates: list[int]) -> int:
    # Filing an email locks the message FOR KEY SHARE. Take the opposite lock first and look for holders in a second
    # statement: its snapshot sees every email that was filed before we had the lock, and none can come after.
    locked = db.rows(
        "select id, envelope from store_message where id = any(%s::bigint[]) order by id for update skip locked",
        (candidates,),
    )
    gone = {
        row[0]
        for row in db.rows(
            """
            delete from store_message g where g.id = any(%s::bigint[])
               and not exists (select from store_email e where e.message_id = g.id)
               and not exists (select from store_removed_email r where r.message_id = g.id)
               and not exists (select from store_fanout f where f.message_id = g.id and f.state = 'open')
               and not exists (select from store_message_hold h where h.message_id = g.id)
            returning g.id
            """,
            ([message_id for message_id, _ in locked],),
        )
    }
    db.execute("delete from store_message_text where message_id = any(%s::bigint[])", (list(gone),))
    db.execute("delete from store_message_search where message_id = any(%s::bigint[])", (list(gone),))
    refs = [
        (ref, is_own, message_id)
        for message_id, envelope in locked
        if message_id in gone
        for is_own, found in zip((True, False), thread_references(decode_envelope(envelope)), strict=True)
        for ref in found
    ]
    if refs:
        hashes, owns, messages = (list(column) for column in zip(*refs, strict=True))
        db.execute(
            """
            delete from store_message_ref r
             using unnest(%s::bigint[], %s::boolean[], %s::bigint[]) as gone(ref, is_own, message_id)
             where (r.ref, r.is_own, r.message_id) = (gone.ref, gone.is_own, gone.message_id)
            """,
            (hashes, owns, messages),
        )
    return len(gone)
