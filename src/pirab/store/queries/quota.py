"""Who has crossed a level of fullness."""

from __future__ import annotations

from typing import Final

from pirab.core import db
from pirab.store.quota_levels import CLEARLY_BELOW, SOFT_PERCENT, WARN_PERCENT, warned_level
from pirab.store.types import QuotaCrossing

# Read from end to end on purpose: 300,000 narrow rows take a tenth of a second, and no delivery pays for an index.
_SUSPECTS: Final = f"""
    select account_id, used_bytes, quota_bytes, quota_warned from store_account
     where (used_bytes * 100 >= quota_bytes * {WARN_PERCENT} and quota_warned < {WARN_PERCENT})
        or (used_bytes * 100 >= quota_bytes * {SOFT_PERCENT} and quota_warned < {SOFT_PERCENT})
        or (quota_warned > 0 and used_bytes * 100 < quota_bytes * (quota_warned - {CLEARLY_BELOW}))
     order by account_id limit %s
"""  # noqa: S608 - numbers of our own


def quota_crossings(limit: int) -> list[QuotaCrossing]:
    """Accounts whose warning is not the one in force, at most `limit`."""
    found = [
        QuotaCrossing(account_id, used, quota, warned, warned_level(used, quota, warned))
        for account_id, used, quota, warned in db.rows(_SUSPECTS, (limit,))
    ]
    return [crossing for crossing in found if crossing.level != crossing.warned]
