"""What the worker does for exports."""

from __future__ import annotations

import time
from typing import Final

from pirab.core import jobs, log
from pirab.transfer import actions, queries
from pirab.transfer.errors import ExportNotFound
from pirab.transfer.planning import plan_some
from pirab.transfer.types import ExportState

TURN_SECONDS: Final = 10.0
"""After so long an export goes to the end of the queue."""

_log = log.get_logger(__name__)


@jobs.task(name=actions.PLAN_TASK)
def plan(account_id: int, export_id: int) -> None:
    """Go on with an export for one turn."""
    end = time.monotonic() + TURN_SECONDS
    while time.monotonic() < end:
        try:
            if plan_some(account_id, export_id) is ExportState.READY:
                return
        except ExportNotFound:
            return  # deleted meanwhile
    actions.ask_to_plan(account_id, export_id)


@jobs.periodic(cron="* * * * *")
@jobs.task(name="transfer.resume", queueing_lock="transfer.resume")
def resume(timestamp: int) -> None:
    """Take up exports that nobody is working on: their worker died between two turns. `timestamp`: the tick."""
    for account_id, export_id in queries.unplanned():
        actions.ask_to_plan(account_id, export_id)


@jobs.periodic(cron="47 19 * * *")  # 02:47 in Bangkok
@jobs.task(name="transfer.forget", lock="transfer.forget")
def forget(timestamp: int) -> None:
    """Forget old exports. `timestamp`: the tick."""
    _log.info("exports forgotten", tick=timestamp, exports=actions.forget_exports())
