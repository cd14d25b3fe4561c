"""Keeping a message that stands in nobody's mailbox (yet): a letter that waits for a moderator, one on its way out."""

from __future__ import annotations

from typing import Final

from pirab.core import clock, db


def hold_message(message_id: int) -> int:
    """Keep the message until `let_go`; returns the hold's key. Part of the caller's transaction, if there is one."""
    hold_id: int = db.scalar(_HOLD, (message_id, clock.now()))
    return hold_id


def let_go(hold_id: int) -> None:
    """The message is no longer kept for this; one that nobody else holds is collected in time. Harmless to repeat."""
    db.execute(_LET_GO, {"hold": hold_id, "now": clock.now()})


_HOLD: Final = "insert into store_message_hold (message_id, held_at) values (%s, %s) returning id"

_LET_GO: Final = """
    with gone as (delete from store_message_hold where id = %(hold)s returning message_id)
    insert into store_orphan (message_id, since) select message_id, %(now)s from gone
    on conflict (message_id) do update set since = excluded.since
"""
