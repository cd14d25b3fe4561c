"""The latest thing a person's filters could not do, for them to see beside their rules."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import msgspec

from pirab.core import db

LONGEST: Final = 500


class TroubleNote(msgspec.Struct, frozen=True):
    """What went wrong, and when (aware UTC)."""

    happened_at: datetime
    description: str


def note(account_id: int, description: str, now: datetime) -> None:
    """Put it down in place of the one before."""
    db.execute(
        """
        insert into filtering_trouble (account_id, happened_at, description) values (%s, %s, %s)
        on conflict (account_id) do update
           set happened_at = excluded.happened_at, description = excluded.description
        """,
        (account_id, now, description.replace("\0", "")[:LONGEST]),
    )


def latest(account_id: int) -> TroubleNote | None:
    """The latest trouble, or None."""
    found = db.row(
        "select happened_at, description from filtering_trouble where account_id = %s", (account_id,)
    )
    return None if found is None else TroubleNote(*found)


def clear(account_id: int) -> None:
    """Forget it: the rules have changed."""
    db.execute("delete from filtering_trouble where account_id = %s", (account_id,))
