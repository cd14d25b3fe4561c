"""How far letters to many have come."""

from __future__ import annotations

from typing import Final

from pirab.core import db
from pirab.store.errors import FanoutNotFound
from pirab.store.types import DeliveryStatus, FanoutProgress, FanoutState


def fanout_progress(fanout_id: int) -> FanoutProgress:
    """The counts of a fan-out as of now; raises `FanoutNotFound`."""
    found = db.row(_PROGRESS, (fanout_id,))
    if found is None:
        raise FanoutNotFound(str(fanout_id))
    message_id, state, total, *counts = found
    return FanoutProgress(fanout_id, message_id, FanoutState(state), total, *counts)


_PROGRESS: Final = """
    select f.message_id, f.state, f.total, coalesce(sum(c.stored), 0)::int, coalesce(sum(c.duplicates), 0)::int,
           coalesce(sum(cardinality(c.over_quota)), 0)::int, coalesce(sum(cardinality(c.unknown)), 0)::int
      from store_fanout f left join store_fanout_chunk c on c.fanout_id = f.id
     where f.id = %s group by f.id
"""


def fanout_left_out(fanout_id: int) -> dict[int, DeliveryStatus]:
    """The accounts that could not get the letter, and why: OVER_QUOTA or NO_ACCOUNT."""
    left: dict[int, DeliveryStatus] = {}
    for full, unknown in db.rows(
        "select over_quota, unknown from store_fanout_chunk where fanout_id = %s and stored is not null",
        (fanout_id,),
    ):
        left.update(dict.fromkeys(full, DeliveryStatus.OVER_QUOTA))
        left.update(dict.fromkeys(unknown, DeliveryStatus.NO_ACCOUNT))
    return left


def open_fanouts() -> list[int]:
    """Fan-outs with accounts waiting, the oldest first."""
    return [row[0] for row in db.rows("select id from store_fanout where state = 'open' order by id")]
